"""Referrals on the screen: who may do what, filters, one click, two tabs, bad input, exports."""

import io
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from beneficiaries.support_enums import Theme
from confluences.enums import AuditEvent, Role
from partners.enums import Direction, PartnerKind, ReferralStatus
from partners.models import Referral
from partners.referral_actions import save_referral
from tests.beneficiaries.factories import DAY, make_beneficiary, make_step, today
from tests.partners.factories import make_contact, make_partner, make_referral, make_service

pytestmark = pytest.mark.django_db

LIST = reverse("partners:referral-list")


def url(name: str, row) -> str:
    return reverse(f"partners:referral-{name}", args=[row.pk])


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def logged(event: AuditEvent) -> int:
    return sum((entry.additional_data or {}).get("event") == event for entry in LogEntry.objects.all())


def typed(partner, **fields) -> dict[str, str]:
    return {
        "direction": "out",
        "theme": "housing",
        "partner": partner.pk,
        "reason": "Chercher un logement.",
        "on": f"{today()}",
        "due": f"{today() + 15 * DAY}",
    } | fields


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


# Who may do what


@pytest.mark.parametrize("name", ["detail", "edit", "close", "letter"])
def test_health_does_not_exist_for_the_supervisor(clients, name):
    referral = make_referral(theme=Theme.HEALTH)
    codes = [
        clients[role].get(url(name, referral)).status_code for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR)
    ]
    assert codes == [HTTPStatus.OK, HTTPStatus.NOT_FOUND]


def test_nor_in_its_list_export_person_or_finder(clients):
    person = make_beneficiary()
    for theme in (Theme.HEALTH, Theme.HOUSING):
        make_referral(person, make_partner(name=f"Chez {theme}", kind=PartnerKind.HEALTH), theme=theme)
    supervising = clients[Role.SUPERVISOR]
    export = reverse("partners:referral-export", args=["csv"])
    find = reverse("partners:find", args=[person.pk])
    pages = [supervising.get(page).content.decode() for page in (LIST, export, person.get_absolute_url())]
    assert [("Chez housing" in page, "Chez health" in page) for page in pages] == [(True, False)] * 3
    assert supervising.get(f"{find}?theme=health").status_code == HTTPStatus.NOT_FOUND
    assert "Chez health" in clients[Role.SOCIAL_WORKER].get(LIST).content.decode()


def test_reading_health_is_logged(social):
    social.get(make_referral().get_absolute_url())
    assert logged(AuditEvent.READ) == 0
    social.get(make_referral(theme=Theme.HEALTH).get_absolute_url())
    assert logged(AuditEvent.READ) == 1


def test_the_supervisor_reads_and_changes_nothing(clients):
    referral = make_referral()
    html = clients[Role.SUPERVISOR].get(referral.get_absolute_url()).content.decode()
    assert ("Chercher un logement." in html, "Noter la suite" in html, "Créer le lien" in html) == (
        True,
        False,
        False,
    )


def test_somebody_who_does_not_exist(social):
    for name in ("detail", "edit", "close", "letter", "create"):
        assert (
            social.get(reverse(f"partners:referral-{name}", args=[999])).status_code == HTTPStatus.NOT_FOUND
        )
    assert social.get(reverse("partners:find", args=[999])).status_code == HTTPStatus.NOT_FOUND


# The list


@pytest.fixture
def several(social_worker):
    """One of each kind that a filter looks for, by a word of its own."""
    mine = make_beneficiary(referent=social_worker)
    bank = make_partner(name="Banque")
    return {
        "late": make_referral(mine, on=today() - 5 * DAY, due=today() - DAY),
        "silent": make_referral(on=today() - 20 * DAY),
        "budget": make_referral(None, bank, theme=Theme.BUDGET, on=today()),
        "in": make_referral(direction=Direction.IN, on=today()),
        "done": make_referral(on=today(), status=ReferralStatus.DONE, closed_on=today()),
    }


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"late", "silent", "budget", "in", "done"}),
        ("?waiting=late", {"late"}),
        ("?waiting=silent", {"silent"}),
        ("?waiting=unanswered", {"late", "silent"}),
        ("?waiting=open", {"late", "silent", "budget", "in"}),
        ("?theme=budget", {"budget"}),
        ("?direction=in", {"in"}),
        ("?status=done", {"done"}),
        ("?mine=mine", {"late"}),
    ],
)
def test_filters(social, several, query, found):
    rows = social.get(f"{LIST}{query}").context["rows"]
    assert {row.referral for row in rows} == {several[name] for name in found}


