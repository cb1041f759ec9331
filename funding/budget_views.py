"""Budgets: their list, a budget's page, its lines in a grid, and its papers."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from confluences import audit
from confluences.exports import XLSX, download
from confluences.pages import Place, edit_page, posted
from funding.budget_actions import Taken, take_grants
from funding.budget_forms import BudgetForm, LinesForm
from funding.budget_paper_reports import account_pdf, budget_xlsx, facts, forecast_pdf, picture
from funding.budget_reports import budget_sheet, budget_sheets
from funding.budget_rules import SIGNIFICANT_EUROS, SIGNIFICANT_SHARE
from funding.enums import BudgetSide
from funding.models import Budget
from funding.permissions import get_budget

PER_PAGE = 20
PDF = "application/pdf"
BUDGETS = Place("Budgets", "funding:budget-list")
SIDES = {"charges": BudgetSide.EXPENSES, "produits": BudgetSide.INCOME}


def budget_list(request):
    budgets = Budget.objects.visible_to(request.user).select_related("grant__funder")
    page = Paginator(budgets, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "sheets": budget_sheets(list(page), timezone.localdate())}
    return render(request, "funding/budget_list.html", context)


def budget_create(request):
    form = BudgetForm(posted(request), instance=Budget(), user=request.user)
    return edit_page(
        request, form, title="Nouveau budget", done="Le budget est créé : saisissez ses lignes.", back=BUDGETS
    )


def budget_edit(request, pk):
    budget = get_budget(request.user, pk)
    form = BudgetForm(posted(request), instance=budget, user=request.user)
    return edit_page(request, form, title="Modifier le budget", done="Le budget est enregistré.", back=budget)


def budget_detail(request, pk):
    sheet = budget_sheet(get_budget(request.user, pk), timezone.localdate())
    context = {
        "budget": sheet.budget,
        "sheet": sheet,
        "pictures": [
            picture(side, f"{side.side.label.capitalize()}, réalisé et prévu")
            for side in (sheet.expenses, sheet.income)
            if side.is_used
        ],
        "facts": facts(sheet),
        "significant_euros": SIGNIFICANT_EUROS,
        "significant_share": SIGNIFICANT_SHARE,
    }
    return render(request, "funding/budget_detail.html", context)


def line_edit(request, pk, side):
    """All the lines of the budget's charges, or of its produits, in one form."""
    if side not in SIDES:
        raise Http404
    budget = get_budget(request.user, pk)
    form = LinesForm(posted(request), instance=budget, side=SIDES[side])
    return edit_page(
        request,
        form,
        title=f"Saisir les {side}",
        done=f"Les {side} sont enregistré{'es' if side == 'charges' else 's'}.",
        back=budget,
        template="funding/budget_lines_form.html",
    )


@require_POST
def budget_grants(request, pk):
    """Plans the grants awarded for the year, and says what it did."""
    budget = get_budget(request.user, pk)
    if budget.grant_id:
        raise Http404
    taken = take_grants(budget, by=request.user)
    for level, words in _told(taken):
        messages.add_message(request, level, words)
    return redirect(budget)


def budget_forecast_pdf(request, pk):
    return _pdf(request, pk, forecast_pdf, "budget-previsionnel")


def budget_account_pdf(request, pk):
    return _pdf(request, pk, account_pdf, "compte-rendu-financier")


def budget_spreadsheet(request, pk):
    sheet = budget_sheet(get_budget(request.user, pk), timezone.localdate())
    content, rows = budget_xlsx(sheet, author=str(request.user), made_at=timezone.now())
    audit.log_export(sheet.budget, file_format="xlsx", rows=rows)
    return download(content, filename=_filename(sheet.budget, "budget", "xlsx"), content_type=XLSX)


def _pdf(request, pk, make, name):
    sheet = budget_sheet(get_budget(request.user, pk), timezone.localdate())
    content = make(sheet, author=str(request.user), made_at=timezone.now())
    audit.log_print(sheet.budget)
    return download(content, filename=_filename(sheet.budget, name, "pdf"), content_type=PDF)


def _filename(budget: Budget, name: str, extension: str) -> str:
    return f"{name}-{budget.year}-{budget.pk}.{extension}"


def _told(taken: Taken):
    if taken.filled:
        yield messages.SUCCESS, f"Repris : {', '.join(taken.filled)}."
    if taken.kept:
        yield messages.INFO, f"Déjà saisi, laissé tel quel : {', '.join(taken.kept)}."
    if taken.fed:
        yield messages.INFO, f"Déjà compté d’après les ETP : {', '.join(taken.fed)}."
    if taken.left:
        yield (
            messages.WARNING,
            f"À saisir vous-même, montant inconnu ou réparti sur plusieurs années : {', '.join(taken.left)}.",
        )
    if not (taken.filled or taken.kept or taken.fed or taken.left):
        yield messages.INFO, "Aucune subvention accordée ne concerne cette année."
