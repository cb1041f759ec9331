"""Budgets on the screen: who may do what, the grid of lines, two people at once, bad input, papers."""

import io
from decimal import Decimal
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from openpyxl import load_workbook

from confluences.enums import AuditEvent, Role
from funding.budget_actions import LineChange, LineConflicts, save_lines
from funding.models import Budget, BudgetLine, BudgetRow
from tests.funding.factories import make_budget, make_funder, make_grant, make_line
from tests.threads import at_once

pytestmark = pytest.mark.django_db
D = Decimal
LIST = reverse("funding:budget-list")
CREATE = reverse("funding:budget-create")
READ = ["budget-detail", "budget-forecast-pdf", "budget-account-pdf", "budget-xlsx"]


def page(name: str, budget, *more) -> str:
    return reverse(f"funding:{name}", args=[budget.pk, *more])


def grid(budget, side: str = "charges") -> str:
    return page("line-edit", budget, side)


def shown(form) -> dict:
    """What the grid's form would send back as it stands."""
    sent = {form.lines.management_form.add_prefix(name): value for name, value in management(form).items()}
    for line in form.lines:
        for name in line.fields:
            value = line[name].value()
            if value not in (None, False):
                sent[line.add_prefix(name)] = str(value).replace(".", ",") if isinstance(value, D) else value
    return sent | {"opened_version": form.instance.version}


def management(form) -> dict:
    return {"TOTAL_FORMS": len(form.lines.forms), "INITIAL_FORMS": len(form.lines.forms)}


def field(form, account: str, name: str, *, place: int = 0) -> str:
    """The name of a field of the grid."""
    lines = [line for line in form.lines if line.budget_row.account == account]
    return lines[place].add_prefix(name)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]


# Who may do what


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSTRUCTOR])
def test_others_find_nothing(clients, role):
    budget = make_budget()
    addresses = [LIST, CREATE, grid(budget), page("budget-edit", budget), page("budget-grants", budget)]
    addresses += [page(name, budget) for name in READ]
    answers = {clients[role].get(each).status_code for each in addresses}
    answers |= {clients[role].post(each).status_code for each in addresses}
    assert answers == {HTTPStatus.NOT_FOUND}


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_pages_open_to_those_who_lead(clients, role):
    budget = make_budget()
    make_line(budget, planned=D(10))
    addresses = [LIST, CREATE, grid(budget), grid(budget, "produits"), page("budget-edit", budget)]
    addresses += [page(name, budget) for name in READ]
    assert {clients[role].get(each).status_code for each in addresses} == {HTTPStatus.OK}


def test_what_is_not_there_is_not_found(supervising):
    budget = make_budget()
    assert supervising.get(grid(budget, "autres")).status_code == HTTPStatus.NOT_FOUND
    Budget.objects.all().delete()
    for name in READ:
        assert supervising.get(page(name, budget)).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("count", [1, 3])
def test_list_queries(supervising, django_assert_num_queries, count):
    for year in range(2024, 2024 - count, -1):
        make_line(make_budget(year=year), planned=D(10))
    with django_assert_num_queries(11):
        assert len(supervising.get(LIST).context["sheets"]) == count


@pytest.mark.parametrize("count", [1, 3])
def test_detail_queries(supervising, django_assert_num_queries, count):
    budget = make_budget()
    for number in range(count):
        make_line(budget, label=str(number), planned=D(10))
    with django_assert_num_queries(10):
        supervising.get(page("budget-detail", budget))


@pytest.mark.parametrize(("name", "queries"), [("budget-forecast-pdf", 10), ("budget-xlsx", 9)])
@pytest.mark.parametrize("count", [1, 3])
def test_paper_queries(supervising, django_assert_num_queries, name, queries, count):
    budget = make_budget()
    for number in range(count):
        make_line(budget, account="604", label=str(number), planned=D(10))
        make_line(budget, account="613", label=str(number), planned=D(10))
    with django_assert_num_queries(queries):
        supervising.get(page(name, budget))


