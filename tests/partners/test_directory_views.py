"""The directory on the screen: who reads and writes it, its filters, its file, a partner's own page."""

import datetime as dt
import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.urls import reverse
from openpyxl import load_workbook

from beneficiaries.support_enums import Theme
from confluences.enums import Role
from partners.enums import PartnerKind
from tests.beneficiaries.factories import DAY, make_beneficiary, today
from tests.partners.factories import (
    make_contact,
    make_immersion,
    make_partner,
    make_referral,
    make_service,
)
from tests.worksites.factories import make_job, make_worksite

LIST = "partners:list"
RENT = "logement-hebergement--louer-un-logement"
SIRET = "73282932000074"
WRITERS = {Role.SOCIAL_WORKER, Role.ADMINISTRATOR}

pytestmark = pytest.mark.django_db


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


def names(response) -> list[str]:
    return [row.partner.name for row in response.context["rows"]]


def text_of(response) -> str:
    return response.content.decode()


# Rights


@pytest.mark.parametrize("role", Role)
def test_all_read_and_some_write(clients, role):
    partner = make_partner()
    contact, service = make_contact(partner), make_service(partner)
    client = clients[role]
    page = text_of(client.get(partner.get_absolute_url()))
    assert client.get(reverse(LIST)).status_code == HTTPStatus.OK
    for name, pk in (
        ("edit", partner.pk),
        ("contact-create", partner.pk),
        ("service-create", partner.pk),
        ("contact-edit", contact.pk),
        ("service-edit", service.pk),
    ):
        url = reverse(f"partners:{name}", args=[pk])
        assert (url in page) == (role in WRITERS)
        assert (client.get(url).status_code == HTTPStatus.OK) == (role in WRITERS)
    assert (client.get(reverse("partners:create")).status_code == HTTPStatus.OK) == (role in WRITERS)


@pytest.mark.parametrize(
    "name",
    ["detail", "edit", "contact-create", "contact-edit", "contact-delete", "service-edit", "service-delete"],
)
def test_what_is_not_there_does_not_exist(social, name):
    assert social.get(reverse(f"partners:{name}", args=[999])).status_code == HTTPStatus.NOT_FOUND


# List


def test_list_begins_with_those_that_exist(social):
    make_partner(name="Actif")
    make_partner(name="Fermé", closed_on=today())
    assert names(social.get(reverse(LIST))) == ["Actif"]
    assert names(social.get(reverse(LIST), {"standing": "fermes"})) == ["Fermé"]
    assert names(social.get(reverse(LIST), {"standing": ""})) == ["Actif", "Fermé"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "foyer orly"}, ["Foyer"]),
        ({"kind": "housing"}, ["Foyer"]),
        ({"theme": RENT}, ["Foyer"]),
        ({"theme": "logement-hebergement"}, ["Foyer"]),
        ({"place": "orly"}, ["Foyer"]),
        ({"agreement": "ending"}, ["Foyer"]),
        ({"agreement": "in_force"}, ["Foyer"]),
        ({"agreement": "none"}, ["Autre"]),
        ({"q": "!"}, []),
    ],
)
def test_filters(social, query, found):
    make_partner(
        name="Foyer",
        kind=PartnerKind.HOUSING,
        themes=(RENT,),
        city="Orly",
        agreement_start=today() - DAY,
        agreement_end=today() + 60 * DAY,
    )
    make_partner(name="Autre")
    assert names(social.get(reverse(LIST), query)) == found
    assert names(social.get(reverse(LIST), query, headers={"hx-request": "true"})) == found


@pytest.mark.parametrize("name", ["kind", "theme", "agreement", "standing"])
def test_a_filter_that_nobody_offers_is_said(social, name):
    make_partner()
    assert "Sélectionnez un choix valide" in text_of(social.get(reverse(LIST), {name: "rêvé"}))
    url = reverse("partners:export", args=["csv"])
    assert "Ce filtre n’est pas compris" in text_of(social.get(url, {name: "rêvé"}, follow=True))


def test_an_empty_list_says_what_to_do(clients):
    assert "Enregistrer un partenaire" in text_of(clients[Role.SOCIAL_WORKER].get(reverse(LIST)))
    assert "tiennent cet annuaire" in text_of(clients[Role.INSTRUCTOR].get(reverse(LIST)))
    assert "retirez un filtre" in text_of(clients[Role.SOCIAL_WORKER].get(reverse(LIST), {"q": "rien"}))


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same_whatever_the_number(social, django_assert_num_queries, count):
    for _number in range(count):
        partner = make_partner(themes=(RENT,))
        make_service(partner, themes=(RENT,))
        make_referral(partner=partner)
    with django_assert_num_queries(13):
        assert len(names(social.get(reverse(LIST)))) == count


