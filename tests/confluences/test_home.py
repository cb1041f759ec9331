"""The home page: what each role finds there, in which order, and at what cost."""

import datetime as dt
import re

import pytest
from django.template.defaultfilters import date as formatted_date
from django.urls import reverse
from django.utils import timezone

from beneficiaries.models import Beneficiary
from beneficiaries.support_enums import AppointmentOutcome, FollowUpKind, Theme
from confluences.dates import add_months
from confluences.enums import Role
from confluences.formats import french_date, short_date
from confluences.home_support import WorkerHome
from confluences.models import Draft, User
from confluences.rights import grant
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_beneficiary,
    make_contract,
    make_document,
    make_follow_up,
    make_pass,
    make_running_contract,
    make_step,
    today,
)
from tests.conftest import signed_in_client
from tests.funding.factories import make_instalment, make_obligation
from tests.partners.factories import make_referral
from tests.worksites.factories import make_annex, make_assignment, make_worksite

pytestmark = pytest.mark.django_db


@pytest.fixture
def colleague(db) -> User:
    user = User.objects.create_user("claire@example.org", "x", first_name="Exemple", last_name="Claire")
    grant(user, Role.SOCIAL_WORKER)
    return user


def supported(last_name: str, **fields) -> Beneficiary:
    """Somebody present of whom nothing is due: diagnosed at entry, seen yesterday."""
    person = make_beneficiary(last_name=last_name, **fields)
    contract = make_running_contract(person)
    make_follow_up(person, on=contract.start, kind=FollowUpKind.DIAGNOSIS)
    make_follow_up(person, on=today() - DAY)
    return person


def shown(lines) -> list[tuple]:
    """Who, when and what each line says, and its chip."""
    return [
        (line.person.last_name, line.when, line.what, line.chip and (line.chip.label, line.chip.kind))
        for line in lines
    ]


def home(user, query: str = "") -> WorkerHome:
    return signed_in_client(user).get(f"{reverse('home')}{query}").context["worker"]


def page(user, query: str = "") -> str:
    return signed_in_client(user).get(f"{reverse('home')}{query}").content.decode()


def cards(html: str) -> list[str]:
    return re.findall(r'class="card-title">([^<]*)<', html)


def counts(html: str) -> dict[str, str]:
    """Each figure by its label."""
    found = re.findall(r'class="count-label">(.*?)</p>\s*<p class="count-value">(.*?)</p>', html, re.DOTALL)
    return {re.sub("<.*?>", "", label): re.sub(r"<.*?>|\s", "", value) for label, value in found}


def day_name(day: dt.date) -> str:
    return formatted_date(day, "l j")


# The day


def test_today_by_hour_with_what_is_known_and_the_way_to_write_it_down(social_worker):
    at_nine, whenever, at_noon, held = (supported(name) for name in ("Neuf", "Sans heure", "Midi", "Tenu"))
    make_assignment(at_nine, make_worksite(name="Fresnes"))
    make_appointment(social_worker, held, at=dt.time(8))
    make_follow_up(held, by=social_worker)
    make_appointment(social_worker, whenever)
    make_appointment(social_worker, at_noon, at=dt.time(12), kind=FollowUpKind.RENEWAL)
    nine = make_appointment(social_worker, at_nine, at=dt.time(9, 30), kind=FollowUpKind.MIDTERM)
    make_appointment(social_worker, at_nine, at=dt.time(7), outcome=AppointmentOutcome.CANCELLED)
    found = home(social_worker)
    assert shown(found.day) == [
        ("Tenu", "8\u00a0h", "entretien de suivi · dernier suivi aujourd’hui", ("tenu", "ok")),
        ("Neuf", "9\u00a0h\u00a030", "bilan intermédiaire · dernier suivi hier", None),
        ("Midi", "12\u00a0h", "renouvellement · dernier suivi hier", None),
        ("Sans heure", "sans heure", "entretien de suivi · dernier suivi hier", None),
    ]
    assert [line.worksites for line in found.day] == ["", "Fresnes", "", ""]
    assert found.sentence == "4 entretiens"
    address = reverse("beneficiaries:follow-up-create", args=[at_nine.pk])
    assert f'href="{address}?rendez-vous={nine.pk}"' in page(social_worker)


