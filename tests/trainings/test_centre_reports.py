"""The training centre's year on a built set of data, recounted by hand in SQL."""

import datetime as dt
from fractions import Fraction

import pytest
from django.db import connection

from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.actions import save_recorded
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from trainings.centre_reports import centre_year, years_of
from trainings.matrix_reports import standings
from trainings.models import Enrolment

DAY = dt.timedelta(days=1)
MONDAY = dt.date(2024, 3, 4)
TODAY = dt.date(2024, 4, 30)
AWAY = Part(TimeKind.UNPAID_ABSENCE, 210, AbsenceReason.HEALTH)
SHORT = Part(TimeKind.TRAINING, 150)


@pytest.fixture
def year_2024(db):
    """Two programmes. In the first, of two modules of 3 h 30:

    - Amina follows both sessions: 7 h, complete on 11 March;
    - Boris follows the first for 2 h 30, is away at the second, and leaves on 31 March: ended, not complete;
    - Chloé's contract begins on 10 March: the first session does not await her, nothing is written of the second.

    In the second, of 3 h 30, Amina follows one session. A session of 2023 and one to come count nowhere.
    """
    green, maths = make_programme(210, 210, name="A Espaces verts"), make_programme(210, name="B Calcul")
    pruning = green.modules.last()
    amina, boris = (
        make_contract(start=dt.date(2023, 9, 1), end=dt.date(2024, 8, 31)).beneficiary for _ in "ab"
    )
    chloe = make_contract(start=MONDAY + 6 * DAY, end=dt.date(2024, 12, 31)).beneficiary
    first = make_enrolment(green, amina, enrolled_on=dt.date(2023, 10, 1))
    second = make_enrolment(green, boris)
    make_enrolment(green, chloe)
    one, two = make_session(green, MONDAY), make_session(green, MONDAY + 7 * DAY, pruning)
    for session, enrolment, part in (
        (one, first, Part(TimeKind.TRAINING, 210)),
        (one, second, SHORT),
        (two, first, Part(TimeKind.TRAINING, 210)),
        (two, second, AWAY),
    ):
        attend(session, enrolment, part)
    second.left_on = dt.date(2024, 3, 31)
    save_recorded(second, by=None)
    attend(make_session(maths, MONDAY + 14 * DAY), make_enrolment(maths, amina))
    make_session(green, dt.date(2023, 10, 2))
    make_session(green, TODAY + 7 * DAY)
    return green, maths


def test_year_counts_people_hours_endings_and_sessions_to_fill(year_2024, supervisor):
    green, maths = year_2024
    found = centre_year(supervisor, 2024, TODAY)
    first, second = found.rows
    assert (first.programme, second.programme) == (green, maths)
    assert (first.people, first.sessions, first.days, first.session_minutes) == (2, 2, 2, 420)
    assert (first.first_day, first.last_day) == (MONDAY, MONDAY + 7 * DAY)
    assert (first.followed, first.missed) == (210 + 150 + 210, 210)
    assert first.missed_share == Fraction(210, 780)
    assert (first.ended, first.completed, first.unfilled) == (2, 1, 1)
    assert (second.people, second.sessions, second.followed, second.missed_share) == (1, 1, 210, 0)
    assert (second.ended, second.completed, second.unfilled) == (1, 1, 0)
    everything = found.all
    assert (everything.people, everything.sessions, everything.session_minutes) == (2, 3, 630)
    assert (everything.followed, everything.missed) == (780, 210)
    assert (everything.ended, everything.completed, everything.unfilled) == (3, 2, 1)
    assert everything.completed_in_words == "dont 2 complètes"


RECOUNT = """
SELECT session.programme_id,
       COUNT(DISTINCT CASE WHEN entry.reason = '' THEN entry.beneficiary_id END),
       SUM(CASE WHEN entry.reason = '' THEN entry.minutes ELSE 0 END),
       SUM(CASE WHEN entry.reason <> '' THEN entry.minutes ELSE 0 END)
FROM beneficiaries_timeentry entry
JOIN trainings_attendance attendance ON attendance.entry_id = entry.id
JOIN trainings_session session ON session.id = attendance.session_id
WHERE entry.day BETWEEN '2024-01-01' AND '2024-12-31'
GROUP BY session.programme_id
"""