@pytest.mark.parametrize("count", [1, 3])
def test_grid_queries(supervising, django_assert_num_queries, count):
    budget = make_budget()
    for number in range(count):
        make_line(budget, label=str(number), planned=D(10))
    with django_assert_num_queries(11):
        supervising.get(grid(budget))


# A budget


def test_an_empty_list_says_what_to_do(supervising):
    assert "Créez celui de l’année" in supervising.get(LIST).content.decode()


@pytest.mark.parametrize(("amounts", "planned"), [("planned", D(100)), ("done", D(90))])
def test_a_budget_begins_from_another(supervising, amounts, planned):
    before = make_budget(year=2023)
    make_line(before, planned=D(100), done=D(90), explanation="Moins cher.")
    data = {"year": "2024", "title": "Budget", "source": before.pk, "amounts": amounts}
    response = supervising.post(CREATE, data)
    budget = Budget.objects.get(year=2024)
    assert response.url == budget.get_absolute_url()
    line = budget.lines.get()
    assert (line.row.account, line.planned, line.done, line.explanation) == ("604", planned, None, "")


@pytest.mark.parametrize(
    ("data", "field_name"),
    [
        ({"year": "1989"}, "year"),
        ({"year": "zz"}, "year"),
        ({"title": ""}, "title"),
        ({"source": "999999"}, "source"),
        ({"adopted_on": "31/02/2024"}, "adopted_on"),
    ],
)
def test_bad_budgets_come_back_filled(supervising, data, field_name):
    response = supervising.post(CREATE, {"year": "2024", "title": "Exemple", "amounts": "planned"} | data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert list(response.context["form"].errors) == [field_name]


def test_a_title_is_taken_once_a_year(supervising):
    make_budget(title="Exemple")
    response = supervising.post(CREATE, {"year": "2024", "title": "Exemple", "amounts": "planned"})
    assert "Un budget de cette année porte déjà ce nom." in response.content.decode()


# The grid


def test_lines_are_typed_as_people_write_amounts(supervising):
    budget = make_budget()
    form = supervising.get(grid(budget)).context["form"]
    data = shown(form) | {
        field(form, "601", "planned"): "12 500,50",
        field(form, "601", "done"): "13\u202f000",
        field(form, "604", "label"): "à préciser",
    }
    assert supervising.post(grid(budget), data).url == budget.get_absolute_url()
    assert list(budget.lines.values_list("row__account", "label", "planned", "done")) == [
        ("604", "à préciser", None, None),
        ("601", "", D("12500.50"), D(13000)),
    ]


def test_a_line_is_changed_and_another_taken_out(supervising, supervisor):
    budget = make_budget()
    make_line(budget, "601", planned=D(10))
    make_line(budget, "616", planned=D(20))
    kept = make_line(budget, "613", planned=D(30))
    form = supervising.get(grid(budget)).context["form"]
    data = shown(form) | {field(form, "601", "planned"): "0", field(form, "616", "remove"): "on"}
    supervising.post(grid(budget), data)
    assert list(budget.lines.values_list("row__account", "planned", "version", "updated_by")) == [
        ("601", 0, 2, supervisor.pk),
        ("613", 30, 1, None),
    ]
    kept.refresh_from_db()
    assert kept.version == 1


def test_a_funder_is_known_by_its_name(supervising):
    budget, funder = make_budget(), make_funder(name="Exemple-Ville")
    form = supervising.get(grid(budget, "produits")).context["form"]
    data = shown(form) | {
        field(form, "74-5", "label"): "exemple-ville",
        field(form, "74-5", "planned"): "10",
    }
    supervising.post(grid(budget, "produits"), data)
    assert budget.lines.get().funder == funder


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"planned": "-1"}, "604 Prestations de services, prévu (€) : "),
        ({"planned": "douze"}, "604 Prestations de services, prévu (€) : "),
        ({"done": "9999999999999"}, "604 Prestations de services, réalisé (€) : "),
        ({"label": "x" * 151}, "604 Prestations de services, précision : "),
        ({"row": "999999", "planned": "1"}, "Une ligne : Ce poste n’existe plus"),
        ({"row": "", "planned": "1"}, "Une ligne : "),
        ({"row": "9" * 5000, "planned": "1"}, "Une ligne : "),
    ],
)
def test_bad_lines_come_back_filled_and_save_nothing(supervising, typed, message):
    budget = make_budget()
    form = supervising.get(grid(budget)).context["form"]
    data = shown(form) | {field(form, "601", "planned"): "77"}
    data |= {field(form, "604", name): value for name, value in typed.items()}
    response = supervising.post(grid(budget), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert message in response.content.decode()
    assert response.context["form"].data[field(form, "601", "planned")] == "77"
    assert not budget.lines.exists()


def test_a_funder_chosen_elsewhere_stays_while_its_line_keeps_its_name(supervising):
    """The admin and an import give a line a funder and a label of its own."""
    budget = make_budget()
    line = make_line(budget, "74-5", label="Outils", funder=make_funder(), planned=D(5))
    form = supervising.get(grid(budget, "produits")).context["form"]
    sent = shown(form) | {field(form, "74-5", "planned"): "6"}
    assert supervising.post(grid(budget, "produits"), sent).status_code == 302
    found = BudgetLine.objects.get()
    assert (found.planned, found.funder) == (6, line.funder)


def test_two_lines_of_a_row_are_told_apart(supervising):
    budget = make_budget()
    make_line(budget, "74-5", label="Arcueil", planned=D(1))
    form = supervising.get(grid(budget, "produits")).context["form"]
    data = shown(form) | {field(form, "74-5", "label", place=1): "Arcueil"}
    response = supervising.post(grid(budget, "produits"), data)
    assert "Ce poste a déjà une ligne ainsi nommée" in response.content.decode()


def test_a_line_of_another_budget_is_not_touched(supervising):
    budget, other = make_budget(), make_line(make_budget(year=2023), "601", planned=D(5))
    form = supervising.get(grid(budget)).context["form"]
    data = shown(form) | {
        field(form, "601", "line"): other.pk,
        field(form, "601", "version"): 1,
        field(form, "601", "planned"): "9",
    }
    assert supervising.post(grid(budget), data).status_code == HTTPStatus.CONFLICT
    other.refresh_from_db()
    assert other.planned == 5


# Two people at once


def test_other_lines_that_changed_meanwhile_stay(supervising):
    budget = make_budget()
    mine, theirs = make_line(budget, "601", planned=D(1)), make_line(budget, "616", planned=D(1))
    form = supervising.get(grid(budget)).context["form"]
    BudgetLine.objects.filter(pk=theirs.pk).update(planned=D(99), version=2)
    supervising.post(grid(budget), shown(form) | {field(form, "601", "planned"): "2"})
    assert list(budget.lines.values_list("pk", "planned")) == [(mine.pk, 2), (theirs.pk, 99)]


def test_the_same_line_is_compared_and_then_chosen(supervising, administrator):
    budget = make_budget()
    line = make_line(budget, "601", planned=D(1))
    form = supervising.get(grid(budget)).context["form"]
    BudgetLine.objects.filter(pk=line.pk).update(planned=D(99), version=2, updated_by=administrator)
    data = shown(form) | {field(form, "601", "planned"): "2"}
    response = supervising.post(grid(budget), data)
    assert response.status_code == HTTPStatus.CONFLICT
    again = response.context["form"]
    assert [(each.label, each.theirs, each.yours) for each in again.conflicts] == [
        ("601 Achats matières et fournitures, prévu (€)", "99,00 €", "2,00 €")
    ]
    line.refresh_from_db()
    assert line.planned == 99
    supervising.post(grid(budget), dict(again.data.items()))
    line.refresh_from_db()
    assert (line.planned, line.version) == (2, 3)


def test_a_line_taken_out_meanwhile_is_said_and_can_come_back(supervising):
    budget = make_budget()
    line = make_line(budget, "601", planned=D(1))
    form = supervising.get(grid(budget)).context["form"]
    line.delete()
    response = supervising.post(grid(budget), shown(form) | {field(form, "601", "planned"): "2"})
    again = response.context["form"]
    assert [each.theirs for each in again.conflicts] == ["ligne retirée"]
    supervising.post(grid(budget), dict(again.data.items()))
    assert list(budget.lines.values_list("planned", flat=True)) == [2]


def test_a_line_added_meanwhile_on_the_same_row_is_compared(supervising):
    budget = make_budget()
    form = supervising.get(grid(budget)).context["form"]
    theirs = make_line(budget, "601", planned=D(99))
    response = supervising.post(grid(budget), shown(form) | {field(form, "601", "planned"): "2"})
    assert response.status_code == HTTPStatus.CONFLICT
    supervising.post(grid(budget), dict(response.context["form"].data.items()))
    assert list(budget.lines.values_list("pk", "planned")) == [(theirs.pk, 2)]


@pytest.mark.django_db(transaction=True)
def test_two_people_never_write_one_line_twice():
    budget = make_budget()
    row = BudgetRow.objects.get(account="601")

    def save(amount):
        line = BudgetLine(budget=budget, row=row, planned=D(amount))
        return lambda: save_lines(budget, [LineChange(line)], by=None)

    outcomes = at_once(save(1), save(2))
    assert sorted(type(outcome).__name__ for outcome in outcomes) in (
        ["Budget", "LineConflicts"],
        ["Budget", "OperationalError"],  # SQLite lets one write at a time
    )
    assert budget.lines.count() == 1


def test_a_conflict_writes_nothing_at_all():
    budget = make_budget()
    line = make_line(budget, "601", planned=D(1))
    stale = BudgetLine.objects.get(pk=line.pk)
    BudgetLine.objects.update(version=2)
    fresh = BudgetLine(budget=budget, row=BudgetRow.objects.get(account="604"), planned=D(3))
    with pytest.raises(LineConflicts):
        save_lines(budget, [LineChange(fresh), LineChange(stale)], by=None)
    assert budget.lines.count() == 1


# Grants, papers


def test_grants_are_taken_over(supervising):
    make_grant(make_funder(name="Exemple-Ville"))
    budget = make_budget()
    response = supervising.post(page("budget-grants", budget))
    assert said(response) == ["Repris : Exemple-Ville."]
    assert budget.lines.get().planned == 10000
    assert said(supervising.post(page("budget-grants", budget)))[-1] == (
        "Déjà saisi, laissé tel quel : Exemple-Ville."
    )


def test_grants_of_a_funder_that_one_of_its_lines_plans_are_not_taken_twice(supervising):
    funder = make_funder(name="Exemple-Ville")
    make_grant(funder)
    budget = make_budget()
    make_line(budget, "74-5", label="Animation", funder=funder)
    make_line(budget, "74-5", label="Outils", funder=funder, planned=D(10000))
    assert said(supervising.post(page("budget-grants", budget))) == [
        "Déjà saisi, laissé tel quel : Exemple-Ville."
    ]
    assert [line.planned for line in budget.lines.all()] == [None, 10000]


def test_the_budget_of_an_action_takes_no_other_grant(supervising):
    assert supervising.post(page("budget-grants", make_budget(grant=make_grant()))).status_code == 404


def test_papers_are_logged(supervising):
    budget = make_budget()
    make_line(budget, planned=D(10))
    for name, start in [("budget-forecast-pdf", b"%PDF"), ("budget-account-pdf", b"%PDF")]:
        assert supervising.get(page(name, budget)).content.startswith(start)
    sheet = load_workbook(io.BytesIO(supervising.get(page("budget-xlsx", budget)).content))["Données"]
    assert sheet["B1"].value == "Budget de l’association 2024"
    events = LogEntry.objects.get_for_object(budget).filter(action=LogEntry.Action.ACCESS)
    assert sorted(entry.additional_data["event"] for entry in events) == sorted(
        [AuditEvent.PRINT, AuditEvent.PRINT, AuditEvent.EXPORT]
    )
