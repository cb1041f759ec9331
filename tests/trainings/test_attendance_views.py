"""The attendance sheet of a session, as each role opens it."""

import datetime as dt
from http import HTTPStatus

import pytest
import time_machine
from django.urls import reverse

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from confluences.enums import Role
from tests.beneficiaries.factories import make_contract, make_time
from tests.trainings.factories import THERE, attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite
from trainings.attendance_forms import write_seen
from trainings.certificate_reports import unrecorded_sessions
from trainings.models import Attendance, Enrolment, Session
from trainings.paper_reports import sheets

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 3, 4)
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)


def line(
    enrolment: Enrolment, state: str = "", *, seen: Part | str | None = None, **fields
) -> dict[str, str]:
    """What the page sends of one line."""
    prefix = f"p{enrolment.pk}"
    typed = {"state": state, "seen": seen if isinstance(seen, str) else write_seen(seen)} | fields
    return {f"{prefix}-{name}": value for name, value in typed.items()}


def parts(session: Session) -> dict[Enrolment, Part]:
    rows = Attendance.objects.filter(session=session).select_related("entry", "enrolment__beneficiary")
    return {row.enrolment: row.entry.part for row in rows}


def close(day: dt.date) -> None:
    save_recorded(MonthClosing(first_day=day.replace(day=1), last_day=day.replace(day=28)), by=None)


@pytest.fixture
def session() -> Session:
    return make_session()


# Reading


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SOCIAL_WORKER])
@pytest.mark.parametrize("number", [1, 3])
def test_sheet_asks_the_same_number_of_queries(clients, session, number, role, django_assert_num_queries):
    for _each in range(number):
        attend(session, make_enrolment(session.programme))
        make_enrolment(session.programme)
    with django_assert_num_queries(12):
        assert clients[role].get(session.get_absolute_url()).status_code == HTTPStatus.OK


def test_who_is_expected(clients):
    session = make_session(group="A")
    programme = session.programme
    mine, elsewhere = make_enrolment(programme, group="A"), make_enrolment(programme, group="B")
    left = make_enrolment(programme, group="A", left_on=DAY - dt.timedelta(days=1))
    catching_up = make_enrolment(programme, group="B")
    attend(session, catching_up)
    make_enrolment(group="A")
    form = clients[Role.SUPERVISOR].get(session.get_absolute_url()).context["form"]
    assert {each.enrolment for each in form.lines} == {mine, catching_up}
    assert [each.enrolment for each in form.lines if each.line.is_guest] == [catching_up]
    assert form.others == [elsewhere]
    assert left not in form.others


def test_whose_contract_is_over_is_awaited_nowhere(clients, supervisor, session):
    """Nobody can record such a person, and « Tous présents » would refuse the whole sheet."""
    here = make_enrolment(session.programme)
    gone = make_enrolment(session.programme, make_contract(ended_early_on=dt.date(2024, 2, 1)).beneficiary)
    client = clients[Role.SUPERVISOR]
    form = client.get(session.get_absolute_url()).context["form"]
    assert ([each.enrolment for each in form.lines], form.others) == ([here], [])
    [paper] = sheets([session], supervisor)
    assert [each.name for each in paper.lines] == [str(here.beneficiary)]
    [in_programme] = client.get(session.programme.get_absolute_url()).context["past"]
    assert in_programme.expected == 1
    assert (len(unrecorded_sessions(here, DAY)), len(unrecorded_sessions(gone, DAY))) == (1, 0)
    client.post(session.get_absolute_url(), line(here) | {"everybody": "1"})
    assert parts(session) == {here: THERE}


def test_social_workers_record_everybody(clients, session):
    there = make_enrolment(session.programme)
    client = clients[Role.SOCIAL_WORKER]
    assert '<form class="attendance"' in client.get(session.get_absolute_url()).text
    client.post(session.get_absolute_url(), line(there) | {"everybody": "1"})
    assert parts(session) == {there: THERE}


def test_an_instructor_sees_and_records_his_own_people_only(clients, instructor, session):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    mine, other = make_enrolment(session.programme), make_enrolment(session.programme)
    guest = make_enrolment(session.programme, group="B")
    make_assignment(mine.beneficiary, worksite)
    for each in (other, guest):
        make_assignment(each.beneficiary)
    client = clients[Role.INSTRUCTOR]
    page = client.get(session.get_absolute_url())
    assert (str(mine.beneficiary) in page.text, str(other.beneficiary) in page.text) == (True, False)
    data = line(mine, "present") | line(other, "present") | line(guest, "present") | {"guest": guest.pk}
    assert client.post(session.get_absolute_url(), data).status_code == HTTPStatus.FOUND
    assert parts(session) == {mine: THERE}
    assert client.get(reverse("trainings:enrolment-edit", args=[mine.pk])).status_code == HTTPStatus.NOT_FOUND