def test_first_talk_of_somebody(social_worker):
    make_appointment(social_worker, make_beneficiary(last_name="Nouveau"))
    assert shown(home(social_worker).day) == [
        ("Nouveau", "sans heure", "entretien de suivi · premier suivi", None)
    ]


def test_late_is_what_nobody_answered_for_the_oldest_first(social_worker):
    person = supported("Retard")
    make_appointment(social_worker, person, on=today() - 2 * DAY)
    make_appointment(social_worker, person, on=today() - 9 * DAY, outcome=AppointmentOutcome.MISSED)
    make_step(person, due=today() - 4 * DAY, worker=social_worker)
    make_step(person, due=today(), worker=social_worker)
    make_document(person, kind="identity", expires_on=today() - 3 * DAY)
    found = home(social_worker)
    assert shown(found.late) == [
        (
            "Retard",
            short_date(today() - 4 * DAY),
            "démarche : Appeler le bailleur",
            ("il y a 4 jours", "late"),
        ),
        (
            "Retard",
            short_date(today() - 3 * DAY),
            "pièce d’identité : fin de validité",
            ("il y a 3 jours", "late"),
        ),
        (
            "Retard",
            short_date(today() - 2 * DAY),
            "entretien de suivi sans suite : a-t-il eu lieu ?",
            ("il y a 2 jours", "late"),
        ),
    ]
    assert found.sentence == "1 rendez-vous sans suite, 1 démarche en retard, 1 échéance dépassée"


def test_silent_people_the_longest_first(social_worker):
    for name, days in (("Trente", 30), ("Cent", 100), ("Hier", 1)):
        person = make_beneficiary(last_name=name)
        contract = make_running_contract(person)
        make_follow_up(person, on=contract.start, kind=FollowUpKind.DIAGNOSIS)
        make_follow_up(person, on=today() - days * DAY)
    found = home(social_worker)
    assert shown(found.silent) == [
        ("Cent", short_date(today() - 100 * DAY), "dernier suivi", ("il y a 100 jours", "soon")),
        ("Trente", short_date(today() - 30 * DAY), "dernier suivi", ("il y a 30 jours", "soon")),
    ]
    assert (found.late, found.sentence) == ([], "2 personnes sans nouvelles")


def test_week_then_what_follows_and_nothing_twice(social_worker):
    soon, later = supported("Semaine"), make_beneficiary(last_name="Plus tard")
    contract = make_running_contract(later, days_left=50)
    make_follow_up(later, on=contract.start, kind=FollowUpKind.DIAGNOSIS)
    make_follow_up(later, on=today() - DAY)
    make_appointment(social_worker, soon, on=today() + 7 * DAY, at=dt.time(14))
    make_appointment(social_worker, soon, on=today() + 8 * DAY)
    make_step(soon, due=today(), worker=social_worker)
    make_step(soon, due=today() + 8 * DAY, worker=social_worker)
    make_document(soon, kind="identity", expires_on=today() + 7 * DAY)
    found = home(social_worker)
    last = day_name(today() + 7 * DAY)
    assert shown(found.week) == [
        ("Semaine", day_name(today()), "démarche : Appeler le bailleur", ("aujourd’hui", "soon")),
        ("Semaine", last, "14\u00a0h · entretien de suivi", None),
        ("Semaine", last, "pièce d’identité : fin de validité", ("dans 7 jours", "soon")),
    ]
    assert shown(found.later) == [
        (
            "Plus tard",
            short_date(today() + 50 * DAY),
            "fin de contrat, rien ensuite",
            ("dans 50 jours", "soon"),
        )
    ]
    assert (found.contract_ends, found.late, found.sentence) == (1, [], "rien d’urgent")


