"""Writes of immersions: limits held at the save, also by two people at once, and days that become presence."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.models import TimeEntry
from beneficiaries.time_actions import DayFaults, close_month, record_session_part
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.immersion_actions import ImmersionDay, close_immersion, record_immersion_days, save_immersion
from partners.models import Immersion
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.conftest import user_of
from tests.partners.factories import make_immersion, make_partner
from tests.threads import at_once
from tests.worksites.factories import make_assignment, make_job
from worksites.job_actions import share_work

pytestmark = pytest.mark.django_db

D = dt.date
MONDAY = D(2024, 3, 4)
DAY = dt.timedelta(days=1)


@pytest.fixture
def person(db):
    return make_contract(weekly_minutes=35 * 60).beneficiary


@pytest.fixture
def host(db):
    return make_partner(name="Régie de quartier")


def plan(person, host, **fields) -> Immersion:
    fields = {
        "purpose": ImmersionPurpose.DISCOVER,
        "start": MONDAY,
        "end": MONDAY + 4 * DAY,
        "job": "Jardinier",
    } | fields
    return Immersion(beneficiary=person, host=host, **fields)


def refusal(immersion) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        save_immersion(immersion, by=None)
    return refused.value.message_dict


# Limits


def test_an_immersion_within_the_law_is_saved(person, host, social_worker):
    saved = save_immersion(plan(person, host), by=social_worker)
    assert (saved.created_by, Immersion.objects.count()) == (social_worker, 1)


def test_a_limit_is_refused_where_it_is_corrected_with_its_text(person, host):
    assert list(refusal(plan(person, host, end=D(2024, 4, 4)))) == ["end"]
    [words] = refusal(plan(person, host, end=D(2024, 4, 4)))["end"]
    assert words.startswith("32 jours, c’est trop")
    assert "décret n° 2014-1360" in words
    assert not Immersion.objects.exists()


def test_another_persons_immersions_do_not_count(person, host):
    other = make_contract().beneficiary
    save_immersion(plan(other, host), by=None)
    save_immersion(plan(person, host), by=None)


def test_what_changes_nothing_of_the_limits_is_not_judged_again(person, host):
    """An immersion recorded before the contract was shortened still gets its tutor."""
    outside = make_immersion(make_beneficiary(), host)
    outside.tutor = "Dominique"
    assert save_immersion(outside, by=None).tutor == "Dominique"
    outside.end += DAY
    assert "start" in refusal(outside)


def test_only_ones_own_immersion_is_renewed(person, host):
    other = make_immersion(make_contract().beneficiary, host, outcome=ImmersionOutcome.MISSED)
    again = plan(person, host, start=D(2024, 3, 11), end=D(2024, 3, 15), renews=other)
    with pytest.raises(ValidationError, match="celle d’une autre personne"):
        save_immersion(again, by=None)


def test_a_missed_goal_is_renewed_once(person, host):
    first = save_immersion(plan(person, host), by=None)
    second = plan(person, host, start=D(2024, 3, 11), end=D(2024, 3, 15), renews=first)
    assert "notez d’abord ce bilan" in str(refusal(second))
    first.outcome = ImmersionOutcome.MISSED
    close_immersion(first, by=None)
    save_immersion(second, by=None)
    third = plan(person, host, start=D(2024, 3, 18), end=D(2024, 3, 22), renews=second)
    second.outcome = ImmersionOutcome.MISSED
    close_immersion(second, by=None)
    assert "déjà un renouvellement" in str(refusal(third))


@pytest.mark.parametrize(
    ("save", "name", "value"),
    [
        (save_immersion, "purpose", ImmersionPurpose.RECRUIT),
        (close_immersion, "outcome", ImmersionOutcome.REACHED),
    ],
)
def test_what_is_renewed_stays_renewable(person, host, save, name, value):
    first = make_immersion(person, host, outcome=ImmersionOutcome.MISSED)
    save_immersion(plan(person, host, start=D(2024, 3, 11), end=D(2024, 3, 15), renews=first), by=None)
    first.job = "Paysagiste"
    save(first, by=None)
    setattr(first, name, value)
    with pytest.raises(ValidationError, match="renouvelée à partir du 11 mars 2024"):
        save(first, by=None)


def test_hours_recorded_stay_inside_the_dates(person, host):
    immersion = save_immersion(plan(person, host), by=None)
    make_time(person, MONDAY + 4 * DAY, kind=TimeKind.IMMERSION)
    immersion.end = MONDAY + 3 * DAY
    assert refusal(immersion) == {
        "end": ["Des heures d’immersion sont pointées le 8 mars 2024 : retirez-les d’abord."]
    }
    immersion.outcome = ImmersionOutcome.BROKEN_OFF
    with pytest.raises(ValidationError):
        close_immersion(immersion, by=None)


def test_the_outcome_shortens_and_never_prolongs(person, host):
    immersion = save_immersion(plan(person, host), by=None)
    immersion.outcome, immersion.end = ImmersionOutcome.BROKEN_OFF, MONDAY + DAY
    assert close_immersion(immersion, by=None).end == MONDAY + DAY
    immersion.end = MONDAY + 9 * DAY
    with pytest.raises(ValidationError):
        close_immersion(immersion, by=None)


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_two_periods_never_exceed_what_one_host_may_have(self, person, host):
        """Each alone keeps to sixty days; together they would not: one is saved, the other refused."""
        save_immersion(plan(person, host, start=D(2024, 1, 1), end=D(2024, 1, 31)), by=None)
        one = plan(person, host, purpose=ImmersionPurpose.CONFIRM, start=D(2024, 6, 3), end=D(2024, 6, 14))
        other = plan(person, host, purpose=ImmersionPurpose.RECRUIT, start=D(2024, 7, 1), end=D(2024, 7, 12))
        results = at_once(lambda: save_immersion(one, by=None), lambda: save_immersion(other, by=None))
        refused = [result for result in results if isinstance(result, ValidationError)]
        assert len(refused) == 1
        assert "Deux périodes ont déjà lieu" in str(refused[0])
        assert Immersion.objects.count() == 2

    def test_two_hosts_never_take_more_than_a_quarter_of_the_contract(self, host):
        person = make_contract(start=D(2024, 1, 1), end=D(2024, 4, 30)).beneficiary
        one = plan(person, host, start=D(2024, 1, 8), end=D(2024, 1, 26))
        other = plan(person, make_partner(), start=D(2024, 2, 5), end=D(2024, 2, 23))
        results = at_once(lambda: save_immersion(one, by=None), lambda: save_immersion(other, by=None))
        assert [isinstance(result, ValidationError) for result in results].count(True) == 1
        assert Immersion.objects.count() == 1


# Days


@pytest.fixture
def immersion(person, host):
    return save_immersion(plan(person, host), by=None)


def record(immersion, *days: tuple[dt.date, int, list[Part]]):
    return record_immersion_days(
        immersion, [ImmersionDay(day, minutes, seen) for day, minutes, seen in days], by=None
    )


def parts_of(person, day=MONDAY) -> list[Part]:
    return sorted(entry.part for entry in TimeEntry.objects.filter(beneficiary=person, day=day, start=None))


def test_days_become_presence(immersion, person):
    record(immersion, (MONDAY, 420, []), (MONDAY + DAY, 210, []))
    assert parts_of(person) == [Part(TimeKind.IMMERSION, 420)]
    assert parts_of(person, MONDAY + DAY) == [Part(TimeKind.IMMERSION, 210)]


def test_a_day_is_corrected_and_taken_back(immersion, person):
    record(immersion, (MONDAY, 420, []))
    record(immersion, (MONDAY, 300, [Part(TimeKind.IMMERSION, 420)]))
    assert parts_of(person) == [Part(TimeKind.IMMERSION, 300)]
    record(immersion, (MONDAY, 0, [Part(TimeKind.IMMERSION, 300)]))
    assert parts_of(person) == []


def test_immersion_takes_the_place_of_work(immersion, person):
    make_time(person, MONDAY, 420)
    record(immersion, (MONDAY, 210, parts_of(person)))
    assert parts_of(person) == [Part(TimeKind.IMMERSION, 210), Part(TimeKind.WORK, 210)]


def test_work_shared_between_jobs_is_not_taken_away_in_silence(person, host):
    immersion = save_immersion(plan(person, host), by=None)
    job = make_job()
    make_assignment(person, job.worksite)
    share_work(make_time(person, MONDAY, 420), {job: 420})
    with pytest.raises(DayFaults, match="réparties entre des commandes"):
        record(immersion, (MONDAY, 420, parts_of(person)))
    assert parts_of(person) == [Part(TimeKind.WORK, 420)]


def test_an_absence_is_asked_about(immersion, person):
    make_time(person, MONDAY, 420, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    with pytest.raises(DayFaults, match="une absence de 7"):
        record(immersion, (MONDAY, 420, parts_of(person)))


def test_a_training_session_of_the_day_stays(immersion, person):
    record_session_part(person, MONDAY, dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    record(immersion, (MONDAY, 210, []))
    assert TimeEntry.objects.filter(day=MONDAY).count() == 2


def test_a_closed_month_and_a_day_outside_write_nothing(immersion, person):
    with pytest.raises(DayFaults, match="n’est pas dans l’immersion"):
        record(immersion, (MONDAY, 420, []), (D(2024, 3, 11), 420, []))
    close_month(D(2024, 3, 1), D(2024, 3, 31), by=user_of(Role.SUPERVISOR), today=D(2024, 4, 2))
    with pytest.raises(DayFaults, match="est clos"):
        record(immersion, (MONDAY, 420, []))
    assert not TimeEntry.objects.exists()


def test_a_day_that_somebody_else_changed(immersion, person):
    make_time(person, MONDAY, 420)
    with pytest.raises(DayFaults) as refused:
        record(immersion, (MONDAY, 420, []))
    assert refused.value.is_conflict


@pytest.mark.django_db(transaction=True)
def test_two_recordings_of_one_day_keep_one(person, host):
    immersion = save_immersion(plan(person, host), by=None)
    results = at_once(
        lambda: record(immersion, (MONDAY, 420, [])), lambda: record(immersion, (MONDAY, 300, []))
    )
    assert [isinstance(result, DayFaults) for result in results].count(True) == 1
    assert [part.minutes for part in parts_of(person)] in ([420], [300])
