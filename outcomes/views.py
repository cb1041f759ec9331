"""Cohorts: the list with the years side by side, one cohort, and its definition."""

from django.core.paginator import Paginator
from django.db.models import Case, Count, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from confluences.pages import Place, edit_page, posted
from outcomes.enums import Verdict
from outcomes.figures import target_figures, year_figures
from outcomes.forms import CohortForm
from outcomes.models import Cohort, NoRuleInForce, RuleBook, verdict_name
from outcomes.permissions import get_cohort, sees_protected_counts
from outcomes.pictures import class_bar, gauge_of, year_bars
from outcomes.reports import compared, explained, result_of
from outcomes.snapshot import previous_cohorts
from outcomes.statements import margin_line, range_line, target_cells, verdict_line, year_cells

EXITS_PER_PAGE = 50


def cohort_list(request: HttpRequest) -> HttpResponse:
    counted = Cohort.objects.prefetch_related("worksites").annotate(frozen=Count("reports", distinct=True))
    cohorts = list(counted.order_by(*Cohort._meta.ordering))  # a count loses the model's order
    try:
        results = compared(cohorts, None, RuleBook.load())
    except NoRuleInForce as problem:
        return render(
            request, "outcomes/cohort_list.html", {"cohorts": cohorts, "problem": problem}, status=409
        )
    rows = [
        {"cohort": cohort, "year": year, "cells": year_cells(year_figures(year))}
        for cohort, year in zip(cohorts, results, strict=True)
    ]
    chart = year_bars(results, results[0].result.target) if results else ""
    return render(request, "outcomes/cohort_list.html", {"rows": rows, "chart": chart})


def cohort_detail(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_cohort(request.user, code)
    reports = cohort.reports.defer("pdf", "snapshot")
    book = RuleBook.load()
    try:
        rule_sets = book.in_force(cohort.end)
    except NoRuleInForce as problem:
        context = {"cohort": cohort, "problem": problem, "reports": reports}
        return render(request, "outcomes/cohort_detail.html", context, status=409)
    result = result_of(cohort, book)
    main = rule_sets[0]
    compared_years = compared([*reversed(previous_cohorts(cohort)), cohort], main, book)
    page = Paginator(_undocumented_first(cohort, main, book), EXITS_PER_PAGE).get_page(
        request.GET.get("page")
    )
    context = {
        "cohort": cohort,
        "result": result,
        "rule_sets": [
            (each, [(target, target_cells(target_figures(target))) for target in each.targets])
            for each in result.rule_sets
        ],
        "verdict": verdict_line(cohort.code, target_figures(result.main)),
        "range": range_line(target_figures(result.main)),
        "margin": margin_line(target_figures(result.main)),
        "gauge": gauge_of(result.main),
        "classes": class_bar(result.by_class),
        "profile": [line for line in result.by_profile if line.examined or line.protected],
        "sees_protected": sees_protected_counts(request.user),
        "years_chart": year_bars(compared_years, main.main),
        "page": page,
        "exits": list(explained(page.object_list, main, book)),
        "reports": reports,
    }
    return render(request, "outcomes/cohort_detail.html", context)


def cohort_create(request: HttpRequest) -> HttpResponse:
    form = CohortForm(posted(request), instance=Cohort())
    back = Place("Résultats", "outcomes:cohort-list")
    return edit_page(request, form, title="Nouvelle cohorte", done="La cohorte est créée.", back=back)


def cohort_edit(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_cohort(request.user, code)
    form = CohortForm(posted(request), instance=cohort)
    return edit_page(request, form, title=f"Modifier {cohort}", done="La cohorte est modifiée.", back=cohort)


def _undocumented_first(cohort: Cohort, rule_set, book: RuleBook):
    verdict = verdict_name(rule_set, rule_set.main)
    rank = Case(When(**{verdict: Verdict.UNDOCUMENTED}, then=Value(0)), default=Value(1))
    exits = (
        cohort.exits()
        .with_verdicts([rule_set], book.reasons)
        .select_related("beneficiary", "worksite", "reason")
    )
    return exits.order_by(rank, "left_on", "pk")
