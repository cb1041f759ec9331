"""Figures counted by the database: the 2014 cohort, equality with the Python rules, constant queries."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.models import Beneficiary, Contract, ProtectedSituation
from confluences.actions import save_recorded
from outcomes.enums import CohortBasis
from outcomes.figures import cohort_figures
from outcomes.models import Cohort, Exit, ExitReason, NoRuleInForce, RuleBook, verdict_name
from outcomes.recount import recounted_figures
from outcomes.reports import compared, explained, result_of
from outcomes.snapshot import take_snapshot
from tests.beneficiaries.factories import make_beneficiary, make_situation
from tests.outcomes.factories import make_2014, make_cohort, make_exit
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db


def counted(result, rule_set: int, target: int) -> tuple[int, int, int]:
    made = result.rule_sets[rule_set].targets[target]
    return made.successes, made.examined, made.undocumented


def test_2014_under_both_rule_sets():
    result = result_of(make_2014(), RuleBook.load())
    assert [counted(result, 0, 0), counted(result, 1, 0), counted(result, 1, 1)] == [
        (7, 9, 2),
        (9, 9, 0),
        (4, 9, 2),
    ]
    assert [each.reached for each in result.rule_sets[1].targets] == [True, True]


def test_2014_figures_as_json():
    figures = cohort_figures(result_of(make_2014(), RuleBook.load()))
    keys = ("examined", "successes", "failures", "undocumented", "not_examined", "target", "reached")
    assert {key: figures[key] for key in keys} == {
        "examined": 9,
        "successes": 7,
        "failures": 0,
        "undocumented": 2,
        "not_examined": 0,
        "target": "2/3",
        "reached": True,
    }
    assert (figures["lowest_percent"], figures["highest_percent"]) == ("77.8", "100.0")
    durable = figures["rule_sets"][1]["targets"][1]
    assert (durable["rate_percent"], durable["highest_percent"]) == ("44.4", "66.7")


def test_2014_by_class():
    lines = result_of(make_2014(), RuleBook.load()).by_class
    assert [(line.key, line.examined, line.successes, line.undocumented) for line in lines] == [
        ("durable", 4, 4, 0),
        ("positive", 3, 3, 0),
        ("durable_or_transition", 2, 0, 2),
    ]


def test_an_empty_cohort_has_no_verdict():
    figures = cohort_figures(result_of(make_cohort(), RuleBook.load()))
    assert (figures["examined"], figures["reached"], figures["rate_percent"]) == (0, None, None)


def test_a_cohort_before_any_rule_says_so():
    cohort = make_cohort(start=dt.date(1990, 1, 1), end=dt.date(1990, 12, 31))
    with pytest.raises(NoRuleInForce, match="Aucune règle de calcul n’est en vigueur le 31/12/1990"):
        result_of(cohort, RuleBook.load())


def test_cohort_by_entry_counts_those_who_entered_in_the_period():
    make_exit("3")
    by_entry = make_cohort(basis=CohortBasis.ENTRY)
    next_year = make_cohort(basis=CohortBasis.ENTRY, start=dt.date(2025, 1, 1), end=dt.date(2025, 12, 31))
    book = RuleBook.load()
    assert [result_of(cohort, book).examined for cohort in (by_entry, next_year)] == [1, 0]


def test_cohort_of_one_worksite_leaves_the_others_out():
    here, elsewhere = make_worksite(name="Ici"), make_worksite(name="Ailleurs")
    for worksite in (here, elsewhere):
        person = make_beneficiary()
        make_assignment(person, worksite)
        make_exit("3", person)
    cohort = make_cohort()
    cohort.worksites.add(here)
    result = result_of(cohort, RuleBook.load())
    assert [(line.label, line.examined) for line in result.by_worksite] == [("Ici", 1)]


def test_profile_reads_the_situation_of_the_same_entry_only():
    person = make_beneficiary(birth_date=dt.date(1999, 6, 1))
    make_exit("3", person)
    make_situation(person, entered_on=dt.date(2024, 1, 1), rsa="simple")
    make_situation(person, entered_on=dt.date(2020, 1, 1), ass=True)
    lines = {line.key: line.examined for line in result_of(make_cohort(), RuleBook.load()).by_profile}
    assert {key for key, examined in lines.items() if examined} == {"femmes", "moins_de_26", "rsa"}


def test_a_supposed_identity_enters_no_figure():
    make_exit("3", make_beneficiary(assumed_identity=True))
    lines = result_of(make_cohort(), RuleBook.load()).by_profile
    assert {line.key for line in lines if line.examined} == set()


def make_protected_exits(count: int) -> Cohort:
    for _ in range(count):
        person = make_beneficiary()
        make_exit("3", person)
        save_recorded(ProtectedSituation(situation=make_situation(person), rqth=True), by=None)
    return make_cohort()


@pytest.mark.parametrize(("people", "shown"), [(4, None), (5, 5)])
def test_health_leaves_the_house_from_five_people_on(people, shown):
    figures = cohort_figures(result_of(make_protected_exits(people), RuleBook.load()))
    line = next(line for line in figures["by_profile"] if line["key"] == "rqth")
    assert (line["examined"], line["successes"]) == (shown, shown)


@pytest.mark.parametrize("exits", [1, 3])
def test_result_takes_two_queries(django_assert_num_queries, exits):
    for _ in range(exits):
        make_exit("3")
    cohort, book = Cohort.objects.get(pk=make_cohort().pk), RuleBook.load()
    with django_assert_num_queries(2):  # the cohort's worksites, and the count
        result_of(cohort, book)


@pytest.mark.parametrize("cohorts", [1, 3])
def test_comparison_takes_one_query_for_all_cohorts(django_assert_num_queries, cohorts):
    make_exit("3")
    for _ in range(cohorts):
        make_cohort()
    loaded, book = list(Cohort.objects.prefetch_related("worksites")), RuleBook.load()
    with django_assert_num_queries(1):
        results = compared(loaded, None, book)
    assert [(each.result.successes, each.result.examined) for each in results] == [(1, 1)] * cohorts


def test_rule_book_takes_five_queries(django_assert_num_queries):
    with django_assert_num_queries(5):  # versions, targets, counted reasons, their reasons, all reasons
        RuleBook.load()


random_exit = st.tuples(
    st.integers(-1, 24),  # a reason by its rank, or none
    st.one_of(st.none(), st.integers(0, 24)),
    st.integers(0, 30),
    st.integers(60, 400),  # days of stay
    st.booleans(),
)


def insert_exit(index: int, drawn, reasons: list[ExitReason]) -> Exit:
    rank, months, days, stay, worked = drawn
    left_on = dt.date(2024, 1, 1) + dt.timedelta(days=index % 366)
    hired_on = left_on - dt.timedelta(days=stay)
    person = Beneficiary.objects.create(
        last_name="Exemple",
        first_name="Zoé",
        sex="F",
        birth_date=dt.date(1990, 1, 1) + dt.timedelta(days=index),
    )
    contract = Contract.objects.create(beneficiary=person, start=hired_on, end=left_on)
    return Exit.objects.create(
        beneficiary=person,
        contract=contract,
        hired_on=hired_on,
        left_on=left_on,
        reason=reasons[rank] if 0 <= rank < len(reasons) else None,
        length_months=months,
        length_days=days if months is not None else 0,
        worked_an_hour=worked,
    )


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(random_exit, max_size=20))
def test_database_and_python_classify_alike(drawn):
    """Facts no form would accept are drawn too: both must still agree."""
    Exit.objects.all().delete()
    Contract.objects.all().delete()
    Beneficiary.objects.all().delete()
    reasons = list(ExitReason.objects.select_related("if_shorter", "if_longer"))
    for index, facts in enumerate(drawn):
        insert_exit(index, facts, reasons)
    book = RuleBook.load()
    rule_sets = book.in_force(dt.date(2024, 12, 31))
    exits = list(Exit.objects.with_verdicts(rule_sets, book.reasons))
    for rule_set in rule_sets:
        for row in explained(exits, rule_set, book):
            by_database = {
                target.key: getattr(row.exit, verdict_name(rule_set, target)) for target in rule_set.targets
            }
            assert (by_database, row.exit.klass) == (row.made.verdicts, row.made.klass)
    cohort = Cohort(code="x", start=dt.date(2024, 1, 1), end=dt.date(2024, 12, 31))
    cohort.save()
    snapshot = take_snapshot(cohort, book)
    assert recounted_figures(snapshot) == snapshot["figures"]
    total = Counter(row.verdict for row in explained(exits, rule_sets[0], book))
    assert snapshot["figures"]["successes"] == total["success"]
    cohort.delete()
