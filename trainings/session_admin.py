"""Sessions with their modules in the admin, and attendance, which is only read there: its sheet writes it, or an import."""

from django.contrib import admin
from django.db import transaction

from beneficiaries.models import Beneficiary
from beneficiaries.person_admin import PERSON_HELP
from confluences.admin_base import BaseAdmin, RecordedAdmin, TypedValuesFilter
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import duration
from trainings.models import Attendance, Session, SessionModule
from trainings.session_actions import delete_session, plan_session
from trainings.session_resources import AttendanceResource, SessionResource


class SessionModuleInline(admin.StackedInline):
    model = SessionModule
    extra = 0
    min_num = 1
    fields = ["module", "minutes"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("module")


@admin.register(Session)
class SessionAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = SessionResource
    list_display = ["programme", "group", "day", "start", "end", "place", "trainer"]
    list_display_links = ["programme", "day"]
    list_filter = ["programme", ("group", TypedValuesFilter), "day", ("trainer", TypedValuesFilter)]
    list_select_related = ["programme"]
    search_fields = ["programme__name", "group", "place", "trainer"]
    search_help_text = "Programme, groupe, lieu ou formateur."
    autocomplete_fields = ["programme"]
    date_hierarchy = "day"
    inlines = [SessionModuleInline]
    fieldsets = [
        (None, {"fields": ["programme", "group", "day", "start", "end"]}),
        ("Où et avec qui", {"fields": ["place", "trainer"]}),
    ]

    def get_export_queryset(self, request):
        return super().get_export_queryset(request).prefetch_related("taught__module")

    def save_model(self, request, obj, form, change):
        """Written together with its modules, by save_related."""

    def save_related(self, request, form, formsets, change):
        [taught] = formsets
        taught.save(commit=False)
        shares = {
            row.instance.module: row.instance.minutes
            for row in taught.forms
            if (row.instance.pk or row.has_changed()) and row not in taught.deleted_forms
        }
        if not change or form.changed_data or taught.has_changed():
            plan_session(form.instance, shares, by=request.user)

    def delete_model(self, request, obj):
        delete_session(obj)

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for session in queryset:
            delete_session(session)


@admin.register(Attendance)
class AttendanceAdmin(ImportExportAdmin, BaseAdmin):
    resource_class = AttendanceResource
    list_display = ["person", "programme", "day", "start", "kind", "reason", "minutes"]
    list_filter = ["session__programme", "session__day", "entry__kind", "entry__reason"]
    list_select_related = ["enrolment__beneficiary", "session__programme", "entry"]
    search_fields = ["session__programme__name"]  # get_search_results looks further
    search_help_text = PERSON_HELP
    date_hierarchy = "session__day"
    fields = ["person", "programme", "day", "start", "kind", "reason", "minutes"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_import_permission(self, request):
        return request.user.has_perm("trainings.add_attendance")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_search_results(self, request, queryset, search_term):
        if search_term:
            people = Beneficiary.objects.matching(search_term)
            queryset = queryset.filter(enrolment__beneficiary__in=people)
        return queryset, False

    @admin.display(description="salarié en insertion", ordering="enrolment__beneficiary")
    def person(self, attendance):
        return attendance.enrolment.beneficiary

    @admin.display(description="programme", ordering="session__programme")
    def programme(self, attendance):
        return attendance.session.programme

    @admin.display(description="jour", ordering="session__day")
    def day(self, attendance):
        return attendance.session.day

    @admin.display(description="début", ordering="session__start")
    def start(self, attendance):
        return attendance.session.start

    @admin.display(description="présence", ordering="entry__kind")
    def kind(self, attendance):
        return attendance.entry.get_kind_display()

    @admin.display(description="motif d’absence", ordering="entry__reason")
    def reason(self, attendance):
        return attendance.entry.get_reason_display()

    @admin.display(description="durée", ordering="entry__minutes")
    def minutes(self, attendance):
        return duration(attendance.entry.minutes)
