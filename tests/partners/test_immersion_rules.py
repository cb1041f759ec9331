"""What the law allows of an immersion, in worked examples and against the definitions themselves."""

import datetime as dt
import doctest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from beneficiaries.enums import ContractKind
from beneficiaries.rules import Period
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.dates import add_months, day_before
from confluences.working_days import days_between
from partners import immersion_rules
from partners.enums import ImmersionOutcome, ImmersionPurpose
from partners.immersion_rules import (
    DECREE,
    LAW,
    Employment,
    Placement,
    Renewed,
    absence_fault,
    last_day_of_month_from,
    limits,
    same_host_fault,
    with_immersion,
    working_days_of,
)

D = dt.date
HOST, ELSEWHERE = 1, 2
DISCOVER, CONFIRM, RECRUIT = (purpose.value for purpose in ImmersionPurpose)


NEW_YEAR, YEAR_END = D(2024, 1, 1), D(2024, 12, 31)
MONDAY, FRIDAY = D(2024, 3, 4), D(2024, 3, 8)


def test_worked_examples():
    assert doctest.testmod(immersion_rules).failed == 0


def contract(first=NEW_YEAR, last=YEAR_END, kind=ContractKind.CDDI, work_days="12345"):
    return Employment(kind, Period(first, last), 26 * 60, work_days)


def plan(first=MONDAY, last=FRIDAY, purpose=DISCOVER, host=HOST, series=0):
    return Placement(host, purpose, first, last, series)


def before(first, last, purpose=CONFIRM, host=HOST, series=7):
    return plan(first, last, purpose, host, series)


def broken(a_plan, others=(), contracts=None, renewed=None) -> dict[str, str]:
    found = limits(a_plan, others, [contract()] if contracts is None else contracts, renewed)
    return {limit.title: limit.words for limit in found if not limit.kept}


def test_a_week_inside_a_contract_keeps_every_limit_and_each_names_its_text():
    found = limits(plan(), [], [contract()])
    assert [(limit.title, limit.kept) for limit in found] == [
        ("Objet", True),
        ("Durée de la convention", True),
        ("Même structure d’accueil", True),
        ("Une immersion à la fois", True),
        ("Contrat", True),
        ("Jours travaillés", True),
        ("Part du contrat", True),
    ]
    assert {limit.source for limit in found} == {LAW, DECREE}
    assert all(limit.words.endswith(".") for limit in found)


def test_an_unknown_purpose_is_refused():
    assert "Choisissez-en un" in broken(plan(purpose="work"))["Objet"]


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (D(2024, 3, 4), D(2024, 4, 3)),
        (D(2024, 1, 31), D(2024, 2, 29)),
        (D(2023, 1, 30), D(2023, 2, 28)),
        (D(2024, 2, 1), D(2024, 2, 29)),
    ],
)
def test_a_month_from_a_day(first, last):
    assert last_day_of_month_from(first) == last
    assert "Durée de la convention" not in broken(plan(first, last))
    assert "un mois au plus" in broken(plan(first, last + dt.timedelta(days=1)))["Durée de la convention"]


@given(st.dates(D(2000, 1, 1), D(2050, 1, 1)))
def test_a_month_is_28_to_31_days(first):
    days = (last_day_of_month_from(first) - first).days + 1
    assert 28 <= days <= 31
    assert days >= 30 or first.month in {1, 2}


# The same host


def test_two_periods_of_different_purposes_are_allowed_and_a_third_is_not():
    first = before(D(2024, 1, 8), D(2024, 1, 12), CONFIRM, series=1)
    second = before(D(2024, 2, 5), D(2024, 2, 9), RECRUIT, series=2)
    assert broken(plan(), [first]) == {}
    assert broken(plan(), [first, second])["Même structure d’accueil"].startswith("Deux périodes")
    assert broken(plan(host=ELSEWHERE), [first, second]) == {}