def test_mine_by_default_and_everybody_on_demand(social_worker, colleague):
    mine, theirs, nobodys = (
        make_running_contract(make_beneficiary(last_name=name, referent=referent)).beneficiary
        for name, referent in (("Mienne", social_worker), ("Autre", colleague), ("Libre", None))
    )
    make_appointment(colleague, mine, at=dt.time(9))
    make_appointment(social_worker, theirs, at=dt.time(10))
    for person, worker in ((mine, colleague), (theirs, social_worker), (theirs, None), (nobodys, None)):
        make_step(person, worker=worker, due=today(), action=f"Avec {worker}")
    own, all_ = home(social_worker), home(social_worker, "?qui=tous")
    assert {line.person for line in own.silent} == {mine, nobodys}
    assert {line.person for line in all_.silent} == {mine, theirs, nobodys}
    assert [(line.person, line.what) for line in own.day] == [(theirs, "entretien de suivi · premier suivi")]
    assert [(line.person, line.what) for line in all_.day] == [
        (mine, "entretien de suivi · premier suivi · avec Exemple Claire"),
        (theirs, "entretien de suivi · premier suivi · avec Exemple Travailleur social"),
    ]
    assert sorted(line.what for line in own.week if line.step) == [
        "démarche : Avec Exemple Travailleur social",
        "démarche : Avec None",
    ]
    assert sorted(line.what for line in all_.week if line.step) == [
        "démarche : Avec Exemple Claire · avec Exemple Claire",
        "démarche : Avec Exemple Travailleur social · avec Exemple Travailleur social",
        "démarche : Avec None · par la personne elle-même",
        "démarche : Avec None · par la personne elle-même",
    ]
    assert cards(page(social_worker))[0] == "Ma journée"
    assert cards(page(social_worker, "?qui=tous"))[0] == "La journée de l’équipe"
    assert [(link.url, link.current) for link in home(social_worker, "?qui=zzz").switch] == [
        ("?", True),
        ("?qui=tous", False),
    ]


def test_own_drafts_lead_back_to_their_page(social_worker, colleague):
    for user in (social_worker, colleague):
        Draft.objects.create(user=user, page="/salaries/1/suivis/nouveau/", title=f"De {user}", content={})
    Draft.objects.filter(user=social_worker).update(saved_at=timezone.localtime().replace(hour=11, minute=5))
    html = page(social_worker)
    assert '<a href="/salaries/1/suivis/nouveau/">De Exemple Travailleur social</a>' in html
    assert '<div class="rows-more">de 11\u00a0h\u00a005</div>' in html
    assert "De Exemple Claire" not in html


# The page of each role


def team() -> None:
    """One of everything, about people of whom nothing else is due."""
    person = supported("Suivi")
    make_step(person, due=today() - DAY, worker=None)
    make_step(person, due=today() - DAY, worker=None, theme=Theme.HEALTH)
    silent = make_beneficiary(last_name="Silence")
    contract = make_running_contract(silent, days_left=20)
    make_follow_up(silent, on=contract.start, kind=FollowUpKind.DIAGNOSIS)


def test_worker_finds_the_day_first_and_no_card_twice(social_worker):
    team()
    html = page(social_worker)
    assert cards(html) == [
        "Ma journée",
        "En retard",
        "Sans nouvelles",
        "Orientations sans réponse",
        "Sorties à documenter",
        "Cette semaine",
        "Ensuite, sous 90 jours",
        "Résultats",
        "Chantiers",
    ]
    assert counts(html) == {
        "Entretiens du jour": "0",
        "En retard": "2",
        "Sans suivi depuis 30 jours": "1",
        "Orientations sans réponse": "0",
        "Contrats finissant sous 90 jours": "1",
    }
    assert f"{french_date(today())} · 2 démarches en retard, 1 personne sans nouvelles" in html


