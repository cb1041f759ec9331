"""Contracts and PASS IAE on plain values: each rule as a table."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries import rules
from beneficiaries.enums import ContractKind, LengthDerogation, Presence, ProlongationReason
from beneficiaries.rules import ContractFacts, Period

D = dt.date


def cddi(first, last, derogation=""):
    return ContractFacts(ContractKind.CDDI, Period(first, last), derogation)


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (D(1990, 6, 15), D(2024, 6, 14), 33),
        (D(1990, 6, 15), D(2024, 6, 15), 34),
        (D(2004, 2, 29), D(2022, 2, 28), 17),
        (D(2004, 2, 29), D(2022, 3, 1), 18),
    ],
)
def test_age_on(birth, day, age):
    assert rules.age_on(birth, day) == age


@pytest.mark.parametrize(
    ("periods", "presence"),
    [
        ([], Presence.NO_CONTRACT),
        ([Period(D(2024, 1, 1), D(2024, 6, 30))], Presence.PRESENT),
        ([Period(D(2024, 1, 1), None)], Presence.PRESENT),
        ([Period(D(2024, 1, 1), D(2024, 6, 29))], Presence.LEFT),
        ([Period(D(2024, 7, 1), D(2024, 12, 31))], Presence.UPCOMING),
        ([Period(D(2023, 1, 1), D(2023, 6, 30)), Period(D(2024, 7, 1), None)], Presence.UPCOMING),
    ],
)
def test_presence_on(periods, presence):
    assert rules.presence_on(periods, D(2024, 6, 30)) == presence


def test_stays_break_where_a_day_is_missing():
    spring, summer = Period(D(2024, 3, 1), D(2024, 5, 31)), Period(D(2024, 6, 1), D(2024, 8, 31))
    winter = Period(D(2024, 9, 2), None)
    assert rules.stays([winter, summer, spring]) == [[spring, summer], [winter]]


@pytest.mark.parametrize(
    ("day", "first_days"),
    [
        (D(2024, 2, 29), []),
        (D(2024, 3, 1), [D(2024, 3, 1), D(2024, 6, 1)]),
        (D(2024, 8, 31), [D(2024, 3, 1), D(2024, 6, 1)]),
        (D(2024, 9, 1), []),
        (D(2030, 1, 1), [D(2024, 9, 2)]),
    ],
)
def test_stay_around(day, first_days):
    periods = [
        Period(D(2024, 9, 2), None),
        Period(D(2024, 6, 1), D(2024, 8, 31)),
        Period(D(2024, 3, 1), D(2024, 5, 31)),
    ]
    assert [period.first for period in rules.stay_around(periods, day)] == first_days


SHORT, LONG, TOO_LONG = "Un CDDI dure au moins 4 mois", "au-delà de 24 mois", "dépasse 60 mois"


@pytest.mark.parametrize(
    ("contracts", "fault"),
    [
        ([], None),
        ([cddi(D(2024, 1, 1), D(2024, 4, 30))], None),
        ([cddi(D(2024, 1, 1), D(2024, 4, 29))], SHORT),
        ([cddi(D(2024, 1, 1), D(2024, 2, 29), LengthDerogation.SENTENCE)], None),
        ([cddi(D(2024, 1, 1), D(2024, 6, 30)), cddi(D(2024, 7, 1), D(2024, 8, 31))], None),
        ([cddi(D(2024, 1, 1), D(2025, 12, 31))], None),
        ([cddi(D(2024, 1, 1), D(2026, 1, 1))], LONG),
        ([cddi(D(2024, 1, 1), D(2026, 1, 1), LengthDerogation.SENTENCE)], LONG),
        ([cddi(D(2024, 1, 1), D(2026, 1, 1), LengthDerogation.TRAINING)], None),
        ([cddi(D(2024, 1, 1), D(2028, 12, 31), LengthDerogation.DIFFICULTIES)], None),
        ([cddi(D(2024, 1, 1), D(2029, 1, 1), LengthDerogation.DIFFICULTIES)], TOO_LONG),
        ([ContractFacts(ContractKind.CDI_INCLUSION, Period(D(2024, 1, 1), None))], None),
    ],
)
def test_chain_faults(contracts, fault):
    faults = rules.chain_faults(contracts)
    assert [fault in text for text in faults] == ([True] if fault else [])


def test_pass_end_of_two_years():
    assert rules.pass_end(D(2024, 1, 1), [], []) == D(2025, 12, 30)


@given(
    st.dates(D(2015, 1, 1), D(2040, 1, 1)),
    st.lists(st.integers(1, 300), max_size=4),
    st.lists(st.integers(1, 300), max_size=4),
)
def test_pass_end_moves_by_each_suspended_and_added_day(start, suspended, added):
    def periods(lengths):
        return [Period(start, start + dt.timedelta(days=length - 1)) for length in lengths]

    end = rules.pass_end(start, periods(suspended), periods(added))
    assert (end - start).days == 729 + sum(suspended) + sum(added)


PASS = Period(D(2024, 1, 1), D(2025, 12, 30))


@pytest.mark.parametrize(
    ("period", "recorded_on", "faults"),
    [
        (Period(D(2024, 5, 1), D(2024, 5, 31)), D(2024, 6, 1), []),
        (Period(D(2025, 12, 30), D(2026, 1, 30)), D(2026, 1, 1), []),
        (Period(D(2025, 12, 31), D(2026, 1, 30)), D(2026, 1, 1), ["doit commencer pendant le PASS IAE"]),
        (Period(D(2024, 5, 1), D(2027, 4, 30)), D(2024, 6, 1), []),
        (Period(D(2024, 5, 1), D(2027, 5, 1)), D(2024, 6, 1), ["36 mois"]),
        (Period(D(2024, 5, 1), D(2024, 5, 31)), D(2025, 5, 1), []),
        (Period(D(2024, 5, 1), D(2024, 5, 31)), D(2025, 5, 2), ["365 jours avant"]),
    ],
)
def test_suspension_faults(period, recorded_on, faults):
    found = rules.suspension_faults(period, PASS, recorded_on)
    assert [fault in text for fault, text in zip(faults, found, strict=True)] == [True] * len(faults)


@pytest.mark.parametrize(
    ("reason", "days", "requested_on", "other_days", "faults"),
    [
        (ProlongationReason.RQTH, 365, D(2025, 12, 1), 0, []),
        (ProlongationReason.RQTH, 366, D(2025, 12, 1), 0, ["365 jours au plus"]),
        (ProlongationReason.RQTH, 365, D(2025, 12, 1), 2 * 365, []),
        (ProlongationReason.RQTH, 365, D(2025, 12, 1), 2 * 365 + 1, ["3 ans en tout ; il reste 364 jours"]),
        (ProlongationReason.SENIOR, 365, D(2025, 12, 1), 4 * 365, []),
        (ProlongationReason.SENIOR, 1, D(2025, 12, 1), 5 * 365, ["5 ans en tout ; il reste 0 jours"]),
        (ProlongationReason.COMPLETE_TRAINING, 365, D(2025, 12, 1), 9 * 365, []),
        (ProlongationReason.RQTH, 30, D(2024, 12, 30), 0, []),
        (ProlongationReason.RQTH, 30, D(2024, 12, 29), 0, ["La demande se fait entre"]),
        (ProlongationReason.RQTH, 30, D(2026, 6, 30), 0, []),
        (ProlongationReason.RQTH, 30, D(2026, 7, 1), 0, ["La demande se fait entre"]),
    ],
)
def test_prolongation_faults(reason, days, requested_on, other_days, faults):
    first = D(2025, 12, 31)
    period = Period(first, first + dt.timedelta(days=days - 1))
    found = rules.prolongation_faults(reason, period, D(2025, 12, 30), requested_on, other_days)
    assert [fault in text for fault, text in zip(faults, found, strict=True)] == [True] * len(faults)


def test_prolongation_begins_the_day_after_the_end():
    period = Period(D(2026, 1, 1), D(2026, 3, 31))
    faults = rules.prolongation_faults(ProlongationReason.RQTH, period, D(2025, 12, 30), D(2025, 12, 1), 0)
    assert faults == ["La prolongation doit commencer le lendemain de la fin du PASS, le 31/12/2025."]


def test_days_in_refuses_a_period_without_end():
    with pytest.raises(ValueError, match="no last day"):
        rules.days_in(Period(D(2024, 1, 1), None))


@pytest.mark.parametrize(
    ("one", "other", "similar"),
    [
        ("Benali Amina", "Ben Ali Amina", True),
        ("Benali Amina", "Amina Ben Ali", True),
        ("Traoré Moussa", "TRAORE Mousa", True),
        ("Diallo Amina", "Amina Dialo", True),
        ("Dupont Jean", "Durand Jean", False),
        ("Nguyen Anh", "Tran Binh", False),
    ],
)
def test_similar_names(one, other, similar):
    assert rules.similar_names(one, other) == similar


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("D’Ângelo Zoé", "zoe d angelo", True),
        ("Ba Ali", "Bali A", False),
    ],
)
def test_same_name(one, other, same):
    assert rules.same_name(one, other) == same
