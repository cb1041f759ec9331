"""Worksites, assignments and financial annexes in the admin."""

from django.contrib import admin
from django.utils import timezone

from beneficiaries.admin import PersonSearch
from confluences.admin_base import RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from worksites import job_admin  # noqa: F401  its pages register themselves
from worksites.actions import assign
from worksites.models import Assignment, FinancialAnnex, Worksite
from worksites.resources import AssignmentResource, WorksiteResource


@admin.register(Worksite)
class WorksiteAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = WorksiteResource
    list_display = ["name", "city", "opened_on", "closed_on", "places", "team_size"]
    list_filter = [("closed_on", admin.EmptyFieldListFilter)]
    list_select_related = False  # no column of another table
    search_fields = ["name", "city"]
    search_help_text = "Nom ou ville."
    fieldsets = [
        (None, {"fields": ["name", "address", "postcode", "city"]}),
        ("Activité", {"fields": ["opened_on", "closed_on", "places", "instructors"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_team_size(timezone.localdate())

    @admin.display(description="équipe aujourd’hui")
    def team_size(self, worksite):
        return worksite.team_size


@admin.register(Assignment)
class AssignmentAdmin(PersonSearch, ImportExportAdmin, RecordedAdmin):
    resource_class = AssignmentResource
    list_display = ["beneficiary", "worksite", "start", "end"]
    list_filter = ["worksite", ("end", admin.EmptyFieldListFilter)]
    list_select_related = ["beneficiary", "worksite"]
    autocomplete_fields = ["beneficiary", "worksite"]
    date_hierarchy = "start"
    fieldsets = [(None, {"fields": ["beneficiary", "worksite", "start", "end"]})]

    def write(self, obj, by):
        assign(obj, by=by)


@admin.register(FinancialAnnex)
class FinancialAnnexAdmin(RecordedAdmin):
    list_display = ["number", "kind", "start", "end", "agreed_etp", "expected_dynamic", "expected_durable"]
    list_filter = ["kind", "worksites", "start"]
    list_select_related = False  # no column of another table
    search_fields = ["number", "worksites__name"]
    search_help_text = "Numéro ou chantier."
    date_hierarchy = "start"
    fieldsets = [
        (None, {"fields": ["number", "kind", "start", "end", "worksites"]}),
        ("Postes et aide", {"fields": ["agreed_etp", "hours_per_etp", "aid_per_etp"]}),
        ("Sorties attendues", {"fields": ["expected_dynamic", "expected_durable"]}),
    ]