OTHERS = [
    "Sorties à documenter",
    "Contrats qui finissent",
    "PASS IAE qui finissent",
    "Échéances de financeurs",
    "Résultats",
    "Trésorerie",
    "Suivi social",
    "Chantiers",
]


@pytest.mark.parametrize(
    ("role", "titles"),
    [
        (Role.SUPERVISOR, OTHERS),
        (Role.ADMINISTRATOR, [title for title in OTHERS if title != "Suivi social"]),
        (Role.INSTRUCTOR, ["Contrats qui finissent", "PASS IAE qui finissent", "Chantiers"]),
    ],
)
def test_others_find_what_they_steer(clients, role, titles):
    team()
    response = clients[role].get(reverse("home"))
    assert cards(response.content.decode()) == titles
    assert "worker" not in response.context


def test_supervisor_sees_how_much_is_late_not_health_nor_names(supervisor):
    team()
    response = signed_in_client(supervisor).get(reverse("home"))
    assert response.context["team"] == {"late": 1, "silent": 1, "silence_days": 30}
    assert "Appeler le bailleur" not in response.content.decode()


def test_silence_follows_the_setting(social_worker, settings):
    settings.FOLLOW_UP_SILENCE_DAYS = 10
    contract = make_running_contract(days_left=200)
    make_follow_up(contract.beneficiary, on=today() - 12 * DAY)
    assert len(home(social_worker).silent) == 1
    assert "Sans suivi depuis 10 jours" in counts(page(social_worker))


def test_empty_day_says_what_to_do(social_worker):
    html = page(social_worker)
    for words in (
        "Aucun entretien aujourd’hui",
        "Choisir une personne",
        "Rien n’est en retard",
        "Chaque personne en contrat a eu un suivi récemment.",
        "c’est le moment de fixer des rendez-vous",
    ):
        assert words in html
    make_running_contract()
    assert "Voir qui appeler" in page(social_worker)


def test_long_list_keeps_its_end_one_tap_away(social_worker):
    for _each in range(10):
        make_running_contract()
    assert "2 de plus" in page(social_worker)


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize("query", ["", "?qui=tous"])
def test_worker_home_costs_the_same_whatever_the_number(
    social_worker, django_assert_num_queries, rows, query
):
    for number in range(rows):
        fill(social_worker, number)
    client = signed_in_client(social_worker)
    client.get(reverse("home"))
    with django_assert_num_queries(32):
        client.get(f"{reverse('home')}{query}")


@pytest.mark.parametrize("rows", [1, 3])
def test_supervisor_home_costs_the_same_whatever_the_number(
    social_worker, supervisor, django_assert_num_queries, rows
):
    for number in range(rows):
        fill(social_worker, number)
    client = signed_in_client(supervisor)
    client.get(reverse("home"))
    with django_assert_num_queries(39):
        client.get(reverse("home"))


def fill(worker: User, number: int) -> None:
    """One row of everything the page shows."""
    person = make_beneficiary(referent=worker)
    make_contract(person, start=add_months(today(), -23), end=today() + 20 * DAY)
    make_pass(person, start=today() - 730 * DAY)
    make_assignment(person)
    make_document(person, kind="identity", expires_on=today() - DAY)
    make_follow_up(person, by=worker, on=today() - 40 * DAY)
    for offset in (-3, 0, 3):
        make_appointment(worker, person, on=today() + offset * DAY)
        make_step(person, worker=worker, due=today() + offset * DAY)
    make_annex(start=today() - 30 * DAY, end=today() + 300 * DAY)
    make_obligation(due=today() - DAY)
    make_instalment(expected_on=today() + DAY)
    make_referral(person, on=today() - 40 * DAY, due=today() - 20 * DAY)
    Draft.objects.create(user=worker, page=f"/{number}/", title="Suivi", content={})