def test_filter_by_partner_and_in_words(social, several):
    response = social.get(f"{LIST}?partner={several['budget'].partner_id}&waiting=open")
    assert [row.referral for row in response.context["rows"]] == [several["budget"]]
    assert response.context["filter"].in_words == "Partenaire : Banque ; À suivre : en cours"


@pytest.mark.parametrize("query", ["?theme=zz", "?partner=zz", f"?partner={'9' * 20}", "?waiting=zz"])
def test_a_wrong_filter_says_so(social, several, query):
    response = social.get(f"{LIST}{query}")
    assert (response.status_code, list(response.context["rows"])) == (HTTPStatus.OK, [])
    assert 'role="alert"' in response.content.decode()
    export = social.get(reverse("partners:referral-export", args=["csv"]) + query)
    assert said(export) == ["Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau."]


def test_an_empty_list_says_what_to_do(clients):
    assert "Choisir une personne" in clients[Role.SOCIAL_WORKER].get(LIST).content.decode()
    assert "Les travailleurs sociaux orientent" in clients[Role.SUPERVISOR].get(LIST).content.decode()
    make_referral()
    filtered = clients[Role.SOCIAL_WORKER].get(f"{LIST}?direction=in").content.decode()
    assert "Voir toutes les orientations" in filtered


def test_the_list_alone_where_the_filters_refresh_it(social):
    html = social.get(LIST, headers={"HX-Request": "true"}).content.decode().strip()
    assert html.startswith('<section id="resultats"')


@pytest.mark.parametrize("count", [1, 3])
def test_list_costs_the_same(social, django_assert_num_queries, count):
    for _each in range(count):
        make_referral()
    with django_assert_num_queries(9):
        assert len(social.get(LIST).context["rows"]) == count


def test_export(social):
    person = make_beneficiary()
    make_referral(person, make_partner(name="=Bailleur"), on=today(), due=today(), reason="Un logement")
    make_referral(direction=Direction.IN, on=today())
    response = social.get(reverse("partners:referral-export", args=["xlsx"]) + "?direction=out")
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert rows[3][1] == "Sens : faite vers un partenaire"
    assert rows[6][:4] == ("Salarié en insertion", "Sens", "Partenaire", "Thème")
    [row] = rows[7:]
    assert row[:3] == (str(person), "faite vers un partenaire", "'=Bailleur")
    assert (row[4].date(), row[5], row[7]) == (today(), "Un logement", "envoyée")
    assert logged(AuditEvent.EXPORT) == 1


def test_nothing_to_export(social):
    response = social.get(reverse("partners:referral-export", args=["csv"]))
    assert said(response) == [
        "Rien à exporter : aucune orientation ne correspond à ces filtres. Élargissez-les."
    ]
    assert social.get(reverse("partners:referral-export", args=["ods"])).status_code == HTTPStatus.NOT_FOUND


# New ones


def test_one_click(social, social_worker):
    person, partner = make_beneficiary(), make_partner()
    service, step = make_service(partner), make_step(person)
    sent = {"quick": "1", "theme": "housing", "partner": partner.pk, "service": service.pk, "step": step.pk}
    response = social.post(url("create", person), sent)
    referral = Referral.objects.get()
    assert response.url == referral.get_absolute_url()
    assert (referral.reason, referral.service, referral.step, referral.created_by) == (
        "Demande de rendez-vous : logement.",
        service,
        step,
        social_worker,
    )
    again = social.post(url("create", person), sent)
    assert (again.url, said(again)[-1]) == (response.url, "Cette orientation est déjà en cours : la voici.")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("sent", [{"theme": "zz"}, {"partner": "9" * 30}, {"partner": "abc"}, {"theme": ""}])
def test_one_click_on_what_does_not_exist(social, sent):
    person, partner = make_beneficiary(), make_partner()
    response = social.post(
        url("create", person), {"quick": "1", "theme": "housing", "partner": partner.pk} | sent
    )
    assert (response.status_code, Referral.objects.count()) == (HTTPStatus.NOT_FOUND, 0)


def test_the_form_begins_as_the_proposal_says(social):
    person, partner = make_beneficiary(), make_partner(source="dora", source_id="1")
    service, step = make_service(partner), make_step(person)
    contact = make_contact(partner)
    address = (
        f"{url('create', person)}?theme=housing&partner={partner.pk}&service={service.pk}&step={step.pk}"
    )
    form = social.get(address).context["form"]
    assert [form[name].value() for name in ("theme", "partner", "service", "step", "reason", "due")] == [
        "housing",
        partner.pk,
        service.pk,
        step.pk,
        "Demande de rendez-vous : logement.",
        today() + 15 * DAY,
    ]
    assert list(form.fields["contact"].queryset) == [contact]
    sent = typed(partner, contact=contact.pk, service=service.pk, step=step.pk)
    assert social.post(address, sent).status_code == HTTPStatus.FOUND
    assert Referral.objects.get().contact == contact


