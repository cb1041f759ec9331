"""Social support in the admin: whose and when, to correct a date or remove a mistaken row. Never what it says.

Administrators see none of the support's content. Confidential notes and the themes of follow-ups are not there at all.
"""

from django.contrib import admin

from beneficiaries.models import Appointment, BarrierAssessment, CareerProject, Document, FollowUp, Step
from beneficiaries.person_admin import PersonSearch
from confluences.admin_base import WHO_AND_WHEN, MetadataOnly, RecordedAdmin
from confluences.admin_exports import ExportAdmin


class SupportAdmin(PersonSearch, MetadataOnly, ExportAdmin, RecordedAdmin):
    """A row of somebody's support: it never moves to somebody else."""

    readonly_fields = ("beneficiary", *WHO_AND_WHEN)
    list_select_related = ["beneficiary", "created_by"]


@admin.register(FollowUp)
class FollowUpAdmin(SupportAdmin):
    list_display = ["beneficiary", "on", "kind", "minutes", "medium", "created_by"]
    list_filter = ["on", "kind", "medium", "created_by"]
    date_hierarchy = "on"
    fieldsets = [(None, {"fields": ["beneficiary", "on", "kind", "minutes", "medium"]})]


@admin.register(Appointment)
class AppointmentAdmin(SupportAdmin):
    list_display = ["beneficiary", "worker", "on", "at", "kind", "outcome"]
    list_filter = ["on", "kind", "outcome", "worker"]
    list_select_related = ["beneficiary", "worker"]
    date_hierarchy = "on"
    autocomplete_fields = ["worker"]
    fieldsets = [(None, {"fields": ["beneficiary", "worker", "on", "at", "kind", "outcome"]})]


@admin.register(Step)
class StepAdmin(SupportAdmin):
    list_display = ["beneficiary", "opened_on", "due", "status", "closed_on", "side", "minutes"]
    list_filter = ["status", "side", "due"]
    list_select_related = ["beneficiary"]
    date_hierarchy = "opened_on"
    fieldsets = [
        (None, {"fields": ["beneficiary", "opened_on", "due", "status", "closed_on", "side", "minutes"]})
    ]


@admin.register(BarrierAssessment)
class BarrierAssessmentAdmin(SupportAdmin):
    list_display = ["beneficiary", "assessed_on", "created_by"]
    list_filter = ["assessed_on", "created_by"]
    date_hierarchy = "assessed_on"
    fieldsets = [(None, {"fields": ["beneficiary", "assessed_on"]})]


@admin.register(CareerProject)
class CareerProjectAdmin(SupportAdmin):
    list_display = ["beneficiary", "decided_on", "created_by"]
    list_filter = ["decided_on", "created_by"]
    date_hierarchy = "decided_on"
    fieldsets = [(None, {"fields": ["beneficiary", "decided_on"]})]


@admin.register(Document)
class DocumentAdmin(SupportAdmin):
    """A paper: nothing of it is correctable here, removing it removes its file."""

    list_display = ["beneficiary", "created_at", "created_by"]
    list_filter = ["created_at", "created_by"]
    date_hierarchy = "created_at"
    fieldsets = [(None, {"fields": ["beneficiary", "created_at", "created_by"]})]

    def has_change_permission(self, request, obj=None):
        return False

    def get_fieldsets(self, request, obj=None):
        return self.fieldsets
