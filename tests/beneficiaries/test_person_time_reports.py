"""What a person's page shows of presence."""

import datetime as dt
import doctest

from beneficiaries import person_time_reports
from beneficiaries.person_time_reports import immersion_layer, merged, month_time
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.charts import Bar
from tests.beneficiaries.factories import DAY, make_beneficiary, make_contract, make_time
from tests.worksites.factories import make_assignment, make_worksite

MAY = dt.date(2024, 5, 15)


def test_worked_examples():
    assert doctest.testmod(person_time_reports).failed == 0


def test_month_counts_what_is_recorded_against_what_is_planned(supervisor):
    """26 h a week on five days: 5 h 12 on each of the 23 weekdays of May 2024, four of them paid holidays."""
    person = make_contract().beneficiary
    make_time(person, dt.date(2024, 5, 2), 312)
    make_time(person, dt.date(2024, 5, 3), 180, kind=TimeKind.IMMERSION)
    make_time(person, dt.date(2024, 5, 3), 60, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    make_time(person, dt.date(2024, 5, 6), 72, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LATE)
    make_time(person, dt.date(2024, 6, 3), 400)
    found = month_time(person, supervisor, MAY)
    assert found.planned == 23 * 312
    assert found.attended == (("immersion", 180), ("travail", 312))
    assert found.absences == (("retard", 132),)
    assert (found.recorded, found.missed) == (492, 132)


def test_month_of_somebody_without_contract_or_presence_is_left_out(supervisor):
    assert month_time(make_beneficiary(), supervisor, MAY) is None


def test_month_is_for_those_who_may_read_presence(django_user_model):
    stranger = django_user_model.objects.create_user("sans-role@example.org", "x")
    assert month_time(make_contract().beneficiary, stranger, MAY) is None


def test_instructor_counts_only_days_on_own_worksites(instructor):
    person = make_contract().beneficiary
    own, other = make_worksite(), make_worksite()
    own.instructors.add(instructor)
    make_assignment(person, own, start=dt.date(2024, 1, 1), end=dt.date(2024, 5, 7))
    make_assignment(person, other, start=dt.date(2024, 5, 8))
    for day in (7, 8):
        make_time(person, dt.date(2024, 5, day), 300, kind=TimeKind.IMMERSION)
    assert month_time(person, instructor, MAY).attended == (("immersion", 300),)
    assert [bar.start for bar in immersion_layer(person, instructor).bars] == [dt.date(2024, 5, 7)]


def test_immersions_are_bars_that_weekends_do_not_part(supervisor):
    person = make_contract().beneficiary
    friday = dt.date(2024, 3, 8)
    for day in (friday, friday + 3 * DAY, friday + 6 * DAY):
        make_time(person, day, kind=TimeKind.IMMERSION)
    make_time(person, friday + 4 * DAY)
    assert immersion_layer(person, supervisor).bars == [
        Bar(start=friday, end=friday + 3 * DAY, label="immersion", kind="medium"),
        Bar(start=friday + 6 * DAY, end=friday + 6 * DAY, label="immersion", kind="medium"),
    ]


def test_no_days_are_no_periods():
    assert merged([]) == []
