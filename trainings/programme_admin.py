"""Programmes in the admin, with their modules: what does not add up is refused as a whole."""

from django.contrib import admin
from django.db.models import Q

from confluences.admin_base import AdminForm, RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from confluences.formats import duration
from trainings.models import Module, Programme
from trainings.programme_actions import save_programme
from trainings.resources import ProgrammeResource


class ModuleInline(admin.StackedInline):
    model = Module
    form = AdminForm
    extra = 0
    fields = ["position", "name", "minutes", "content", "opened_version"]


@admin.register(Programme)
class ProgrammeAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = ProgrammeResource
    list_display = ["name", "kind", "hours", "required_percent", "is_example", "closed_on"]
    list_filter = ["kind", "is_example", ("closed_on", admin.EmptyFieldListFilter)]
    list_select_related = False  # no column of another table
    search_fields = ["name", "certification", "modules__name"]
    search_help_text = "Nom du programme ou d’un module, certification."
    inlines = [ModuleInline]
    fieldsets = [
        (None, {"fields": ["name", "kind", "minutes", "required_percent"]}),
        ("Contenu", {"fields": ["goals", "certification", "is_example", "closed_on"]}),
    ]

    @admin.display(description="durée", ordering="minutes")
    def hours(self, programme):
        return duration(programme.minutes)

    def get_export_queryset(self, request):
        """A line for each module, as the import reads them."""
        programmes = super().get_export_queryset(request).order_by()
        modules = Module.objects.filter(Q(programme__in=programmes.values("pk")))
        return modules.select_related("programme").order_by("programme__name", "position", "pk")

    def save_model(self, request, obj, form, change):
        """Written together with its modules, by save_related."""

    def save_related(self, request, form, formsets, change):
        [modules] = formsets
        modules.save(commit=False)
        kept = [row.instance for row in modules.forms if self._is_kept(row, modules)]
        if not change or form.changed_data or modules.has_changed():
            kept.sort(key=lambda module: module.position)
            save_programme(form.instance, kept, by=request.user, removed=modules.deleted_objects)

    @staticmethod
    def _is_kept(row, modules):
        return (row.instance.pk or row.has_changed()) and row not in modules.deleted_forms
