"""The demonstration: what the association's public sheet says, and nothing that it does not."""

import datetime as dt

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection

from beneficiaries.models import Beneficiary, Contract
from confluences import demo
from confluences.enums import Role
from confluences.models import User
from outcomes.figures import cohort_figures
from outcomes.models import Cohort, Exit, OutcomeReport, RuleBook
from outcomes.reports import result_of
from outcomes.verification import verify
from tests.beneficiaries.factories import make_beneficiary
from worksites.models import Worksite

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)


@pytest.fixture
def loaded() -> demo.Loaded:
    """Loaded on that day: what happened before it may be typed, what comes after may not."""
    with time_machine.travel(TODAY):
        return demo.load(TODAY)


def one(sql: str, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def counts() -> list[int]:
    return [
        model.objects.count()
        for model in (Beneficiary, Contract, Exit, Worksite, Cohort, OutcomeReport, User)
    ]


def test_2014_recounted_by_hand_in_sql(loaded):
    by_hand = one(
        """SELECT COUNT(*),
             SUM(CASE WHEN r.code IN ('1', '3', '13', '5') OR (r.code IN ('9', '10', '9/10', '14')
               AND (e.length_months > 6 OR (e.length_months = 6 AND e.length_days > 0))) THEN 1 ELSE 0 END),
             SUM(CASE WHEN r.code IN ('9', '9/10', '14') AND e.length_months IS NULL THEN 1 ELSE 0 END),
             SUM(CASE WHEN r.code IN ('3', '9') THEN 1 ELSE 0 END),
             SUM(CASE WHEN r.code = '5' THEN 1 ELSE 0 END)
           FROM outcomes_exit e JOIN outcomes_exitreason r ON r.id = e.reason_id
           WHERE e.left_on BETWEEN '2014-01-01' AND '2014-12-31' AND r.klass <> 'withdrawal' AND e.stay_months >= 3"""
    )
    figures = cohort_figures(result_of(Cohort.objects.get(code="2014"), RuleBook.load()))
    by_class = {line["key"]: line["examined"] for line in figures["by_class"]}
    shown = tuple(figures[key] for key in ("examined", "successes", "undocumented"))
    assert tuple(map(int, by_hand)) == (*shown, by_class["durable"], by_class["positive"]) == (9, 7, 2, 4, 3)


def test_2014_under_the_state_rules(loaded):
    state = cohort_figures(result_of(Cohort.objects.get(code="2014"), RuleBook.load()))["rule_sets"][1]
    assert [(each["successes"], each["examined"], each["undocumented"]) for each in state["targets"]] == [
        (9, 9, 0),
        (4, 9, 2),
    ]


def test_2014_holds_only_what_is_known(loaded):
    exits = Exit.objects.filter(left_on__year=2014).select_related("contract", "reason")
    assert {(exit_.assumed, exit_.contract.assumed) for exit_ in exits} == {(True, True)}
    assert {exit_.length_months for exit_ in exits if exit_.reason.code == "9/10"} == {None}
    assert min(exit_.stay_months for exit_ in exits) >= 3
    figures = cohort_figures(result_of(Cohort.objects.get(code="2014"), RuleBook.load()))
    assert [line["label"] for line in figures["by_profile"] if line["examined"]] == []


def test_2014_report_is_frozen_and_proves_itself(loaded):
    report = OutcomeReport.objects.get()
    assert (report.cohort.code, verify(bytes(report.pdf)).faults) == ("2014", [])


@pytest.mark.parametrize("today", [TODAY, dt.date(2027, 1, 1), dt.date(2028, 2, 29)])
def test_sixteen_people_are_present_on_both_worksites_whatever_the_day(today):
    with time_machine.travel(today):
        demo.load(today)
    present = Beneficiary.objects.present(today)
    teams = {worksite.name: worksite.team_size for worksite in Worksite.objects.with_team_size(today)}
    assert (present.count(), teams) == (16, {"Champigny-sur-Marne": 9, "Fresnes": 7})


def test_every_invented_person_says_so(loaded):
    assert not Beneficiary.objects.exclude(last_name__startswith="Exemple ").exists()


def test_there_is_an_account_for_each_role(loaded, client):
    for role, (email, *_names) in demo.ACCOUNTS.items():
        assert client.login(email=email, password=demo.PASSWORD)
        assert User.objects.get(email=email).role_labels == Role(role).label


def test_loading_twice_changes_nothing(loaded):
    before = counts()
    again = demo.load(TODAY + dt.timedelta(days=40))
    assert (loaded.is_new, again.is_new, counts()) == (True, False, before)


def test_demonstration_refuses_real_data():
    make_beneficiary()
    with pytest.raises(CommandError, match="contient déjà des données"):
        call_command("demo")
    assert Worksite.objects.count() == 0


def test_command_prints_one_account_per_role(capsys):
    call_command("demo")
    said = capsys.readouterr().out
    assert [email for email, *_names in demo.ACCOUNTS.values() if email not in said] == []
