"""Enrolments in the admin."""

from django.contrib import admin

from beneficiaries.person_admin import PersonSearch
from confluences.admin_base import RecordedAdmin, TypedValuesFilter
from confluences.admin_imports import ImportExportAdmin
from trainings.models import Enrolment
from trainings.resources import EnrolmentResource


@admin.register(Enrolment)
class EnrolmentAdmin(PersonSearch, ImportExportAdmin, RecordedAdmin):
    resource_class = EnrolmentResource
    list_display = ["beneficiary", "programme", "group", "enrolled_on", "left_on"]
    list_filter = [
        "programme",
        ("group", TypedValuesFilter),
        ("left_on", admin.EmptyFieldListFilter),
        "enrolled_on",
    ]
    list_select_related = ["beneficiary", "programme"]
    autocomplete_fields = ["beneficiary", "programme"]
    date_hierarchy = "enrolled_on"
    fieldsets = [(None, {"fields": ["programme", "beneficiary", "group", "enrolled_on", "left_on"]})]

    def view_on_site(self, obj):
        return obj.programme.get_absolute_url()
