"""Worksites and assignments in the admin; etp_admin has what the State finances."""

from django.contrib import admin
from django.db import transaction
from django.utils import timezone

from beneficiaries.admin import PersonSearch
from confluences.admin_base import RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from worksites import equipment_admin, etp_admin, job_admin  # noqa: F401  its pages register themselves
from worksites.actions import assign, delete_assignment
from worksites.models import Assignment, Worksite
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

    def delete_model(self, request, obj):
        delete_assignment(obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for assignment in queryset:
            delete_assignment(assignment)
