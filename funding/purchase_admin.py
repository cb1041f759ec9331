"""Purchases and their shares in the admin, held to what their pages hold them to."""

from django.contrib import admin

from confluences.admin_base import WHO_AND_WHEN, AdminForm, RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import euros
from funding.models import Grant, Purchase, PurchaseShare
from funding.purchase_resources import PurchaseResource, ShareResource
from funding.share_actions import delete_share, save_purchase, save_share


class GrantChoice:
    """The grants to choose from are read with their funders, whose names they bear."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "grant":
            kwargs["queryset"] = Grant.objects.select_related("funder")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ShareInline(GrantChoice, admin.StackedInline):
    """Who pays: the same checks as on the purchase's own page."""

    model = PurchaseShare
    form = AdminForm
    extra = 0
    fields = [("grant", "amount"), "opened_version"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("purchase", "grant__funder")


@admin.register(Purchase)
class PurchaseAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = PurchaseResource
    list_display = [
        "title",
        "kind",
        "price",
        "shared_shown",
        "worksite",
        "needed_on",
        "invoiced_on",
        "paid_on",
    ]
    list_filter = [
        "kind",
        "worksite",
        ("received_on", admin.EmptyFieldListFilter),
        ("paid_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["worksite"]
    search_fields = ["title", "invoice_number", "supplier__name"]
    search_help_text = "Achat, numéro de facture ou fournisseur."
    date_hierarchy = "needed_on"
    inlines = [ShareInline]
    fieldsets = [
        (None, {"fields": ["title", "kind", "price", "pieces", "worksite", "supplier"]}),
        ("Dates", {"fields": ["needed_on", "delivery_days", "ordered_on", "received_on"]}),
        ("Facture", {"fields": ["invoiced_on", "invoice_number", "paid_on"]}),
        ("Remarques", {"fields": ["notes"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_shared()

    @admin.display(description="payé par des subventions", ordering="shared")
    def shared_shown(self, purchase):
        return euros(round(purchase.shared, 2))

    def write(self, obj, by):
        save_purchase(obj, by=by)

    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            delete_share(removed)
        for changed in changes:
            save_share(changed, by=request.user)


@admin.register(PurchaseShare)
class PurchaseShareAdmin(GrantChoice, ImportExportAdmin, RecordedAdmin):
    """All shares, to search and to export. A share keeps its purchase and its grant."""

    resource_class = ShareResource
    list_display = ["purchase", "grant", "amount"]
    list_filter = ["purchase__kind", "grant__status"]
    list_select_related = ["purchase", "grant__funder"]
    search_fields = ["purchase__title", "grant__title", "grant__funder__name"]
    search_help_text = "Achat, subvention ou financeur."
    fieldsets = [(None, {"fields": ["purchase", "grant", "amount"]})]

    def get_readonly_fields(self, request, obj=None):
        return ("purchase", "grant", *WHO_AND_WHEN) if obj else WHO_AND_WHEN

    def write(self, obj, by):
        save_share(obj, by=by)
