"""Classification on plain values, against the rule sets that ship."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes.enums import ExitClass, Verdict
from outcomes.models import RuleBook
from outcomes.rules import Facts, Length, Target, TargetResult, classify

pytestmark = pytest.mark.django_db  # before the tests that really commit and empty the database
LONG_STAY = 12


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The rules and reasons that ship, by key and by code."""
    with django_db_blocker.unblock():
        book = RuleBook.load()
    return {each.key: each for each in book.versions}, {each.code: each for each in book.reasons.values()}


def classified(
    shipped, rules: str, code: str | None, length: Length | None = None, stay=LONG_STAY, worked=True
):
    rule_sets, reasons = shipped
    return classify(Facts(reasons[code] if code else None, length, stay, worked), rule_sets[rules])


ASSOCIATION_EXAMPLES = [
    ("1", None, "success", "« En CDI dans la structure ou filiale » fait partie des solutions comptées."),
    ("3", None, "success", "« En CDI non aidé par un autre employeur » fait partie des solutions comptées."),
    ("9", Length(8), "success", "Contrat de 8 mois : plus de 6 mois."),
    ("9", Length(6, 1), "success", "Contrat de 6 mois et 1 jour : plus de 6 mois."),
    ("9", Length(6), "failure", "Contrat de 6 mois : il faut plus de 6 mois."),
    ("9", None, "undocumented", "Durée du contrat inconnue : il faut plus de 6 mois."),
    ("10", Length(5, 30), "failure", "Contrat de 5 mois et 30 jours : il faut plus de 6 mois."),
    ("10", None, "failure", "Le motif dit une durée trop courte : il faut plus de 6 mois."),
    ("10", Length(0, 15), "failure", "Contrat de 15 jours : il faut plus de 6 mois."),
    ("9/10", None, "undocumented", "Durée du contrat inconnue : il faut plus de 6 mois."),
    ("9/10", Length(7), "success", "Contrat de 7 mois : plus de 6 mois."),
    ("14", Length(12), "success", "Contrat de 12 mois : plus de 6 mois."),
    ("14", None, "undocumented", "Durée du contrat inconnue : il faut plus de 6 mois."),
    (
        "4",
        None,
        "failure",
        "« Création ou reprise d’entreprise à son compte » ne fait pas partie des solutions comptées.",
    ),
    (
        "2",
        Length(24),
        "failure",
        "« Pour une durée déterminée dans une autre structure IAE » ne fait pas partie des solutions comptées.",
    ),
    ("8", None, "failure", "« Sans nouvelle » ne fait pas partie des solutions comptées."),
    (None, None, "undocumented", "Situation à la sortie inconnue : à compléter."),
    (
        "96",
        None,
        "undocumented",
        "La classe de « Embauche en CDI Inclusion » n’est pas confirmée : à régler dans l’administration.",
    ),
    ("17", None, "not_examined", "« Décès » : retrait, n’entre pas dans le calcul."),
]


@pytest.mark.parametrize(("code", "length", "verdict", "why"), ASSOCIATION_EXAMPLES)
def test_two_thirds(shipped, code, length, verdict, why):
    made = classified(shipped, "confluences-2-3", code, length)
    assert (made.verdicts, made.why) == ({"dynamic": verdict}, why)


STATE_EXAMPLES = [
    ("3", None, "success", "success", "durable"),
    ("9", None, "success", "success", "durable"),
    ("9", Length(6), "success", "success", "durable"),
    ("10", None, "success", "failure", "transition"),
    ("9/10", None, "success", "undocumented", "durable_or_transition"),
    ("9/10", Length(6), "success", "success", "durable"),
    ("9/10", Length(5, 30), "success", "failure", "transition"),
    ("5", None, "success", "failure", "positive"),
    ("7", None, "failure", "failure", "other"),
    (None, None, "undocumented", "undocumented", "unknown"),
    ("96", None, "undocumented", "undocumented", "unknown"),
    ("18", None, "not_examined", "not_examined", "withdrawal"),
]


@pytest.mark.parametrize(("code", "length", "dynamic", "durable", "klass"), STATE_EXAMPLES)
def test_state_classes(shipped, code, length, dynamic, durable, klass):
    made = classified(shipped, "etat-60-25", code, length)
    assert (made.verdicts, made.klass) == ({"dynamic": dynamic, "durable": durable}, klass)


def test_stay_under_three_months_is_not_examined(shipped):
    made = classified(shipped, "confluences-2-3", "3", stay=2)
    assert made.verdicts == {"dynamic": Verdict.NOT_EXAMINED}
    assert made.why == "Séjour de moins de 3 mois : n’entre pas dans le calcul."
    assert classified(shipped, "confluences-2-3", "3", stay=3).verdicts == {"dynamic": Verdict.SUCCESS}


def test_without_an_hour_worked_is_not_examined(shipped):
    made = classified(shipped, "etat-60-25", "3", worked=False)
    assert made.verdicts == {"dynamic": Verdict.NOT_EXAMINED, "durable": Verdict.NOT_EXAMINED}


def test_class_of_an_exit_left_out_is_still_told(shipped):
    assert classified(shipped, "etat-60-25", "3", stay=1).klass == ExitClass.DURABLE


def result(successes: int, failures: int, undocumented: int, numerator=2, denominator=3) -> TargetResult:
    return TargetResult(Target("dynamic", "", numerator, denominator), successes, failures, undocumented)


@pytest.mark.parametrize(
    ("made", "reached", "rate", "highest", "margin"),
    [
        (result(7, 0, 2), True, Fraction(7, 9), Fraction(1), 1),
        (result(6, 3, 0), True, Fraction(2, 3), Fraction(2, 3), 0),
        (result(5, 3, 1), False, Fraction(5, 9), Fraction(6, 9), -1),
        (result(0, 0, 1), False, Fraction(0), Fraction(1), -1),
        (result(0, 0, 0), None, None, None, 0),
    ],
)
def test_target_result(made, reached, rate, highest, margin):
    assert (made.reached, made.rate, made.highest, made.margin) == (reached, rate, highest, margin)


counts = st.integers(min_value=0, max_value=10_000)


@given(counts, counts, counts)
def test_reached_agrees_with_exact_fractions(successes, failures, undocumented):
    made = result(successes, failures, undocumented)
    assert made.reached == (None if made.rate is None else made.rate >= Fraction(2, 3))


@given(counts, counts, counts)
def test_reached_exactly_when_margin_is_not_negative(successes, failures, undocumented):
    made = result(successes, failures, undocumented)
    assert bool(made.reached) == (made.margin >= 0 and made.examined > 0)


@given(st.integers(0, 60), st.integers(0, 30))
def test_a_longer_contract_never_counts_less(shipped, months, days):
    rank = {Verdict.FAILURE: 0, Verdict.SUCCESS: 1}
    shorter = classified(shipped, "confluences-2-3", "9/10", Length(months, days)).verdicts["dynamic"]
    longer = classified(shipped, "confluences-2-3", "9/10", Length(months + 1, days)).verdicts["dynamic"]
    assert rank[shorter] <= rank[longer]
