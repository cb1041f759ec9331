"""Equipment in the admin: its facts, and its history to correct. Who has a thing changes on its page."""

from django.contrib import admin

from confluences.actions import save_recorded
from confluences.admin_base import WHO_AND_WHEN, AdminForm, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from worksites.equipment_resources import EquipmentResource
from worksites.models import Equipment, EquipmentEvent


class EventInline(admin.StackedInline):
    """What happened: a date, a cost or a remark can be corrected; a new event is written on the thing's page."""

    model = EquipmentEvent
    form = AdminForm
    extra = 0
    fields = ["day", "kind", "person", "cost", "note", "opened_version"]
    readonly_fields = ["kind", "person"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("person")

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Equipment)
class EquipmentAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = EquipmentResource
    list_display = ["label", "name", "worksite", "state", "holder", "next_inspection"]
    list_display_links = ["label", "name"]
    list_filter = ["worksite", "state", ("holder", admin.EmptyFieldListFilter), "next_inspection"]
    list_select_related = ["worksite", "holder"]
    search_fields = ["label", "name", "serial_number"]
    search_help_text = "Numéro d’inventaire, désignation ou numéro de série."
    date_hierarchy = "next_inspection"
    autocomplete_fields = ["worksite"]
    readonly_fields = ("holder", *WHO_AND_WHEN)
    inlines = [EventInline]
    fieldsets = [
        (None, {"fields": ["label", "name", "worksite", "state", "holder", "next_inspection"]}),
        ("Achat", {"fields": ["serial_number", "bought_on", "value"]}),
        ("Remarques", {"fields": ["notes"]}),
    ]

    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            removed.delete()
        for changed in changes:
            save_recorded(changed, by=request.user)


@admin.register(EquipmentEvent)
class EquipmentEventAdmin(ExportAdmin, RecordedAdmin):
    """The history of all equipment, to search and to export."""

    list_display = ["day", "equipment", "kind", "person", "cost", "note"]
    list_filter = ["kind", "day", "equipment__worksite"]
    list_select_related = ["equipment", "person"]
    search_fields = ["equipment__label", "equipment__name", "note"]
    search_help_text = "Numéro d’inventaire, désignation ou remarque."
    date_hierarchy = "day"
    readonly_fields = ("equipment", "kind", "person", *WHO_AND_WHEN)
    fieldsets = [(None, {"fields": ["equipment", "kind", "person", "day", "cost", "note"]})]

    def has_add_permission(self, request):
        return False