# Writing


def test_a_sheet_is_filled_in_one_go(clients, session):
    whole, some, away, paid, later = [make_enrolment(session.programme) for _each in range(5)]
    data = (
        line(whole, "present")
        | line(some, "minutes", minutes="1 h 30")
        | line(away, "absent", reason="health")
        | line(paid, "absent", reason="health", pay="paid_absence")
        | line(later)
    )
    response = clients[Role.SUPERVISOR].post(session.get_absolute_url(), data)
    assert response.url == session.get_absolute_url()
    assert parts(session) == {
        whole: THERE,
        some: Part(TimeKind.TRAINING, 90),
        away: AWAY,
        paid: Part(TimeKind.PAID_ABSENCE, 210, AbsenceReason.HEALTH),
    }


def test_everybody_present_fills_the_rest(clients, session):
    recorded, typed, rest = [make_enrolment(session.programme) for _each in range(3)]
    attend(session, recorded, AWAY)
    data = (
        line(recorded, "absent", seen=AWAY, reason="health")
        | line(typed, "minutes", minutes="60")
        | line(rest)
        | {"everybody": "1"}
    )
    clients[Role.SUPERVISOR].post(session.get_absolute_url(), data)
    assert parts(session) == {recorded: AWAY, typed: Part(TimeKind.TRAINING, 60), rest: THERE}


def test_a_line_is_emptied(clients, session):
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    make_time(enrolment.beneficiary, DAY, minutes=102)
    response = clients[Role.SUPERVISOR].post(
        session.get_absolute_url(), line(enrolment, "", seen=THERE), follow=True
    )
    assert parts(session) == {}
    assert [entry.part for entry in TimeEntry.objects.all()] == [Part(TimeKind.WORK, 102)]
    assert [str(message).replace("\u00a0", " ") for message in response.context["messages"]] == [
        "La feuille de présence est enregistrée.",
        f"{enrolment.beneficiary} : 3 h 30 de séance en moins, et le pointage du chantier reste à 1 h 42 ce jour-là. "
        "Si la personne a travaillé, complétez-le sur le chantier.",
    ]


def test_somebody_who_left_early_frees_what_was_not_followed(clients, session):
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    data = line(enrolment, "minutes", minutes="60", seen=THERE)
    response = clients[Role.SUPERVISOR].post(session.get_absolute_url(), data, follow=True)
    assert [str(message).replace("\u00a0", " ") for message in response.context["messages"]][1:] == [
        f"{enrolment.beneficiary} : 2 h 30 de séance en moins, et le pointage du chantier reste à 0 h ce jour-là. "
        "Si la personne a travaillé, complétez-le sur le chantier."
    ]


def test_the_page_says_which_presence_made_room(clients, session):
    """312 minutes are planned that Monday; the worksite had recorded all of them."""
    enrolment = make_enrolment(session.programme)
    make_time(enrolment.beneficiary, DAY, minutes=312)
    response = clients[Role.SUPERVISOR].post(
        session.get_absolute_url(), line(enrolment, "present"), follow=True
    )
    assert [str(message) for message in response.context["messages"]] == [
        "La feuille de présence est enregistrée.",
        f"{enrolment.beneficiary} : le pointage du chantier passe de 5\u00a0h\u00a012 à 1\u00a0h\u00a042.",
    ]


def test_somebody_of_another_group_catches_up(clients):
    session = make_session(group="A")
    mine, guest = make_enrolment(session.programme, group="A"), make_enrolment(session.programme, group="B")
    client = clients[Role.SUPERVISOR]
    typed = line(mine, "minutes", minutes="cent")
    page = client.post(session.get_absolute_url(), typed | {"added": guest.pk, "add": "1"})
    assert page.status_code == HTTPStatus.OK
    form = page.context["form"]
    assert [each.enrolment for each in form.lines] == [mine, guest]
    assert form.lines[0]["minutes"].value() == "cent"
    assert "Rien n’est enregistré" not in page.text
    data = line(mine, "present") | line(guest, "present") | {"guest": guest.pk}
    assert client.post(session.get_absolute_url(), data).status_code == HTTPStatus.FOUND
    assert parts(session) == {mine: THERE, guest: THERE}


# Refused