def test_year_agrees_with_sql(year_2024, supervisor):
    with connection.cursor() as cursor:
        cursor.execute(RECOUNT)
        recounted = {row[0]: tuple(row[1:]) for row in cursor.fetchall()}
    found = centre_year(supervisor, 2024, TODAY).rows
    assert recounted == {row.programme.pk: (row.people, row.followed, row.missed) for row in found}
    assert sum(followed for _people, followed, _missed in recounted.values()) == 780


HOURS = """
SELECT enrolment.beneficiary_id, attended.module_id, SUM(attended.minutes)
FROM trainings_attendedmodule attended
JOIN trainings_attendance attendance ON attendance.id = attended.attendance_id
JOIN trainings_enrolment enrolment ON enrolment.id = attendance.enrolment_id
GROUP BY enrolment.beneficiary_id, attended.module_id
"""


def test_matrix_agrees_with_sql(year_2024):
    with connection.cursor() as cursor:
        cursor.execute(HOURS)
        recounted = {(person, module): int(minutes) for person, module, minutes in cursor.fetchall()}
    counted = {
        (row.enrolment.beneficiary_id, module.pk): standing.done
        for row in standings(Enrolment.objects.all(), TODAY)
        for module, standing in zip(row.enrolment.programme.modules.all(), row.modules, strict=True)
        if standing.done
    }
    assert counted == recounted
    assert sorted(recounted.values()) == [150, 210, 210, 210]


def test_sessions_to_fill_say_how_many_lack(year_2024, supervisor):
    [row] = centre_year(supervisor, 2024, TODAY).unfilled
    assert (row.session.day, row.awaited, row.written) == (MONDAY + 7 * DAY, 1, 2)
    assert (row.status.label, row.status.kind) == ("1 personne sans saisie", "soon")


def test_sessions_to_fill_are_those_of_the_matrix(year_2024, supervisor):
    """The same rule twice, in SQL for the centre and in Python for one person."""
    in_matrix = {meeting.key for row in standings(Enrolment.objects.all(), TODAY) for meeting in row.unfilled}
    in_centre = {
        row.session.pk for year in (2023, 2024) for row in centre_year(supervisor, year, TODAY).unfilled
    }
    assert in_centre == in_matrix
    assert len(in_matrix) == 2


def test_session_of_which_nothing_is_written_says_so(supervisor):
    programme = make_programme()
    make_session(programme, group="A")
    make_session(programme, MONDAY + DAY, group="B")
    make_enrolment(programme, group="B")
    [row] = centre_year(supervisor, 2024, TODAY).unfilled
    assert (row.session.group, row.status.label) == ("B", "rien de saisi")


def test_session_of_today_is_not_yet_to_fill(supervisor):
    programme = make_programme()
    make_session(programme, TODAY)
    make_enrolment(programme)
    assert centre_year(supervisor, 2024, TODAY).unfilled == ()
    assert len(centre_year(supervisor, 2024, TODAY + DAY).unfilled) == 1


def test_chart_speaks_of_each_month(year_2024, supervisor):
    chart = centre_year(supervisor, 2024, TODAY).chart
    assert (
        "<desc>mars : 13\u00a0h heures suivies (nombre), 3\u00a0h\u00a030 heures d’absence.</desc>" in chart
    )


def test_years_are_those_with_sessions_and_this_one(supervisor):
    make_session(day=dt.date(2022, 5, 2))
    assert years_of(supervisor, TODAY) == [2024, 2022]


def test_a_stranger_to_trainings_counts_nobody(year_2024, django_user_model):
    stranger = django_user_model.objects.create_user("sans-role@example.org", "x")
    found = centre_year(stranger, 2024, TODAY)
    assert (found.rows, found.all.people, found.unfilled) == ((), 0, ())


def test_person_without_contract_ends_nothing(supervisor):
    programme = make_programme()
    make_session(programme)
    make_enrolment(programme, make_beneficiary())
    [row] = centre_year(supervisor, 2024, TODAY).rows
    assert (row.people, row.ended, row.unfilled) == (0, 0, 0)
