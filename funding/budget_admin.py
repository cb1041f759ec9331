"""Budgets in the admin: a budget with its lines, all lines, and the rows of the Cerfa."""

from django.contrib import admin
from django.db.models import Count

from confluences.actions import save_recorded
from confluences.admin_base import AdminForm, BaseAdmin, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import euros
from funding.budget_resources import BudgetLineResource, BudgetResource
from funding.models import Budget, BudgetLine, BudgetRow


class LineInline(admin.StackedInline):
    """The lines of a budget, in the order of the Cerfa."""

    model = BudgetLine
    form = AdminForm
    extra = 0
    fields = [("row", "label", "funder"), ("planned", "done"), "explanation", "opened_version"]
    autocomplete_fields = ["row", "funder"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("row", "funder")


@admin.register(Budget)
class BudgetAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = BudgetResource
    list_display = ["year", "title", "grant", "adopted_on", "lines_count"]
    list_display_links = ["year", "title"]
    list_filter = ["year", ("grant", admin.EmptyFieldListFilter)]
    list_select_related = ["grant__funder"]
    search_fields = ["title", "notes"]
    search_help_text = "Nom du budget ou remarque."
    autocomplete_fields = ["grant"]
    inlines = [LineInline]
    fieldsets = [
        (None, {"fields": ["year", "title", "grant", "adopted_on"]}),
        ("Compte rendu", {"fields": ["indirect_rule", "notes"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(lines_count=Count("lines"))

    @admin.display(description="lignes", ordering="lines_count")
    def lines_count(self, budget):
        return budget.lines_count

    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            removed.delete()
        for changed in changes:
            save_recorded(changed, by=request.user)


@admin.register(BudgetLine)
class BudgetLineAdmin(ImportExportAdmin, RecordedAdmin):
    """All lines of all budgets, to search, import and export."""

    resource_class = BudgetLineResource
    list_display = ["budget", "row", "label", "planned_shown", "done_shown", "explanation"]
    list_display_links = ["row"]
    list_filter = [
        "budget__year",
        "row__side",
        "row__heading",
        ("done", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["budget", "row", "funder"]
    search_fields = ["row__account", "row__label", "label", "budget__title"]
    search_help_text = "Compte, poste, précision ou budget."
    autocomplete_fields = ["budget", "row", "funder"]
    fieldsets = [
        (None, {"fields": ["budget", "row", "label", "funder"]}),
        ("Montants", {"fields": ["planned", "done", "explanation"]}),
    ]

    def view_on_site(self, line):
        return line.budget.get_absolute_url()

    @admin.display(description="prévu", ordering="planned")
    def planned_shown(self, line):
        return euros(line.planned)

    @admin.display(description="réalisé", ordering="done")
    def done_shown(self, line):
        return euros(line.done)


@admin.register(BudgetRow)
class BudgetRowAdmin(ExportAdmin, BaseAdmin):
    """The rows of the Cerfa: a label can be corrected, a row that a budget uses stays."""

    list_display = ["position", "account", "label", "heading", "side", "is_voluntary", "feed"]
    list_display_links = ["account", "label"]
    list_filter = ["side", "is_voluntary", "heading"]
    search_fields = ["account", "label", "heading"]
    search_help_text = "Compte, libellé ou titre."
    ordering = ["position"]
    view_on_site = False
    fieldsets = [
        (None, {"fields": ["side", "heading", "account", "label", "position"]}),
        ("Particularités", {"fields": ["is_voluntary", "feed"]}),
    ]