def test_the_same_purpose_twice_in_twelve_months():
    spring = before(D(2024, 3, 4), D(2024, 3, 15), DISCOVER)
    assert "a déjà cet objet, du 04/03/2024 au 15/03/2024" in same_host_fault(
        plan(D(2025, 3, 3), D(2025, 3, 7)), [spring]
    )
    assert same_host_fault(plan(D(2025, 3, 16), D(2025, 3, 20)), [spring]) == ""


def test_more_than_sixty_days():
    """31 days in January, 30 from 1 June: 61 days. One day less is allowed."""
    winter = before(D(2024, 1, 1), D(2024, 1, 31))
    assert "61 jours chez cet hôte" in same_host_fault(plan(D(2024, 6, 1), D(2024, 6, 30)), [winter])
    assert same_host_fault(plan(D(2024, 6, 1), D(2024, 6, 29)), [winter]) == ""


def test_a_renewal_belongs_to_the_period_it_continues():
    first = before(D(2024, 1, 8), D(2024, 1, 31), DISCOVER, series=1)
    second = before(D(2024, 2, 5), D(2024, 2, 9), CONFIRM, series=2)
    renewal = plan(D(2024, 3, 4), D(2024, 3, 8), DISCOVER, series=1)
    assert same_host_fault(renewal, [first, second]) == ""


days = st.integers(0, 800).map(lambda number: D(2024, 1, 1) + dt.timedelta(days=number))
placements = st.builds(
    lambda first, length, purpose, series: Placement(
        HOST, purpose, first, first + dt.timedelta(days=length), series
    ),
    days,
    st.integers(0, 30),
    st.sampled_from(ImmersionPurpose.values),
    st.integers(1, 4),
)


def breaks_some_twelve_months(a_plan, others) -> bool:
    """The definition itself: whether any twelve months in a row that the plan touches hold too much."""
    start = min(each.first for each in (a_plan, *others)) - dt.timedelta(days=370)
    end = max(each.last for each in (a_plan, *others))
    for first in days_between(start, end):
        last = day_before(add_months(first, 12))
        if not a_plan.days_within(first, last):
            continue
        inside = [each for each in others if each.days_within(first, last)]
        periods = {each.series: each.purpose for each in inside if each.series != a_plan.series}
        total = sum(each.days_within(first, last) for each in (a_plan, *inside))
        if a_plan.purpose in periods.values() or len(periods) > 1 or total > 60:
            return True
    return False


@settings(max_examples=60)
@given(placements, st.lists(placements, max_size=3))
def test_same_host_is_what_its_definition_says(a_plan, others):
    assert bool(same_host_fault(a_plan, others)) == breaks_some_twelve_months(a_plan, others)


# Renewals


def renewed(outcome=ImmersionOutcome.MISSED, is_renewal=False, has_other=False, **fields) -> Renewed:
    placement = before(
        **{"first": D(2024, 2, 5), "last": D(2024, 3, 1), "purpose": DISCOVER, "series": 1} | fields
    )
    return Renewed(placement, outcome, is_renewal, has_other)


def test_a_renewal_of_a_missed_goal_is_allowed():
    again = renewed()
    assert broken(plan(series=1), [again.placement], renewed=again) == {}


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (renewed(outcome=ImmersionOutcome.REACHED), "notez d’abord ce bilan"),
        (renewed(outcome=""), "notez d’abord ce bilan"),
        (renewed(is_renewal=True), "déjà un renouvellement"),
        (renewed(has_other=True), "déjà renouvelée"),
        (renewed(purpose=CONFIRM), "garde la structure d’accueil et l’objet"),
        (renewed(host=ELSEWHERE), "garde la structure d’accueil et l’objet"),
        (renewed(last=D(2024, 3, 4)), "commence après"),
    ],
)
def test_other_renewals_are_refused(again, words):
    assert words in broken(plan(series=1), [], renewed=again)["Renouvellement"]


# The contract


def test_outside_a_contract():
    assert broken(plan(), contracts=[])["Contrat"].startswith("La personne n’a pas de contrat le 04/03/2024")
    ends = contract(last=D(2024, 3, 7))
    assert "finit le 07/03/2024" in broken(plan(), contracts=[ends])["Contrat"]


