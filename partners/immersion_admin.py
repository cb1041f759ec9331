"""Immersions in the admin: whose, where and when, to correct a date or remove a mistaken row. Never what they showed."""

from django.contrib import admin

from beneficiaries.person_admin import PersonSearch
from confluences.admin_base import WHO_AND_WHEN, MetadataOnly, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from partners.immersion_actions import save_immersion
from partners.models import Immersion


@admin.register(Immersion)
class ImmersionAdmin(PersonSearch, MetadataOnly, ExportAdmin, RecordedAdmin):
    """The host is not changed here: it is what the agreement was signed with."""

    list_display = ["beneficiary", "host", "start", "end", "signed_on", "created_by"]
    list_filter = ["start", "end", ("signed_on", admin.EmptyFieldListFilter), "created_by"]
    list_select_related = ["beneficiary", "host", "created_by"]
    date_hierarchy = "start"
    readonly_fields = ("beneficiary", "host", *WHO_AND_WHEN)
    fieldsets = [
        (None, {"fields": ["beneficiary", "host", "start", "end", "day_minutes"]}),
        ("Convention", {"fields": ["agreement_number", "signed_on"]}),
    ]

    def write(self, obj, by):
        save_immersion(obj, by=by)
