"""The directory in the admin, and its imports."""

import datetime as dt

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from confluences.admin_imports import EXAMPLES
from confluences.imports import Fault, import_file
from partners.directory_resources import ContactResource, PartnerResource
from partners.enums import PartnerKind
from partners.models import Contact, Partner, PartnerName, ServiceTheme
from tests.confluences.test_admin import page, posted
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.partners.factories import make_contact, make_partner, make_service

D = dt.date
RENT = "logement-hebergement--louer-un-logement"
SIRET = "73282932000074"
HEADINGS = "Nom;Nature;Commune;SIRET;Téléphone"

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def whole() -> Partner:
    partner = make_partner(themes=(RENT,))
    make_contact(partner)
    make_service(partner, themes=(RENT,))
    return partner


LISTS = [
    ("partners_partner_changelist", 10),
    ("partners_contact_changelist", 8),
    ("partners_service_changelist", 10),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), LISTS, ids=[name for name, _queries in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, queries, count):
    for _number in range(count):
        whole()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_partners_are_counted_and_found_as_in_the_directory(administrator_client):
    partner = whole()
    make_contact(partner)
    PartnerName.objects.create(partner=partner, name="Pôle d’avant", valid_until=D(2015, 1, 1))
    make_partner()
    url = page("partners_partner_changelist")
    [found] = administrator_client.get(url, {"q": "POLE avant"}).context["cl"].result_list
    assert (found, found.contact_count, found.service_count) == (partner, 2, 1)


def test_the_national_directory_is_one_click_away(administrator_client):
    content = administrator_client.get(page("partners_partner_changelist")).content.decode()
    assert f'<a href="{reverse("partners:national-import")}">Annuaire national</a>' in content


@pytest.mark.parametrize(("state", "found"), [("in_force", 1), ("none", 1), ("ended", 0), ("x", 2)])
def test_partners_are_filtered_by_agreement(administrator_client, state, found):
    make_partner(agreement_start=D(2020, 1, 1))
    make_partner()
    response = administrator_client.get(page("partners_partner_changelist"), {"convention": state})
    assert len(response.context["cl"].result_list) == found


def test_a_partner_is_changed_with_its_names_contacts_and_services(administrator_client, administrator):
    partner = whole()
    url = page("partners_partner_change", partner.pk)
    data = posted(administrator_client.get(url)) | {
        "notes": "À jour",
        "former_names-TOTAL_FORMS": 1,
        "former_names-0-name": "Ancien",
        "former_names-0-valid_until": "2015-01-01",
        "contacts-0-role": "direction",
    }
    assert administrator_client.post(url, data).status_code == 302
    partner.refresh_from_db()
    assert (partner.notes, partner.updated_by, partner.version) == ("À jour", administrator, 2)
    assert [each.name for each in partner.former_names.all()] == ["Ancien"]
    assert (Contact.objects.get().role, Contact.objects.get().updated_by) == ("direction", administrator)
    assert partner.themes.count() == 1


def test_what_is_typed_in_the_admin_on_a_national_row_is_ours(administrator_client):
    partner = make_partner(source="dora", source_id="1")
    url = page("partners_partner_change", partner.pk)
    administrator_client.post(url, posted(administrator_client.get(url)) | {"phone": "01"})
    partner.refresh_from_db()
    assert partner.own_fields == ["phone"]


def test_so_is_what_is_typed_of_a_national_service(administrator_client):
    service = make_service(source="dora", source_id="1")
    url = page("partners_service_change", service.pk)
    theme = ServiceTheme.objects.get(code=RENT)
    data = posted(administrator_client.get(url)) | {"fees": "gratuit", "themes": [theme.pk]}
    assert administrator_client.post(url, data).status_code == 302
    service.refresh_from_db()
    assert (service.own_fields, list(service.themes.all())) == (["fees", "themes"], [theme])


# Imports


def test_examples_import_as_they_are_and_change_nothing_the_second_time():
    for resource, rows in ((PartnerResource, 2), (ContactResource, 2)):
        content = (EXAMPLES / f"{resource._meta.name}.csv").read_bytes()
        assert import_file(resource, content, by=None) == rows
        assert import_file(resource, content, by=None) == 0
    partner = Partner.objects.get(name="Exemple de bailleur")
    assert (partner.kind, partner.themes.count(), partner.agreement_end) == (
        PartnerKind.HOUSING,
        2,
        D(2026, 12, 31),
    )
    assert [(each.name, each.valid_until) for each in partner.former_names.all()] == [
        ("Exemple d’office", D(2014, 12, 31))
    ]
    assert str(partner.contacts.get()) == "Dominique Exemple, accueil social"


@pytest.mark.parametrize(
    "line",
    [
        "BAILLEUR;logement;creteil;;02",
        "Bailleur;logement;Créteil;732 829 320 00074;02",
        "Autre nom;logement;Orly;73282932000074;02",
    ],
)
def test_a_partner_is_known_by_its_siret_else_by_its_name_and_town(line):
    partner = make_partner(name="Bailleur", city="Créteil", siret=SIRET)
    assert import_file(PartnerResource, f"{HEADINGS}\n{line}\n".encode(), by=None) == 1
    partner.refresh_from_db()
    assert (Partner.objects.count(), partner.phone) == (1, "02")