def test_a_renewed_contract_is_one_contract():
    winter, spring = contract(last=D(2024, 3, 6)), contract(first=D(2024, 3, 7))
    assert broken(plan(), contracts=[winter, spring]) == {}


def test_a_period_without_a_working_day():
    """Wednesday 1 May is a public holiday; the contract works from Monday to Thursday."""
    monday_to_thursday = contract(work_days="1234")
    assert (
        "Aucun jour travaillé"
        in broken(plan(D(2024, 5, 3), D(2024, 5, 5)), contracts=[monday_to_thursday])["Jours travaillés"]
    )
    assert list(working_days_of(D(2024, 4, 30), D(2024, 5, 3), [monday_to_thursday])) == [
        D(2024, 4, 30),
        D(2024, 5, 2),
    ]


def test_a_quarter_of_a_cddi():
    """Four months from 1 January 2024 are 121 days, of which 30: 25 were spent, 5 more are allowed and 6 are not."""
    short = contract(last=D(2024, 4, 30))
    spent = before(D(2024, 2, 1), D(2024, 2, 25), host=ELSEWHERE)
    assert broken(plan(D(2024, 3, 4), D(2024, 3, 8)), [spent], [short]) == {}
    too_much = broken(plan(D(2024, 3, 4), D(2024, 3, 9)), [spent], [short])
    assert too_much["Part du contrat"].startswith("31 jours d’immersion en tout, sur 30 possibles")


def test_a_cdi_has_no_share():
    lasting = Employment(ContractKind.CDI_INCLUSION, Period(D(2024, 1, 1), None), 26 * 60, "12345")
    assert "Part du contrat" not in {limit.title for limit in limits(plan(), [], [lasting])}


def test_two_immersions_at_once():
    other = before(D(2024, 3, 8), D(2024, 3, 12), host=ELSEWHERE)
    assert "déjà en immersion" in broken(plan(), [other])["Une immersion à la fois"]


def test_a_mistyped_year_is_answered():
    found = broken(plan(D(2024, 3, 4), D(9999, 12, 31)))
    assert {"Durée de la convention", "Contrat"} <= set(found)


# Hours

WORK = Part(TimeKind.WORK, 390)
ABSENCE = Part(TimeKind.UNPAID_ABSENCE, 390, AbsenceReason.HEALTH)
parts_of_a_day = st.lists(
    st.builds(
        Part, st.sampled_from([TimeKind.WORK, TimeKind.TRAINING, TimeKind.IMMERSION]), st.integers(1, 400)
    ),
    max_size=3,
    unique_by=lambda part: part.kind,
)


@given(parts_of_a_day, st.integers(0, 600))
def test_hours_are_never_counted_twice(parts, minutes):
    """The day holds the immersion typed; work never grows, and only shrinks by what was added; the rest stays."""
    after = with_immersion(parts, minutes)

    def of(kind, some):
        return sum(part.minutes for part in some if part.kind == kind)

    added = max(minutes - of(TimeKind.IMMERSION, parts), 0)
    assert of(TimeKind.IMMERSION, after) == minutes
    assert of(TimeKind.WORK, after) == max(of(TimeKind.WORK, parts) - added, 0)
    assert of(TimeKind.TRAINING, after) == of(TimeKind.TRAINING, parts)
    assert all(part.minutes > 0 for part in after)


def test_an_absence_is_not_overwritten():
    assert "une absence de" in absence_fault([ABSENCE], 60, 0, 420)
    assert absence_fault([Part(ABSENCE.kind, 30, AbsenceReason.LATE)], 390, 0, 420) == ""
    assert "une absence" in absence_fault([Part(ABSENCE.kind, 30, AbsenceReason.LATE)], 390, 60, 420)
    assert absence_fault([WORK], 420, 0, 420) == ""
    assert absence_fault([ABSENCE], 0, 0, 420) == ""
