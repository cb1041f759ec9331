"""Partners, contacts and services as they are typed: written, refused, asked about, deleted."""

from http import HTTPStatus

import pytest
from django.urls import reverse

from confluences.actions import save_recorded
from confluences.enums import Role
from partners.models import Contact, Partner, Service, ServiceTheme
from tests.partners.factories import make_partner, make_service
from tests.partners.test_directory_views import RENT, SIRET, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def typed(**fields) -> dict:
    return {"name": "Bailleur d’Exemple", "kind": "housing"} | fields


def test_a_partner_is_written_and_edited(social, social_worker):
    theme = ServiceTheme.objects.get(code=RENT)
    response = social.post(
        reverse("partners:create"),
        typed(
            themes=[theme.pk],
            siret="732 829 320 00074",
            website="exemple.fr",
            former_names="Office, 31/12/2014",
            agreement_start="2026-01-01",
        ),
    )
    partner = Partner.objects.get()
    assert response.url == partner.get_absolute_url()
    assert (partner.siret, partner.website, partner.created_by) == (
        SIRET,
        "https://exemple.fr",
        social_worker,
    )
    assert [each.name for each in partner.former_names.all()] == ["Office"]
    edit = reverse("partners:edit", args=[partner.pk])
    page = text_of(social.get(edit))
    assert "Office, 31/12/2014" in page
    social.post(edit, typed(name="Autre nom", opened_version=1))
    partner.refresh_from_db()
    assert (partner.name, partner.themes.count(), partner.former_names.count()) == ("Autre nom", 0, 0)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Ce champ est obligatoire."),
        ({"siret": "73282932000075"}, "SIRET"),
        ({"postcode": "941"}, "Un code postal a cinq chiffres"),
        ({"agreement_end": "2026-01-01"}, "Indiquez aussi le premier jour de la convention."),
        (
            {"agreement_start": "2026-02-01", "agreement_end": "2026-01-01"},
            "La convention se termine avant de commencer",
        ),
        ({"former_names": "Office"}, "Écrivez le nom, une virgule"),
        ({"former_names": "Office, 31/12/2090"}, "pas encore passé"),
        ({"themes": ["9" * 20]}, "Sélectionnez un choix valide"),
    ],
)
def test_bad_input_comes_back_in_words(social, fields, words):
    response = social.post(reverse("partners:create"), typed(notes="À garder") | fields)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert words in text_of(response)
    assert "À garder" in text_of(response)
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ({"siret": SIRET}, "même SIRET"),
        ({"name": "BAILLEUR d'exemple", "city": "Créteil"}, "même nom, même commune"),
    ],
)
def test_a_double_is_asked_about_then_written(social, known, reason):
    other = make_partner(**known)
    data = typed(siret=SIRET, city="Creteil")
    response = social.post(reverse("partners:create"), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert reason in text_of(response)
    assert other.get_absolute_url() in text_of(response)
    assert social.post(reverse("partners:create"), data | {"distinct": "on"}).status_code == HTTPStatus.FOUND
    # It is not asked again about what stays as it was.
    partner = Partner.objects.latest("pk")
    edit = reverse("partners:edit", args=[partner.pk])
    assert social.post(edit, data | {"notes": "x", "opened_version": 1}).status_code == HTTPStatus.FOUND


def test_the_same_name_elsewhere_is_no_double(social):
    make_partner(name="Bailleur d’Exemple", city="Orly")
    assert social.post(reverse("partners:create"), typed(city="Fresnes")).status_code == HTTPStatus.FOUND


def test_what_is_typed_on_a_national_row_is_ours_and_a_new_address_has_no_old_coordinates(social):
    partner = make_partner(
        name="Foyer",
        source="dora",
        source_id="1",
        city="Orly",
        latitude=48.7,
        longitude=2.4,
        insee_code="94054",
    )
    data = {"name": "Foyer", "kind": "other", "city": "Fresnes", "opened_version": 1}
    social.post(reverse("partners:edit", args=[partner.pk]), data)
    partner.refresh_from_db()
    assert (partner.latitude, partner.insee_code) == (None, "")
    assert partner.own_fields == ["city", "insee_code", "latitude", "longitude"]


def test_two_people_see_both_texts(social):
    partner = make_partner(name="Foyer")
    partner.former_names.create(name="Ancien", valid_until="2014-12-31")
    save_recorded(Partner.objects.get(), by=None)
    data = {"name": "Foyer", "kind": "other", "former_names": "Autre, 31/12/2013", "opened_version": 1}
    response = social.post(reverse("partners:edit", args=[partner.pk]), data)
    assert response.status_code == HTTPStatus.CONFLICT
    conflicts = [(each.label, each.theirs, each.yours) for each in response.context["form"].conflicts]
    assert conflicts == [("Anciens noms", "Ancien, 31/12/2014", "Autre, 31/12/2013")]


def test_a_contact_is_written_edited_and_deleted(social):
    partner = make_partner()
    social.post(reverse("partners:contact-create", args=[partner.pk]), {"name": "Dominique Exemple"})
    contact = Contact.objects.get()
    edit = reverse("partners:contact-edit", args=[contact.pk])
    delete = reverse("partners:contact-delete", args=[contact.pk])
    assert delete in text_of(social.get(edit))
    response = social.post(edit, {"name": "Dominique Exemple", "left_on": "2024-01-01", "opened_version": 1})
    assert response.url == partner.get_absolute_url()
    assert social.post(delete, {"opened_version": 1}).status_code == HTTPStatus.CONFLICT
    assert social.get(delete).status_code == HTTPStatus.OK
    assert social.post(delete, {"opened_version": 2}).url == partner.get_absolute_url()
    assert not Contact.objects.exists()


def test_a_service_is_written_edited_and_deleted(social):
    partner = make_partner()
    theme = ServiceTheme.objects.get(code=RENT)
    data = {"name": "Accueil", "themes": [theme.pk], "description": "Sur place", "how_to_refer": "Appeler"}
    social.post(reverse("partners:service-create", args=[partner.pk]), data)
    service = Service.objects.get()
    assert list(service.themes.all()) == [theme]
    page = text_of(social.get(partner.get_absolute_url()))
    assert "Comment orienter : Appeler" in page
    edit = reverse("partners:service-edit", args=[service.pk])
    social.post(edit, {"name": "Accueil", "opened_version": 1})
    assert not service.themes.exists()
    delete = reverse("partners:service-delete", args=[service.pk])
    assert social.post(delete, {"opened_version": 2}).url == partner.get_absolute_url()
    assert not Service.objects.exists()


def test_a_service_of_the_national_directory_says_so(social):
    service = make_service(source="dora", source_id="1")
    assert "un prochain import met à jour le reste" in text_of(
        social.get(reverse("partners:service-edit", args=[service.pk]))
    )
