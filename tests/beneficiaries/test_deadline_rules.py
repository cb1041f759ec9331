"""What comes due, as tables of examples and properties."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries import deadline_rules as rules
from beneficiaries.deadline_enums import DeadlineKind, DeadlineState
from beneficiaries.deadline_rules import PaperFacts
from beneficiaries.enums import ContractKind, Presence
from beneficiaries.rules import ContractFacts, Period
from beneficiaries.support_rules import proof_valid_until

D = dt.date
TODAY = D(2026, 11, 23)
DAYS = st.dates(D(1990, 1, 1), D(2060, 12, 31))


def day(offset: int) -> dt.date:
    return TODAY + dt.timedelta(days=offset)


def said(due) -> tuple | None:
    """The day, the words and the state of what is due."""
    return due and (due.day, due.words, due.state.value)


@pytest.mark.parametrize(
    ("offset", "state"), [(-1, "late"), (0, "soon"), (60, "soon"), (61, "info"), (9999, "info")]
)
def test_state_on(offset, state):
    assert rules.state_on(day(offset), TODAY) == DeadlineState(state)


@pytest.mark.parametrize(
    ("periods", "due"),
    [
        ([], None),
        ([Period(D(2026, 1, 1), None)], None),
        ([Period(D(2026, 1, 1), day(-1))], None),
        ([Period(D(2026, 1, 1), day(0))], (day(0), "soon")),
        ([Period(D(2026, 1, 1), day(90))], (day(90), "info")),
        ([Period(D(2026, 1, 1), day(91))], None),
        # Renewed, at once or after a pause: nothing to prepare.
        ([Period(D(2026, 1, 1), day(5)), Period(day(6), day(200))], None),
        ([Period(D(2026, 1, 1), day(5)), Period(day(40), None)], None),
        # The one that runs, whatever came before.
        ([Period(D(2026, 1, 1), D(2026, 6, 30)), Period(D(2026, 7, 1), day(30))], (day(30), "soon")),
        ([Period(day(3), day(40))], None),
    ],
)
def test_contract_end(periods, due):
    found = rules.contract_end(periods, TODAY)
    assert (found and (found.day, found.state.value)) == due


@pytest.mark.parametrize(
    ("end", "presence", "due"),
    [
        (None, "present", None),
        (day(91), "present", None),
        (day(90), "present", (day(90), "fin du PASS IAE", "info")),
        (day(60), "upcoming", (day(60), "fin du PASS IAE", "soon")),
        (day(0), "present", (day(0), "fin du PASS IAE", "soon")),
        (day(-400), "present", (day(-400), "PASS IAE expiré", "late")),
        (day(-1), "left", None),
        (day(-1), "no_contract", None),
    ],
)
def test_pass_end(end, presence, due):
    assert said(rules.pass_end(end, Presence(presence), TODAY)) == due


@pytest.mark.parametrize(
    ("end", "presence", "closes", "state"),
    [
        (None, "present", None, None),
        (D(2027, 2, 24), "present", None, None),  # ends in more than three months
        (D(2027, 2, 23), "present", D(2027, 8, 23), "info"),
        (D(2026, 11, 23), "present", D(2027, 5, 23), "info"),
        (D(2026, 11, 22), "present", D(2027, 5, 22), "soon"),
        (D(2026, 5, 23), "present", D(2026, 11, 23), "soon"),  # the last day one can ask
        (D(2026, 5, 22), "present", None, None),
        (D(2026, 11, 22), "upcoming", None, None),
        (D(2026, 11, 22), "left", None, None),
    ],
)
def test_prolongation_window(end, presence, closes, state):
    due = rules.prolongation_window(end, Presence(presence), TODAY)
    assert said(due) == (closes and (closes, "dernier jour pour demander la prolongation du PASS", state))


def cddi(first, last, derogation=""):
    return ContractFacts(ContractKind.CDDI, Period(first, last), derogation)


@pytest.mark.parametrize(
    ("stay", "due"),
    [
        ([], None),
        ([cddi(D(2025, 1, 1), D(2026, 12, 31))], (D(2026, 12, 31), "soon")),
        # From the first day of the stay, not of the contract that runs.
        (
            [cddi(D(2025, 1, 1), D(2025, 12, 31)), cddi(D(2026, 1, 1), D(2026, 12, 31))],
            (D(2026, 12, 31), "soon"),
        ),
        ([cddi(D(2026, 1, 1), D(2026, 12, 31))], None),  # months are left
        ([cddi(D(2025, 2, 22), D(2026, 12, 31))], (D(2027, 2, 21), "info")),  # in 90 days
        ([cddi(D(2025, 2, 23), D(2026, 12, 31))], None),
        ([cddi(D(2024, 6, 1), D(2026, 12, 31))], (D(2026, 5, 31), "late")),
        ([cddi(D(2025, 1, 1), D(2025, 12, 31)), cddi(D(2026, 1, 1), D(2026, 12, 31), "senior_rqth")], None),
        ([cddi(D(2025, 1, 1), D(2026, 12, 31), "sentence")], (D(2026, 12, 31), "soon")),
        (
            [
                cddi(D(2024, 6, 1), D(2026, 5, 31)),
                ContractFacts("cdi_inclusion", Period(D(2026, 6, 1), None)),
            ],
            None,
        ),
    ],
)
def test_cddi_limit(stay, due):
    found = rules.cddi_limit(stay, TODAY)
    assert (found and (found.day, found.state.value)) == due


@pytest.mark.parametrize(
    ("entry", "last_diagnosis", "due"),
    [
        (None, None, None),
        (TODAY, None, (day(30), "diagnostic à faire", "soon")),
        (day(-30), None, (TODAY, "diagnostic à faire", "soon")),
        (day(-31), None, (day(-1), "diagnostic pas encore fait, entrée le 23/10/2026", "late")),
        (day(-31), day(-31), None),
        (day(-400), day(-2), None),
        (
            day(-31),
            day(-32),
            (day(-1), "diagnostic pas encore fait, entrée le 23/10/2026", "late"),
        ),  # of another stay
    ],
)
def test_diagnosis(entry, last_diagnosis, due):
    assert said(rules.diagnosis(entry, last_diagnosis, TODAY)) == due


@pytest.mark.parametrize(
    ("entry", "last", "due"),
    [
        (None, day(-100), None),  # not present
        (day(-29), None, None),
        (day(-30), None, (day(-30), "entrée, aucun suivi depuis", "soon")),
        (day(-200), day(-29), None),
        (day(-200), day(-30), (day(-30), "dernier suivi", "soon")),
        # A talk before the entry does not count against somebody who has just come.
        (day(-10), day(-60), None),
        (day(-40), day(-60), (day(-40), "entrée, aucun suivi depuis", "soon")),
        (day(-40), day(-40), (day(-40), "dernier suivi", "soon")),
    ],
)
def test_silence(entry, last, due):
    assert said(rules.silence(entry, last, 30, TODAY)) == due


def paper(kind="residence", expires_on=None, criterion="", issued_on=None):
    return PaperFacts(kind, criterion, issued_on, expires_on)


def test_latest_papers_go_by_kind_and_proofs_by_criterion():
    new, old, other = paper(expires_on=day(900)), paper(expires_on=day(-1)), paper("identity")
    rsa, qpv = (paper("eligibility", criterion=criterion) for criterion in ("rsa", "qpv"))
    assert rules.latest_papers([new, other, rsa, old, qpv]) == [new, other, rsa, qpv]


@pytest.mark.parametrize(
    ("expires_on", "presence", "due"),
    [
        (None, "present", None),
        (day(61), "present", None),
        (day(60), "present", (day(60), "titre de séjour : fin de validité", "soon")),
        (day(-1), "present", (day(-1), "titre de séjour : fin de validité", "late")),
        (day(-1), "left", None),
        (day(-1), "upcoming", None),
    ],
)
def test_paper_expiry(expires_on, presence, due):
    assert said(rules.paper_expiry(paper(expires_on=expires_on), Presence(presence), TODAY)) == due


PROOF = "justificatif « bénéficiaire du RSA » : "


@pytest.mark.parametrize(
    ("issued_on", "presence", "hired_on", "due"),
    [
        (D(2026, 9, 15), "no_contract", [], (D(2026, 12, 15), f"{PROOF}dernier jour pour embaucher", "soon")),
        (D(2026, 8, 22), "no_contract", [], (D(2026, 11, 22), f"{PROOF}trop ancien pour embaucher", "late")),
        (D(2026, 10, 30), "no_contract", [], None),  # more than 60 days left
        (D(2026, 2, 23), "no_contract", [], (D(2026, 5, 23), f"{PROOF}trop ancien pour embaucher", "late")),
        (D(2026, 2, 22), "no_contract", [], None),  # nobody is about to hire any more
        (None, "no_contract", [], None),
        (D(2026, 9, 15), "upcoming", [D(2026, 12, 15)], None),  # still young enough that day
        (
            D(2026, 9, 15),
            "upcoming",
            [D(2027, 3, 1), D(2026, 12, 16)],
            (D(2026, 12, 15), f"{PROOF}trop ancien pour l’embauche du 16/12/2026", "soon"),
        ),
        (D(2025, 1, 1), "upcoming", [D(2024, 1, 1), D(2026, 12, 16)], None),  # hired once already
        (D(2026, 1, 1), "present", [D(2026, 2, 1)], None),
        (D(2026, 1, 1), "left", [D(2026, 2, 1)], None),
    ],
)
def test_proof_ageing(issued_on, presence, hired_on, due):
    proof = paper("eligibility", criterion="rsa", issued_on=issued_on)
    assert said(rules.proof_ageing(proof, Presence(presence), hired_on, TODAY)) == due


def test_a_paper_that_proves_nothing_does_not_age():
    assert rules.proof_ageing(paper("cv", issued_on=D(2020, 1, 1)), Presence.NO_CONTRACT, [], TODAY) is None


@given(end=DAYS, today=DAYS)
def test_the_pass_is_late_exactly_once_it_is_over(end, today):
    due = rules.pass_end(end, Presence.PRESENT, today)
    assert (due is None) == (end > today + dt.timedelta(days=rules.HORIZON_DAYS))
    assert (due is not None and due.state == DeadlineState.LATE) == (end < today)


@given(end=DAYS, today=DAYS)
def test_nobody_is_sent_to_ask_for_a_prolongation_too_late(end, today):
    due = rules.prolongation_window(end, Presence.PRESENT, today)
    assert due is None or (due.day >= today and due.state != DeadlineState.LATE)


@given(entry=DAYS, last=st.none() | DAYS, days=st.integers(1, 400), today=DAYS)
def test_silence_begins_on_its_day_and_lasts_until_a_talk(entry, last, days, today):
    due = rules.silence(entry, last, days, today)
    since = max(entry, last) if last else entry
    assert (due is not None) == ((today - since).days >= days)
    assert due is None or rules.silence(entry, today, days, today) is None or entry > today


@given(first=DAYS, length=st.integers(0, 900), today=DAYS)
def test_a_contract_is_never_said_to_end_in_the_past(first, length, today):
    due = rules.contract_end([Period(first, first + dt.timedelta(days=length))], today)
    assert due is None or due.day >= today


@given(day=st.dates(), today=st.dates(), kind=st.sampled_from(["rsa", "qpv", "ase"]))
def test_no_date_of_the_calendar_breaks_a_rule(day, today, kind):
    papers = [paper(expires_on=day), paper("eligibility", criterion=kind, issued_on=day)]
    dues = [
        rules.contract_end([Period(day, None), Period(day, day)], today),
        rules.pass_end(day, Presence.PRESENT, today),
        rules.prolongation_window(day, Presence.PRESENT, today),
        rules.cddi_limit([cddi(day, day)], today),
        rules.diagnosis(day, None, today),
        rules.silence(day, None, 30, today),
        rules.paper_expiry(papers[0], Presence.PRESENT, today),
        rules.proof_ageing(papers[1], Presence.NO_CONTRACT, [], today),
    ]
    assert {due.kind for due in dues if due} <= set(DeadlineKind)
    assert proof_valid_until(kind, day) >= day
