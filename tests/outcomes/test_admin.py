"""Exits, rules, cohorts and frozen reports in the admin."""

import datetime as dt

import pytest

from confluences.imports import import_file
from outcomes.actions import freeze_report
from outcomes.admin import IN_USE, new_version
from outcomes.models import Cohort, Exit, ExitReason, OutcomeReport, RuleSet, Target
from outcomes.resources import ExitResource
from tests.confluences.test_admin import page, posted
from tests.conftest import signed_in_client
from tests.outcomes.factories import make_cohort, make_exit
from tests.worksites.factories import make_assignment

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


@pytest.fixture
def report(supervisor) -> OutcomeReport:
    """The frozen report of a cohort of one exit."""
    make_exit("3")
    return freeze_report(make_cohort(code="2024"), by=supervisor, dated=dt.date(2025, 1, 15))


@pytest.fixture
def association_rules(report) -> RuleSet:
    return RuleSet.objects.get(key="confluences-2-3")


def make_worksite_exit() -> Exit:
    person = make_assignment().beneficiary
    return make_exit("3", person)


def make_rule_set() -> RuleSet:
    number = RuleSet.objects.count()
    return RuleSet.objects.create(
        key=f"exemple-{number}", label="Exemple", valid_from=dt.date(2020, 1, 1), definition="Exemple."
    )


def make_target() -> Target:
    return Target.objects.create(
        rule_set=make_rule_set(), key="exemple", label="exemple", numerator=1, denominator=2
    )


def make_reason() -> ExitReason:
    return ExitReason.objects.create(
        code=f"X{ExitReason.objects.count()}", label="Exemple", certainty="sourced"
    )


LISTS = [
    ("outcomes_exit_changelist", make_worksite_exit, 12),
    ("outcomes_exitreason_changelist", make_reason, 8),
    ("outcomes_ruleset_changelist", make_rule_set, 13),
    ("outcomes_target_changelist", make_target, 9),
    ("outcomes_cohort_changelist", make_cohort, 11),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        administrator_client.get(page(name))


@pytest.mark.parametrize("count", [1, 3])
def test_report_list_queries(administrator_client, supervisor, django_assert_num_queries, count):
    for year in range(2024, 2024 + count):
        cohort = make_cohort(start=dt.date(year, 1, 1), end=dt.date(year, 12, 31))
        freeze_report(cohort, by=supervisor, dated=dt.date(2030, 1, 1))
    with django_assert_num_queries(11):
        administrator_client.get(page("outcomes_outcomereport_changelist"))


# Exits


def test_exit_finds_its_contract(administrator_client, administrator):
    row = make_exit("3")
    address = page("outcomes_exit_change", row.pk)
    data = posted(administrator_client.get(address)) | {
        "left_on": "2024-11-30",
        "new_contract": "cdi",
        "employer": "Exemple",
    }
    assert administrator_client.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.left_on, row.employer, row.updated_by, row.version) == (
        dt.date(2024, 11, 30),
        "Exemple",
        administrator,
        2,
    )


def test_exit_outside_any_contract(administrator_client):
    row = make_exit("3")
    address = page("outcomes_exit_change", row.pk)
    response = administrator_client.post(
        address, posted(administrator_client.get(address)) | {"left_on": "2025-02-01"}
    )
    assert response.context["adminform"].form.errors == {
        "left_on": ["À cette date la personne n’est sous aucun contrat. Corrigez la date, ou le contrat."]
    }


def test_second_exit_of_a_stay(administrator_client):
    row = make_exit("3")
    data = {"beneficiary": row.beneficiary_id, "left_on": "2024-11-30", "length_days": "0"}
    response = administrator_client.post(page("outcomes_exit_add"), data)
    assert response.context["adminform"].form.non_field_errors() == [
        "Ce contrat a déjà une sortie.",
        "Ce séjour a déjà une sortie : modifiez-la au lieu d’en créer une seconde.",
    ]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_imports_again_without_a_change(administrator_client, file_format):
    make_exit("9", length_months=8, new_contract="cdd", employer="=Exemple", aided=False)
    make_exit("9/10")
    make_exit()
    content = administrator_client.post(page("outcomes_exit_export"), {"format": file_format}).content
    assert import_file(ExitResource, content, by=None) == 0
    Exit.objects.all().delete()
    assert import_file(ExitResource, content, by=None) == 3
    rows = Exit.objects.order_by("pk").values_list("reason__code", "length_months", "employer", "aided")
    assert sorted(rows, key=str) == sorted(
        [("9", 8, "=Exemple", False), ("9/10", None, "", None), (None, None, "", None)], key=str
    )


