"""The demonstration's presence, jobs, tools and trainings: what the pages would have accepted, whatever the day it is loaded."""

import datetime as dt

import pytest
import time_machine
from django.db import connection

from beneficiaries.models import Beneficiary, MonthClosing, TimeEntry
from confluences import demo
from confluences.dates import add_months
from confluences.models import User
from trainings.centre_reports import centre_year, years_of
from trainings.hours_reports import hours_by_module
from trainings.matrix_reports import standings
from trainings.models import Attendance, Enrolment, Session
from worksites.models import Equipment, JobOrder

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2026, 11, 23), dt.date(2027, 1, 1), dt.date(2028, 2, 29)]


def one(sql: str, *values):
    """The first cell of a query's only row."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


OUTSIDE_CONTRACT = """
    SELECT COUNT(*) FROM beneficiaries_timeentry t WHERE NOT EXISTS (
        SELECT 1 FROM beneficiaries_contract c WHERE c.beneficiary_id = t.beneficiary_id AND c.start <= t.day
        AND COALESCE(c.ended_early_on, c."end", '9999-12-31') >= t.day)
"""
OUTSIDE_WORKSITE = """
    SELECT COUNT(*) FROM beneficiaries_timeentry t WHERE NOT EXISTS (
        SELECT 1 FROM worksites_assignment a WHERE a.beneficiary_id = t.beneficiary_id AND a.start <= t.day
        AND COALESCE(a."end", '9999-12-31') >= t.day)
"""
SHARES_BEYOND = """
    SELECT COUNT(*) FROM (SELECT t.id FROM beneficiaries_timeentry t JOIN worksites_jobshare s ON s.entry_id = t.id
    GROUP BY t.id, t.minutes HAVING SUM(s.minutes) > t.minutes) beyond
"""
MODULES_APART = """
    SELECT COUNT(*) FROM trainings_attendance a JOIN beneficiaries_timeentry t ON t.id = a.entry_id
    WHERE t.minutes * (CASE WHEN t.kind = 'training' THEN 1 ELSE 0 END)
      <> COALESCE((SELECT SUM(m.minutes) FROM trainings_attendedmodule m WHERE m.attendance_id = a.id), 0)
"""
SESSIONS_APART = """
    SELECT COUNT(*) FROM trainings_programme p WHERE p.minutes <> (
        SELECT SUM(m.minutes) FROM trainings_sessionmodule m JOIN trainings_session s ON s.id = m.session_id
        WHERE s.programme_id = p.id AND s."group" = 'A') AND p.name = 'Espaces verts, 230 heures'
"""
TOMORROW = "SELECT COUNT(*) FROM beneficiaries_timeentry WHERE day >= %s"
LONG_DAYS = """
    SELECT COUNT(*) FROM (SELECT 1 AS long FROM beneficiaries_timeentry GROUP BY beneficiary_id, day
    HAVING SUM(minutes) > 7 * 60) days
"""


REFUSED = (OUTSIDE_CONTRACT, OUTSIDE_WORKSITE, SHARES_BEYOND, MODULES_APART, SESSIONS_APART, LONG_DAYS)


@pytest.mark.parametrize("day", DAYS)
def test_the_demonstration_holds_whatever_the_day(day):
    """One loading a day for all that is looked at: it takes seconds."""
    with time_machine.travel(day):
        demo.load(day)
    assert [sql for sql in REFUSED if one(sql)] == []
    assert_three_months_of_presence_until_yesterday(day)
    assert_two_jobs_and_tools(day)
    assert_one_person_has_finished_the_230_hours()
    assert_one_session_waits_for_its_sheet_and_others_are_to_come(day)
    assert_hours_are_the_same_wherever_they_are_read(day)


def assert_three_months_of_presence_until_yesterday(today):
    typed = TimeEntry.objects.outside_sessions()
    assert one(TOMORROW, today) == 0
    first = typed.order_by("day").first().day
    assert first <= add_months(today, -3)
    assert typed.values("beneficiary").distinct().count() >= 16
    assert MonthClosing.objects.count() in {2, 3}


def assert_two_jobs_and_tools(today):
    jobs = JobOrder.objects.with_done().order_by("pk")
    assert [job.worksite.name for job in jobs] == ["Champigny-sur-Marne", "Fresnes"]
    assert all(0 < job.done < job.quoted_minutes for job in jobs)
    assert (Equipment.objects.count(), Equipment.objects.filter(next_inspection__lt=today).count()) == (12, 1)
    assert all(
        tool.worksite_id in _worksites_of(tool.holder) for tool in Equipment.objects.exclude(holder=None)
    )


def assert_hours_are_the_same_wherever_they_are_read(today):
    """The matrix, the statement and the certificates, the year: against the presence entries themselves."""
    rows = standings(Enrolment.objects.all(), today)
    by_module = hours_by_module([row.enrolment for row in rows])
    recorded = {
        row.enrolment.pk: one(
            """SELECT COALESCE(SUM(t.minutes), 0) FROM trainings_attendance a
               JOIN beneficiaries_timeentry t ON t.id = a.entry_id WHERE t.kind = 'training' AND a.enrolment_id = %s""",
            row.enrolment.pk,
        )
        for row in rows
    }
    of_matrix = {
        row.enrolment.pk: [(each.name, each.done, each.required) for each in row.modules] for row in rows
    }
    assert of_matrix == {
        pk: [(each.name, each.done, each.required) for each in modules] for pk, modules in by_module.items()
    }
    assert recorded == {pk: sum(each.done for each in modules) for pk, modules in by_module.items()}
    director = User.objects.get(email="direction@exemple.fr")
    years = [centre_year(director, year, today).all.followed for year in years_of(director, today)]
    assert sum(years) == sum(recorded.values())


def _worksites_of(person: Beneficiary) -> list[int]:
    return list(person.assignments.values_list("worksite", flat=True))


def assert_one_person_has_finished_the_230_hours():
    minutes = {
        enrolment.beneficiary.file_number: one(
            """SELECT COALESCE(SUM(m.minutes), 0) FROM trainings_attendedmodule m
               JOIN trainings_attendance a ON a.id = m.attendance_id WHERE a.enrolment_id = %s""",
            enrolment.pk,
        )
        for enrolment in Enrolment.objects.select_related("beneficiary")
    }
    assert [number for number, done in minutes.items() if done == 230 * 60] == ["EX-10"]
    assert len(minutes) == 15


def assert_one_session_waits_for_its_sheet_and_others_are_to_come(today):
    past = Session.objects.filter(day__lt=today)
    assert past.exclude(attendances__isnull=False).count() == 1
    assert Session.objects.filter(day__gt=today).exists()
    assert not Attendance.objects.filter(session__day__gte=today).exists()