def test_referrals_under_way_are_those_that_the_reader_may_see(clients):
    partner = make_partner()
    make_referral(partner=partner, theme=Theme.HEALTH)
    make_referral(partner=partner, theme=Theme.HOUSING)
    make_referral(partner=partner, status="declined", closed_on=dt.date(2024, 4, 1))
    seen = {role: client.get(reverse(LIST)).context["rows"][0].referrals for role, client in clients.items()}
    assert seen == {
        Role.SOCIAL_WORKER: 2,
        Role.SUPERVISOR: 1,
        Role.INSTRUCTOR: 0,
        Role.ADMINISTRATOR: 0,
    }
    assert "Orientations en cours" not in text_of(clients[Role.INSTRUCTOR].get(reverse(LIST)))


# File


def test_export_holds_the_rows_of_the_filters_and_is_logged(clients):
    partner = make_partner(name="=Foyer", kind=PartnerKind.HOUSING, themes=(RENT,), siret=SIRET)
    make_referral(partner=partner, theme=Theme.HEALTH)
    make_partner(name="Autre")
    query = {"theme": RENT, "kind": "housing"}
    response = clients[Role.SUPERVISOR].get(reverse("partners:export", args=["xlsx"]), query)
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(response.content)).active.rows]
    filters = "Nature : logement ; Thème : Louer un logement ; Partenaires : actifs"
    assert cells[3][:2] == ["Filtres", filters]
    assert [row[:4] for row in cells[6:]] == [
        ["Nom", "Nature", "Thèmes", "SIRET"],
        ["'=Foyer", "logement", "Louer un logement", SIRET],
    ]
    # The one referral is about health.
    assert (cells[6][-1], cells[7][-1]) == ("Orientations en cours", 0)
    entry = LogEntry.objects.get(action=LogEntry.Action.ACCESS)
    assert entry.additional_data["filters"] == filters


def test_instructors_export_without_referrals_and_nobody_exports_nothing(clients):
    client = clients[Role.INSTRUCTOR]
    url = reverse("partners:export", args=["csv"])
    assert "Rien à exporter" in text_of(client.get(url, follow=True))
    make_partner()
    assert "Orientations" not in client.get(url).content.decode("utf-8-sig")
    unknown = client.get(reverse("partners:export", args=["pdf"]))
    assert unknown.status_code == HTTPStatus.NOT_FOUND


# A partner's own page


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_the_same_whatever_it_holds(social, django_assert_num_queries, count):
    partner = make_partner(themes=(RENT,))
    worksite = make_worksite()
    for _number in range(count):
        make_service(partner, themes=(RENT,))
        make_contact(partner)
        make_referral(partner=partner)
        make_immersion(host=partner)
        make_job(worksite, client=partner)
    with django_assert_num_queries(16):
        social.get(partner.get_absolute_url())


def test_page_leads_to_calls_and_mails_and_says_its_names(social):
    partner = make_partner(phone="01 00 00 00 01", email="a@exemple.fr", website="https://exemple.fr")
    partner.former_names.create(name="Ancien", valid_until=dt.date(2015, 3, 31))
    make_contact(partner, phone="+33 1 00 00 00 02", role="accueil")
    page = text_of(social.get(partner.get_absolute_url()))
    for words in (
        'href="tel:0100000001"',
        'href="mailto:a@exemple.fr"',
        'href="tel:+33100000002"',
        "Jusqu’au 31 mars 2015",
        "Ancien",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (-9, None, "convention en vigueur"),
        (-9, 60, "convention jusqu’au"),
        (-9, -1, "convention terminée le"),
        (1, None, "convention à partir du"),
    ],
)
def test_page_says_how_the_agreement_stands(social, start, end, words):
    last = None if end is None else today() + end * DAY
    partner = make_partner(agreement_start=today() + start * DAY, agreement_end=last)
    assert words in text_of(social.get(partner.get_absolute_url()))


def test_page_says_where_its_words_come_from(social):
    partner = make_partner(
        name="Foyer",
        phone="01",
        source="dora",
        source_id="1",
        source_updated_on=dt.date(2026, 2, 1),
        own_fields=["phone"],
    )
    page = text_of(social.get(partner.get_absolute_url()))
    assert "source <strong>dora</strong>, mise à jour du 1er février 2026" in page
    assert "De l’annuaire : nom." in page
    assert "Saisis ici : téléphone." in page
    assert "D’où viennent" not in text_of(social.get(make_partner().get_absolute_url()))


def test_page_shows_what_its_reader_may_see(clients, instructor):
    partner, person = make_partner(), make_beneficiary(last_name="Sante", first_name="Exemple")
    make_referral(person, partner, theme=Theme.HEALTH)
    make_job(make_worksite(), client=partner, title="Haies")
    seen = {role: text_of(client.get(partner.get_absolute_url())) for role, client in clients.items()}
    assert {role: str(person) in page for role, page in seen.items()} == {
        role: role == Role.SOCIAL_WORKER for role in Role
    }
    assert {role: "Haies" in page for role, page in seen.items()} == {
        role: role != Role.INSTRUCTOR for role in Role
    }
    assert "Dernières orientations" not in seen[Role.INSTRUCTOR]
