"""Client jobs in the admin, and the parts of recorded work that went into them."""

from django.contrib import admin

from beneficiaries.models import Beneficiary
from beneficiaries.person_admin import PERSON_HELP
from confluences.admin_base import BaseAdmin, RecordedAdmin
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import duration
from worksites.job_actions import save_job
from worksites.job_resources import JobResource
from worksites.models import JobOrder, JobShare


@admin.register(JobOrder)
class JobOrderAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = JobResource
    list_display = ["title", "client", "worksite", "start", "deadline", "finished_on", "quoted", "done"]
    list_filter = ["worksite", ("finished_on", admin.EmptyFieldListFilter), "start", "deadline"]
    list_select_related = ["worksite", "client"]
    search_fields = ["title", "client__name", "place"]
    search_help_text = "Travaux, client ou lieu."
    autocomplete_fields = ["worksite", "client"]
    date_hierarchy = "start"
    fieldsets = [
        (None, {"fields": ["worksite", "title", "client", "place"]}),
        ("Devis", {"fields": ["quoted_minutes", "quoted_amount", "hourly_cost"]}),
        ("Dates et avancement", {"fields": ["start", "deadline", "progress", "finished_on"]}),
        ("Remarques", {"fields": ["notes"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).with_done()

    @admin.display(description="devis", ordering="quoted_minutes")
    def quoted(self, job):
        return duration(job.quoted_minutes)

    @admin.display(description="heures faites", ordering="done")
    def done(self, job):
        return duration(job.done)

    def write(self, obj, by):
        save_job(obj, by=by)


@admin.register(JobShare)
class JobShareAdmin(ExportAdmin, BaseAdmin):
    """Read here, written where presence is: a day's parts are one whole."""

    list_display = ["day", "person", "job", "minutes_shown"]
    list_filter = ["job__worksite", ("job__finished_on", admin.EmptyFieldListFilter), "entry__day"]
    list_select_related = ["entry__beneficiary", "job__client"]
    search_fields = ["job__title", "job__client__name"]
    search_help_text = f"{PERSON_HELP[:-1]}, travaux ou client."
    date_hierarchy = "entry__day"
    ordering = ["-entry__day", "pk"]
    fieldsets = [(None, {"fields": ["entry", "job", "minutes"]})]
    view_on_site = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        if search_term:
            people = Beneficiary.objects.matching(search_term)
            found |= queryset.filter(entry__beneficiary__in=people)
        return found, duplicates

    @admin.display(description="jour", ordering="entry__day")
    def day(self, share):
        return share.entry.day

    @admin.display(description="salarié en insertion")
    def person(self, share):
        return share.entry.beneficiary

    @admin.display(description="durée", ordering="minutes")
    def minutes_shown(self, share):
        return duration(share.minutes)