# Frozen reports


def test_frozen_report_is_looked_at_alone(administrator_client, report):
    address = page("outcomes_outcomereport_change", report.pk)
    text = administrator_client.get(address).content.decode()
    assert report.get_absolute_url() in text
    assert report.content_hash in text
    assert administrator_client.post(address, {"number": "7"}).status_code == 403
    assert administrator_client.get(page("outcomes_outcomereport_add")).status_code == 403
    assert (
        administrator_client.post(
            page("outcomes_outcomereport_delete", report.pk), {"post": "yes"}
        ).status_code
        == 403
    )
    data = {"action": "delete_selected", "_selected_action": [report.pk], "post": "yes"}
    administrator_client.post(page("outcomes_outcomereport_changelist"), data)
    assert OutcomeReport.objects.get().number == 1


def test_cohort_of_a_frozen_report_is_not_deleted(administrator_client, report):
    administrator_client.post(page("outcomes_cohort_delete", report.cohort_id), {"post": "yes"})
    assert Cohort.objects.get() == report.cohort


# Rules


def test_rules_of_a_frozen_report_are_read_only(administrator_client, association_rules):
    address = page("outcomes_ruleset_change", association_rules.pk)
    response = administrator_client.get(address)
    assert IN_USE in response.content.decode()
    assert administrator_client.post(address, {"label": "Autre"}).status_code == 403
    assert (
        administrator_client.post(
            page("outcomes_ruleset_delete", association_rules.pk), {"post": "yes"}
        ).status_code
        == 403
    )
    data = {"action": "delete_selected", "_selected_action": [association_rules.pk], "post": "yes"}
    administrator_client.post(page("outcomes_ruleset_changelist"), data)
    assert RuleSet.objects.get(pk=association_rules.pk).label == "Confluences 2/3"


def test_targets_of_a_frozen_report_are_read_only(administrator_client, association_rules):
    target = association_rules.targets.get()
    address = page("outcomes_target_change", target.pk)
    response = administrator_client.get(address)
    assert IN_USE in response.content.decode()
    [inline] = response.context["inline_admin_formsets"]
    assert (inline.has_add_permission, inline.has_change_permission, inline.has_delete_permission) == (
        False,
        False,
        False,
    )
    assert administrator_client.post(address, {"numerator": "1"}).status_code == 403
    assert (
        administrator_client.post(page("outcomes_target_delete", target.pk), {"post": "yes"}).status_code
        == 403
    )


def test_target_is_not_moved_to_rules_in_use(administrator_client, association_rules):
    target = make_target()
    address = page("outcomes_target_change", target.pk)
    response = administrator_client.post(
        address, posted(administrator_client.get(address)) | {"rule_set": association_rules.pk}
    )
    assert response.context["adminform"].form.errors == {"rule_set": [IN_USE]}
    response = administrator_client.post(
        page("outcomes_target_add"),
        {
            "rule_set": association_rules.pk,
            "key": "autre",
            "label": "autre",
            "position": "2",
            "numerator": "1",
            "denominator": "2",
            "counted_reasons-TOTAL_FORMS": "0",
            "counted_reasons-INITIAL_FORMS": "0",
        },
    )
    assert response.context["adminform"].form.errors == {"rule_set": [IN_USE]}
    assert association_rules.targets.count() == 1


def test_rules_without_a_frozen_report_are_changed(administrator_client):
    rule_set = RuleSet.objects.get(key="confluences-2-3")
    address = page("outcomes_ruleset_change", rule_set.pk)
    response = administrator_client.get(address)
    assert IN_USE not in response.content.decode()
    assert administrator_client.post(address, posted(response) | {"label": "Autre"}).status_code == 302
    rule_set.refresh_from_db()
    assert rule_set.label == "Autre"


def test_new_version_copies_everything(association_rules):
    copy = new_version(association_rules, dt.date(2027, 1, 1))
    assert copy.facts.targets == association_rules.facts.targets
    assert (copy.key, copy.valid_from) == ("confluences-2-3", dt.date(2027, 1, 1))
    assert RuleSet.objects.get(pk=association_rules.pk).targets.count() == 1


def test_new_version_from_the_list(administrator_client, association_rules):
    data = {"action": "create_version", "_selected_action": [association_rules.pk]}
    for _time in range(2):
        response = administrator_client.post(page("outcomes_ruleset_changelist"), data, follow=True)
    [refusal] = response.context["messages"]
    assert str(refusal) == "Confluences 2/3 a déjà une version de ce jour."
    assert RuleSet.objects.filter(key="confluences-2-3").count() == 2