@pytest.mark.parametrize(
    ("state", "fields", "fault"),
    [
        ("minutes", {}, "Écrivez les minutes suivies, par exemple 90 ou 1 h 30."),
        ("minutes", {"minutes": "211"}, "La séance ne dure que 3\u00a0h\u00a030."),
        ("minutes", {"minutes": "0"}, "Au moins une minute."),
        ("absent", {}, "Choisissez le motif de l’absence."),
        ("present", {"seen": "x:y"}, "Cette ligne est illisible : rechargez la page."),
        ("parti", {}, "Sélectionnez un choix valide. parti n’en fait pas partie."),
    ],
)
def test_a_line_that_cannot_be_read(clients, session, state, fields, fault):
    fine, wrong = make_enrolment(session.programme), make_enrolment(session.programme)
    data = line(fine, "present") | line(wrong, state, **fields)
    response = clients[Role.SUPERVISOR].post(session.get_absolute_url(), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert response.context["form"].faults == [(str(wrong.beneficiary), fault, f"ligne-{wrong.pk}")]
    assert parts(session) == {}


def test_faults_are_told_by_person_and_nothing_is_kept(clients, session):
    """At two sessions at once."""
    fine = make_enrolment(session.programme)
    busy = make_enrolment(session.programme)
    other = make_session(make_programme(name="Autre"), start=dt.time(12), end=dt.time(14))
    attend(other, make_enrolment(other.programme, busy.beneficiary), Part(TimeKind.TRAINING, 120))
    data = line(fine, "present") | line(busy, "present")
    response = clients[Role.SUPERVISOR].post(session.get_absolute_url(), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert {(who, fault) for who, fault, _anchor in response.context["form"].faults} == {
        (
            str(busy.beneficiary),
            "déjà saisi à une autre séance, « Autre » de 12\u00a0h à 14\u00a0h.",
        ),
    }
    assert parts(session) == {}
    assert response.context["form"].lines[0]["state"].value() == "present"


def test_a_session_to_come_is_only_read(clients):
    session = make_session()
    enrolment = make_enrolment(session.programme)
    client = clients[Role.SUPERVISOR]
    with time_machine.travel(DAY - dt.timedelta(days=1)):
        page = client.get(session.get_absolute_url())
        refused = client.post(session.get_absolute_url(), line(enrolment, "present"))
    assert "La séance est à venir : sa présence se saisit à partir du 4 mars 2024." in page.text
    assert '<form class="attendance"' not in page.text
    assert (str(enrolment.beneficiary) in page.text, "non saisi" in page.text) == (True, False)
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "la séance est le 4 mars 2024 : sa présence se saisit à partir de ce jour-là." in refused.text
    assert parts(session) == {}
    with time_machine.travel(DAY):
        client.post(session.get_absolute_url(), line(enrolment, "present"))
    assert parts(session) == {enrolment: THERE}


def test_a_closed_month_is_read_only(clients, session):
    enrolment = make_enrolment(session.programme)
    attend(session, enrolment)
    close(DAY)
    client = clients[Role.SUPERVISOR]
    page = client.get(session.get_absolute_url())
    assert "Le mois de cette séance est clos" in page.text
    assert '<form class="attendance"' not in page.text
    response = client.post(session.get_absolute_url(), line(enrolment, "", seen=THERE))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Le mois du 4 mars 2024 est clos : la direction peut le rouvrir." in response.text
    assert parts(session) == {enrolment: THERE}


def test_two_tabs_on_one_sheet(clients, session):
    """Both versions are shown; saving again keeps mine. A line only the colleague filled stays as it is."""
    both, theirs = make_enrolment(session.programme), make_enrolment(session.programme)
    page = session.get_absolute_url()
    first, second = clients[Role.ADMINISTRATOR], clients[Role.SUPERVISOR]
    first.post(page, line(both, "absent", reason="health") | line(theirs, "present"))
    data = line(both, "present") | line(theirs)
    response = second.post(page, data)
    assert response.status_code == HTTPStatus.CONFLICT
    form = response.context["form"]
    assert [(each.label, each.theirs, each.yours) for each in form.conflicts] == [
        (str(both.beneficiary), "absent, santé, non payée", "présent, toute la séance")
    ]
    assert [(who, fault) for who, fault, _anchor in form.faults] == [
        (str(both.beneficiary), "quelqu’un vient de saisir autre chose, relisez.")
    ]
    seen = [each["seen"].value() for each in form.lines if each.enrolment == both]
    assert seen == [write_seen(AWAY)]
    assert second.post(page, data | {f"p{both.pk}-seen": seen[0]}).status_code == HTTPStatus.FOUND
    assert parts(session) == {both: THERE, theirs: THERE}


def test_the_journal_names_what_was_recorded_in_as_many_queries(clients, session):
    for _each in range(3):
        attend(session, make_enrolment(session.programme))
    assert clients[Role.SUPERVISOR].get(reverse("audit-log")).status_code == HTTPStatus.OK