def test_whoever_left_the_partner_is_not_offered(social):
    partner = make_partner()
    make_contact(partner, name="Parti", left_on=today())
    address = f"{url('create', make_beneficiary())}?partner={partner.pk}"
    assert "contact" not in social.get(address).context["form"].fields
    here = make_contact(partner, name="Présent")
    assert list(social.get(address).context["form"].fields["contact"].queryset) == [here]


def test_only_partners_of_the_house_are_offered(social):
    ours, national = make_partner(), make_partner(source="dora", source_id="1")
    form = social.get(url("create", make_beneficiary())).context["form"]
    assert list(form.fields["partner"].queryset) == [ours]
    assert "contact" not in form.fields
    make_referral(None, national)
    form = social.get(url("create", make_beneficiary())).context["form"]
    assert set(form.fields["partner"].queryset) == {ours, national}


def test_one_received_from_a_prescriber(social):
    partner = make_partner()
    response = social.post(url("create", make_beneficiary()), typed(partner, direction="in"))
    referral = Referral.objects.get()
    assert (response.url, referral.direction) == (referral.get_absolute_url(), Direction.IN)
    html = social.get(response.url).content.decode()
    assert ("Créer le lien" in html, "Imprimer la lettre" in html) == (False, False)
    assert social.get(url("letter", referral)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "é" * 60_000}, "reason"),
        ({"on": f"{today() + DAY}"}, "on"),
        ({"on": "1901-01-01"}, "on"),
        ({"due": f"{today() - DAY}"}, "due"),
        ({"due": "demain"}, "due"),
        ({"partner": "999999"}, "partner"),
        ({"theme": "zz"}, "theme"),
    ],
)
def test_a_wrong_form_comes_back_filled(social, sent, field):
    response = social.post(url("create", make_beneficiary()), typed(make_partner()) | sent)
    assert (response.status_code, list(response.context["form"].errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [field],
    )
    assert Referral.objects.count() == 0


def test_the_contact_of_the_partner_before_does_not_follow_to_another(social):
    referral = make_referral(on=today())
    referral.contact, referral.service = make_contact(referral.partner), make_service(referral.partner)
    save_referral(referral, by=None)
    other = make_partner()
    response = social.post(url("edit", referral), typed(other, opened_version=referral.version))
    referral.refresh_from_db()
    assert response.status_code == HTTPStatus.FOUND
    assert (referral.partner, referral.contact, referral.service) == (other, None, None)


def test_a_day_whose_year_is_mistyped_is_refused(social):
    partner, far = make_partner(), f"{today() + 400 * DAY}"
    response = social.post(url("create", make_beneficiary()), typed(partner, due=far))
    assert response.context["form"].errors == {
        "due": ["Cette date est dans plus d’un an : vérifiez l’année."]
    }
    sent = {"opened_version": 1, "status": "proposed", "meeting_on": far}
    response = social.post(url("close", make_referral(partner=partner, on=today())), sent)
    assert list(response.context["form"].errors) == ["meeting_on"]


def test_control_characters_do_not_stay(social):
    social.post(url("create", make_beneficiary()), typed(make_partner(), reason="Un\x07 logement\r\n🌳"))
    assert Referral.objects.get().reason == "Un logement\n🌳"


def test_two_tabs(social):
    referral = make_referral(on=today())
    sent = typed(referral.partner, opened_version=1)
    assert (
        social.post(url("edit", referral), sent | {"reason": "Le premier."}).status_code == HTTPStatus.FOUND
    )
    response = social.post(url("edit", referral), sent | {"reason": "Le second."})
    assert response.status_code == HTTPStatus.CONFLICT
    html = response.content.decode()
    assert ("Le premier." in html, "Le second." in html) == (True, True)
    assert Referral.objects.get().reason == "Le premier."


def test_a_partner_who_answers_meanwhile_is_not_overwritten(social):
    referral = make_referral(on=today())
    referral.status, referral.replied_on, referral.reply = ReferralStatus.ACCEPTED, today(), "Venez lundi."
    save_referral(referral, by=None)
    sent = {"opened_version": 1, "status": "cancelled", "closed_on": f"{today()}"}
    response = social.post(url("close", referral), sent)
    assert (response.status_code, Referral.objects.get().status) == (
        HTTPStatus.CONFLICT,
        ReferralStatus.ACCEPTED,
    )
    assert "Venez lundi." in response.content.decode()
