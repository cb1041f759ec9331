"""The demonstration's figures of worksites and trainings, each recounted by hand in SQL."""

import datetime as dt
from decimal import Decimal
from math import ceil

import pytest
import time_machine
from django.db import connection

from confluences import demo
from confluences.working_days import add_working_days, is_working_day
from trainings.hours_reports import hours_by_module
from trainings.matrix_reports import standings
from trainings.models import Enrolment
from worksites.etp_reports import annex_reports
from worksites.job_reports import job_rows
from worksites.models import FinancialAnnex, JobOrder

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
OCTOBER = dt.date(2026, 10, 1)


@pytest.fixture(autouse=True)
def loaded():
    with time_machine.travel(TODAY):
        demo.load(TODAY)


def rows(sql: str, *values) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_etp_of_a_month():
    """October 2026: each person's paid minutes as whole hours, half up; their sum over 1,820, times twelve.

    With 1,700 paid hours a month would be 1700 / 1820 × 12 = 11.21 ETP.
    """
    paid = rows(
        """SELECT t.beneficiary_id, SUM(t.minutes) FROM beneficiaries_timeentry t
           JOIN worksites_assignment a ON a.beneficiary_id = t.beneficiary_id AND a.start <= t.day
             AND COALESCE(a."end", '9999-12-31') >= t.day
           JOIN worksites_financialannex_worksites w ON w.worksite_id = a.worksite_id
           JOIN worksites_financialannex f ON f.id = w.financialannex_id AND t.day BETWEEN f.start AND f."end"
           WHERE f.number = 'EXEMPLE-2026' AND t.day BETWEEN '2026-10-01' AND '2026-10-31'
             AND t.kind <> 'unpaid_absence' GROUP BY t.beneficiary_id"""
    )
    hours = sum((2 * int(minutes) + 60) // 120 for _person, minutes in paid)
    [report] = annex_reports(FinancialAnnex.objects.filter(number="EXEMPLE-2026"), TODAY)
    month = report.month(OCTOBER)
    assert (len(paid), month.hours) == (18, hours)
    assert month.etp_monthly == Decimal(hours) / 1820 * 12
    assert month.due == Decimal("11.50") * Decimal(23921) / 12


def test_hours_left_of_a_job_and_the_day_it_ends():
    """Hours quoted less hours recorded; then what is left at the pace of the last 15 working days, rounded up to a day.

    With 300 h left and 90 h recorded in three weeks: 6 h a working day, 50 working days from today on.
    """
    done = dict(rows("SELECT job_id, SUM(minutes) FROM worksites_jobshare GROUP BY job_id"))
    window, day = [], TODAY
    while len(window) < 15:
        day -= dt.timedelta(days=1)
        if is_working_day(day):
            window.append(day)
    recent = dict(
        rows(
            """SELECT s.job_id, SUM(s.minutes) FROM worksites_jobshare s
               JOIN beneficiaries_timeentry t ON t.id = s.entry_id WHERE t.day BETWEEN %s AND %s GROUP BY s.job_id""",
            window[-1],
            window[0],
        )
    )
    for row in job_rows(JobOrder.objects.all(), TODAY):
        left = row.job.quoted_minutes - int(done[row.job.pk])
        end = add_working_days(TODAY, ceil(left / (int(recent[row.job.pk]) / 15)))
        assert (row.figures.left, row.figures.end) == (left, end)
        assert left > 0


HOURS = """
    SELECT p.file_number, d.position, SUM(m.minutes) FROM trainings_attendedmodule m
    JOIN trainings_attendance a ON a.id = m.attendance_id JOIN trainings_enrolment e ON e.id = a.enrolment_id
    JOIN beneficiaries_beneficiary p ON p.id = e.beneficiary_id JOIN trainings_module d ON d.id = m.module_id
    GROUP BY p.file_number, d.position
"""


def test_hours_of_each_module():
    """Somebody there for the 7 half-days of « Tonte » has 24 h of it: 6 × 3 h 30 and 3 h of the seventh.

    The matrix and the certificates count the same.
    """
    by_hand = {(number, position): int(minutes) for number, position, minutes in rows(HOURS)}
    followed = Enrolment.objects.filter(programme__minutes=230 * 60)
    enrolments = followed.select_related("beneficiary").order_by("pk")
    certified = hours_by_module(enrolments)
    for standing in standings(enrolments, TODAY):
        number = standing.enrolment.beneficiary.file_number
        recounted = [by_hand.get((number, place), 0) for place in range(1, 14)]
        assert [module.done for module in standing.modules] == recounted
        assert [module.done for module in certified[standing.enrolment.pk]] == recounted
    assert sum(by_hand[("EX-10", place)] for place in range(1, 14)) == 230 * 60


def test_the_day_somebody_finishes():
    """The day of the session after which every module has 90 % of its hours; none where the sessions do not suffice.

    EX-16 missed nothing: the last module has its 10 h 48 on 23 March 2027. EX-04 missed two half-days, of two modules.
    """
    enrolments = Enrolment.objects.filter(group="B").select_related("beneficiary")
    finishes = {}
    needed = {place: -(-minutes * 90 // 100) for place, minutes in rows(MODULES)}
    for standing in standings(enrolments, TODAY):
        done = dict.fromkeys(needed, 0)
        number = standing.enrolment.beneficiary.file_number
        done |= {place: int(minutes) for who, place, minutes in rows(HOURS) if who == number}
        finish = None
        for day, place, minutes in rows(PLANNED, TODAY):
            if finish and day != finish:
                break
            done[place] += minutes
            if all(done[each] >= needed[each] for each in needed):
                finish = day
        found = None if standing.forecast.day is None else str(standing.forecast.day)
        assert (number, found) == (number, finish and str(finish))
        finishes[number] = found
    assert (finishes["EX-16"], finishes["EX-04"]) == ("2027-03-23", None)


MODULES = """
    SELECT m.position, m.minutes FROM trainings_module m JOIN trainings_programme p ON p.id = m.programme_id
    WHERE p.name = 'Espaces verts, 230 heures'
"""
PLANNED = """
    SELECT s.day, d.position, t.minutes FROM trainings_session s JOIN trainings_sessionmodule t ON t.session_id = s.id
    JOIN trainings_module d ON d.id = t.module_id WHERE s."group" = 'B' AND s.day >= %s
    ORDER BY s.day, d.position
"""