@pytest.mark.parametrize("line", ["Bailleur;logement;Orly;;", "Bailleur;logement;Créteil;55208131766522;"])
def test_another_town_or_another_siret_is_another_partner(line):
    make_partner(name="Bailleur", city="Créteil", siret=SIRET)
    assert import_file(PartnerResource, f"{HEADINGS}\n{line}\n".encode(), by=None) == 1
    assert Partner.objects.count() == 2


def test_a_national_row_is_known_by_its_identifier_and_what_the_file_changes_is_ours():
    partner = make_partner(name="Foyer", source="dora", source_id="1")
    text = "Source;Identifiant à la source;Nom;Nature\ndora;1;Foyer d’ici;logement\n"
    assert import_file(PartnerResource, text.encode(), by=None) == 1
    partner.refresh_from_db()
    assert (partner.name, partner.source_id, partner.own_fields) == ("Foyer d’ici", "1", ["name"])
    assert faults_of(text.replace(";1;", ";2;"), PartnerResource) == [
        Fault(
            2,
            "Identifiant à la source",
            "Aucun partenaire n’a cet identifiant : l’annuaire national s’importe sur sa propre page. "
            "Videz cette case pour un partenaire saisi ici.",
        )
    ]


def test_faults_of_partners_say_where_and_what():
    make_partner(name="Double", city="Orly")
    make_partner(name="Double", city="Orly")
    text = (
        "Nom;Nature;Commune;SIRET;Thèmes;Anciens noms;Convention : à partir du;Convention : jusqu’au\n"
        ";logement;;;;;;\n"
        "A;maison;;73282932000075;;;;\n"
        "B;logement;;;Addictions / Jardinage;;;\n"
        "C;logement;;;;Office;;\n"
        "Double;logement;Orly;;;;;\n"
        "D;logement;;;;;01/02/2026;01/01/2026\n"
        "E;logement;;;;;;\n"
        "é;logement;;;;;;\n"
    )
    found = [
        (fault.row, fault.column, fault.message.partition(" Valeurs")[0])
        for fault in faults_of(text, PartnerResource)
    ]
    assert found == [
        (2, "Nom", "Cette case est vide et doit être remplie."),
        (3, "Nature", "« maison » n’est pas accepté."),
        (3, "SIRET", "Ce SIRET ne se vérifie pas : recopiez ses 14 chiffres."),
        (4, "Thèmes", "« Jardinage » n’est pas un thème."),
        (
            5,
            "Anciens noms",
            "« Office » n’est pas compris. Écrivez le nom, une virgule, puis son dernier jour : Pôle emploi, 31/12/2023.",
        ),
        (6, "", "Plusieurs partenaires sont « Double » : écrivez le SIRET, ou corrigez-les à la main."),
        (7, "", "La convention se termine avant de commencer : vérifiez les deux dates."),
        (9, "", "Cette ligne répète la ligne 8. Gardez-en une seule."),
    ]
    assert Partner.objects.count() == 2


def test_faults_of_contacts():
    make_partner(name="Mairie", city="Orly")
    make_partner(name="Mairie", city="Fresnes")
    text = "Partenaire;Nom\nInconnu;A\nMairie;B\nMairie, Orly;C\n"
    assert faults_of(text, ContactResource) == [
        Fault(
            2,
            "Partenaire",
            "« Inconnu » n’est pas un partenaire. Corrigez le nom, ou importez d’abord les partenaires.",
        ),
        Fault(
            3,
            "Partenaire",
            "Plusieurs partenaires s’appellent « Mairie » : ajoutez la commune, ou écrivez le SIRET.",
        ),
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_exports_import_again(administrator_client, file_format):
    partner = make_partner(
        name="Mairie",
        city="Orly",
        siret=SIRET,
        themes=(RENT, "sante--addictions"),
        notes="=1+1",
        agreement_start=D(2026, 1, 1),
    )
    PartnerName.objects.create(partner=partner, name="Commune", valid_until=D(2015, 1, 1))
    make_partner(name="Mairie", city="Fresnes", source="dora", source_id="1")
    make_contact(partner)
    for name, resource in (("partner", PartnerResource), ("contact", ContactResource)):
        content = administrator_client.post(page(f"partners_{name}_export"), {"format": file_format}).content
        assert import_file(resource, content, by=None) == 0


def test_themes_are_the_administrator_s_to_tell_what_they_lift(administrator_client):
    theme = ServiceTheme.objects.get(code=RENT)
    whole()
    rows = (
        administrator_client.get(page("partners_servicetheme_changelist"), {"q": RENT})
        .context["cl"]
        .result_list
    )
    assert [(row.partner_count, row.service_count) for row in rows] == [(1, 1)]
    url = page("partners_servicetheme_change", theme.pk)
    administrator_client.post(url, posted(administrator_client.get(url)) | {"axis": "budget"})
    theme.refresh_from_db()
    assert theme.axis == "budget"
    assert Permission.objects.filter(codename="change_servicetheme").exists()
