"""Funders, grants, their papers, instalments and obligations in the admin."""

from django.contrib import admin

from confluences.actions import save_recorded
from confluences.admin_base import WHO_AND_WHEN, AdminForm, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from funding.enums import ExpenseKind
from funding.funder_reports import grant_counts
from funding.grant_actions import save_grant, save_instalment
from funding.grant_forms import KindsField
from funding.grant_resources import (
    FunderResource,
    GrantResource,
    InstalmentResource,
    ObligationResource,
)
from funding.models import Funder, Grant, GrantDocument, Instalment, Obligation


class GrantAdminForm(AdminForm):
    """What a grant may buy is ticked, as on its page."""

    pays_for = KindsField(label="Peut payer", required=False)

    class Meta:
        model = Grant
        fields = "__all__"


class OfGrantInline(admin.StackedInline):
    """What belongs to a grant, whose name each row tells."""

    form = AdminForm
    extra = 0

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("grant__funder")


class InstalmentInline(OfGrantInline):
    model = Instalment
    fields = [
        ("kind", "condition"),
        ("expected", "expected_on"),
        ("received", "received_on"),
        "opened_version",
    ]


class ObligationInline(OfGrantInline):
    model = Obligation
    fields = [("kind", "title"), ("due", "done_on"), "opened_version"]


class KindFilter(admin.SimpleListFilter):
    """Grants that may pay for a kind of expense."""

    title = "peut payer"
    parameter_name = "peut_payer"

    def lookups(self, request, model_admin):
        return ExpenseKind.choices

    def queryset(self, request, queryset):
        return queryset.filter(pays_for__contains=self.value()) if self.value() else queryset


@admin.register(Funder)
class FunderAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = FunderResource
    list_display = ["name", "kind", "partner", "grant_count"]
    list_filter = ["kind", ("partner", admin.EmptyFieldListFilter)]
    list_select_related = ["partner"]
    search_fields = ["name", "partner__name"]
    search_help_text = "Nom du financeur, ou de sa fiche dans l’annuaire."
    raw_id_fields = ["partner"]
    fieldsets = [(None, {"fields": ["name", "kind", "partner", "notes"]})]

    def get_queryset(self, request):
        return grant_counts(super().get_queryset(request))

    @admin.display(description="subventions")
    def grant_count(self, funder):
        return funder.grant_count


@admin.register(Grant)
class GrantAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = GrantResource
    form = GrantAdminForm
    list_display = ["title", "funder", "status", "asked", "awarded", "eligible_start", "eligible_end"]
    list_filter = ["status", KindFilter, "funder", ("awarded", admin.EmptyFieldListFilter)]
    search_fields = ["title", "call", "funder__name", "agreement_number"]
    search_help_text = "Objet, appel à projets, financeur ou numéro de convention."
    date_hierarchy = "eligible_start"
    autocomplete_fields = ["funder"]
    inlines = [InstalmentInline, ObligationInline]
    # Chosen on the grant's page, which looks at the purchases that two grants already share.
    readonly_fields = ("not_with", *WHO_AND_WHEN)
    fieldsets = [
        (None, {"fields": ["funder", "title", "call", "status", "asked", "awarded"]}),
        (
            "Dates",
            {"fields": ["ask_before", "asked_on", "answer_expected_on", "decided_on", "settled_on"]},
        ),
        (
            "Ce qu’elle peut payer",
            {
                "fields": [
                    "eligible_start",
                    "eligible_end",
                    "pays_for",
                    "pays_for_details",
                    "max_share",
                    "not_with",
                ]
            },
        ),
        ("Convention", {"fields": ["agreement_number", "agreement_signed_on"]}),
        ("Remarques", {"fields": ["notes"]}),
    ]

    def get_queryset(self, request):
        """With the funder, which a grant's name says: where grants are chosen as well as where they are listed."""
        return super().get_queryset(request).select_related("funder")

    def write(self, obj, by):
        save_grant(obj, by=by)

    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            removed.delete()
        for changed in changes:
            save = save_instalment if isinstance(changed, Instalment) else save_recorded
            save(changed, by=request.user)


@admin.register(GrantDocument)
class GrantDocumentAdmin(ExportAdmin, RecordedAdmin):
    """The papers of all grants: what they are called. The file is read on the grant's page, where reading is logged."""

    list_display = ["title", "grant", "original_name", "created_at"]
    list_filter = ["grant__funder", "created_at"]
    list_select_related = ["grant__funder"]
    search_fields = ["title", "grant__title", "grant__funder__name"]
    search_help_text = "Titre, subvention ou financeur."
    date_hierarchy = "created_at"
    readonly_fields = ("grant", "original_name", *WHO_AND_WHEN)
    fieldsets = [(None, {"fields": ["grant", "title", "original_name"]})]

    def has_add_permission(self, request):
        return False


@admin.register(Instalment)
class InstalmentAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = InstalmentResource
    list_display = ["grant", "kind", "expected", "expected_on", "received", "received_on"]
    list_filter = ["kind", ("received_on", admin.EmptyFieldListFilter), "expected_on", "grant__funder"]
    list_select_related = ["grant__funder"]
    search_fields = ["grant__title", "grant__funder__name", "condition"]
    search_help_text = "Subvention, financeur ou condition."
    date_hierarchy = "expected_on"
    autocomplete_fields = ["grant"]
    fieldsets = [
        (None, {"fields": ["grant", "kind", "expected", "expected_on", "condition"]}),
        ("Reçu", {"fields": ["received", "received_on"]}),
    ]

    def write(self, obj, by):
        save_instalment(obj, by=by)


@admin.register(Obligation)
class ObligationAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = ObligationResource
    list_display = ["grant", "kind", "title", "due", "done_on"]
    list_filter = ["kind", ("done_on", admin.EmptyFieldListFilter), "due", "grant__funder"]
    list_select_related = ["grant__funder"]
    search_fields = ["title", "grant__title", "grant__funder__name"]
    search_help_text = "Précision, subvention ou financeur."
    date_hierarchy = "due"
    autocomplete_fields = ["grant"]
    fieldsets = [(None, {"fields": ["grant", "kind", "title", "due", "done_on"]})]
