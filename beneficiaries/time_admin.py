"""Presence in the admin: to import, to look up, to correct one entry. Sessions and closed months are only read."""

from django.contrib import admin
from django.db import transaction

from beneficiaries.models import Beneficiary, MonthClosing, TimeEntry
from beneficiaries.person_admin import PersonSearch
from beneficiaries.time_actions import delete_entry, save_entry
from beneficiaries.time_resources import TimeEntryResource
from confluences.admin_base import WHO_AND_WHEN, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import duration


class WorksiteFilter(admin.SimpleListFilter):
    """Where the person was assigned that day. `assignments` is the worksites app's link to us: a name, not an import."""

    title = "chantier"
    parameter_name = "chantier"

    def lookups(self, request, model_admin):
        worksites = Beneficiary.objects.filter(assignments__isnull=False).order_by(
            "assignments__worksite__name"
        )
        return worksites.values_list("assignments__worksite", "assignments__worksite__name").distinct()

    def queryset(self, request, queryset):
        known = {str(pk) for pk, _name in self.lookup_choices}
        if self.value() not in known:
            return queryset
        return queryset.on_worksites(beneficiary__assignments__worksite=self.value())


@admin.register(TimeEntry)
class TimeEntryAdmin(PersonSearch, ImportExportAdmin, RecordedAdmin):
    resource_class = TimeEntryResource
    list_display = ["beneficiary", "day", "kind", "reason", "duration_shown", "start"]
    list_filter = ["kind", "reason", WorksiteFilter, ("start", admin.EmptyFieldListFilter)]
    list_select_related = ["beneficiary"]
    autocomplete_fields = ["beneficiary"]
    date_hierarchy = "day"
    readonly_fields = ("start", *WHO_AND_WHEN)
    fieldsets = [
        (None, {"fields": ["beneficiary", "day"]}),
        ("Temps", {"fields": ["kind", "reason", "minutes", "start"]}),
    ]

    @admin.display(description="durée", ordering="minutes")
    def duration_shown(self, entry):
        return duration(entry.minutes)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self._is_final(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self._is_final(request, obj)

    def write(self, obj, by):
        save_entry(obj, by=by)

    def delete_model(self, request, obj):
        delete_entry(obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for entry in queryset:
            delete_entry(entry)

    @staticmethod
    def _is_final(request, entry) -> bool:
        """Whether a session's sheet, or nobody, may change it. The closings are read once for a whole list."""
        if entry is None:
            return False
        if not hasattr(request, "closings"):
            request.closings = list(MonthClosing.objects.in_force())
        return entry.start is not None or any(
            closing.first_day <= entry.day <= closing.last_day for closing in request.closings
        )


@admin.register(MonthClosing)
class MonthClosingAdmin(ExportAdmin, RecordedAdmin):
    """The history of closings: months are closed and reopened on their own page."""

    list_display = [
        "first_day",
        "last_day",
        "created_at",
        "created_by",
        "reopened_at",
        "reopened_by",
        "reopening_reason",
    ]
    list_filter = [("reopened_at", admin.EmptyFieldListFilter), "first_day"]
    list_select_related = ["created_by", "reopened_by"]
    search_fields = ["reopening_reason"]
    search_help_text = "Raison de la réouverture."
    date_hierarchy = "first_day"
    fieldsets = [
        (None, {"fields": ["first_day", "last_day"]}),
        ("Réouverture", {"fields": ["reopened_at", "reopened_by", "reopening_reason"]}),
    ]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
