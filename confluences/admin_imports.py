"""Import with a preview in the admin, and its export: one page each, the same columns both ways."""

import datetime as dt
from pathlib import Path
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from import_export.admin import ImportExportMixin

from confluences.admin_exports import ExportAdmin
from confluences.exports import Column, download
from confluences.formats import number
from confluences.imports import MAX_LISTED, Fault, ImportFaults, ImportResource, read_for

EXAMPLES = Path(settings.BASE_DIR) / "docs" / "exemples"
WAITING_FOLDER = "imports"  # files between their preview and its confirmation
WAITING_HOURS = 2


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Fichier",
        help_text="CSV en UTF-8 (séparé par des points-virgules ou des virgules), ou classeur Excel .xlsx.",
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )


class ImportExportAdmin(ExportAdmin, ImportExportMixin):
    """Adds both to a model's list: what is exported imports again as it is. A subclass names its resource."""

    resource_class: type[ImportResource]

    @property
    def export_name(self):
        return self.resource_class._meta.name

    @property
    def export_columns(self):
        return [Column(each.column_name, each.export) for each in self.resource_class().get_import_fields()]

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_import_example"
        return [
            path("import/exemple.csv", self.admin_site.admin_view(self.example), name=name),
            *super().get_urls(),
        ]

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def example(self, request):
        """A small file that imports as it is."""
        name = f"{self.resource_class._meta.name}.csv"
        return download((EXAMPLES / name).read_bytes(), filename=name, content_type="text/csv")

    # Import

    def import_action(self, request, **kwargs):
        """The form, then the preview of what the file would do; nothing is kept yet."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        sent = request.method == "POST"
        form = ImportForm(request.POST, request.FILES) if sent else ImportForm()
        if not sent or not form.is_valid():
            return self._import_page(request, form=form)
        file = form.cleaned_data["file"]
        if file.size > settings.MAX_UPLOAD_SIZE:
            limit = settings.MAX_UPLOAD_SIZE // (1024 * 1024)
            message = f"Ce fichier dépasse {limit} Mo. Découpez-le en plusieurs fichiers."
            return self._import_page(
                request, form=form, name=file.name, faults=[Fault(None, "", message)], total=1
            )
        content = file.read()
        try:
            outcome = read_for(self.resource_class(by=request.user), content, dry_run=True)
        except ImportFaults as refusal:
            return self._import_page(
                request, form=form, name=file.name, faults=refusal.faults, total=refusal.total
            )
        ticket = self._keep(request, file.name, content) if outcome.written else None
        return self._import_page(request, form=form, name=file.name, outcome=outcome, ticket=ticket)

    def process_import(self, request, **kwargs):
        """Imports the file whose preview was confirmed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")
        waiting = self._kept(request)
        if waiting is None:
            message = "Ce fichier n’attend plus d’être confirmé. Choisissez-le à nouveau."
            return self._import_page(request, form=ImportForm(), faults=[Fault(None, "", message)], total=1)
        name, content = waiting
        try:
            outcome = read_for(self.resource_class(by=request.user), content, dry_run=False)
        except ImportFaults as refusal:
            return self._import_page(
                request, form=ImportForm(), name=name, faults=refusal.faults, total=refusal.total
            )
        self.message_user(
            request,
            f"Import de {name} terminé : {counted(outcome.created, 'créée')}, "
            f"{counted(outcome.updated, 'modifiée')}, {counted(outcome.unchanged, 'déjà à jour')}.",
            messages.SUCCESS,
        )
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")

    def _import_page(self, request, **context: Any) -> TemplateResponse:
        resource = self.resource_class()
        title = f"Importer des {self.opts.verbose_name_plural}"
        common = {
            "title": title,
            "opts": self.opts,
            "columns": resource.get_import_fields(),
            "faults": [],
            "total": 0,
            "outcome": None,
            "ticket": None,
            "name": "",
            "max_listed": MAX_LISTED,
            "max_rows": number(settings.MAX_IMPORT_ROWS),
        }
        context = {**self.admin_site.each_context(request), **common, **context}
        status = 422 if context["faults"] else 200
        return TemplateResponse(request, "admin/import_export/import.html", context, status=status)

    def _keep(self, request, name: str, content: bytes) -> str:
        """Puts the file aside and returns the ticket that this user alone can bring it back with."""
        forget_abandoned_files()
        stored = default_storage.save(f"{WAITING_FOLDER}/{uuid4().hex}", ContentFile(content))
        return signing.dumps([stored, name, request.user.pk, self.opts.label], salt=WAITING_FOLDER)

    def _kept(self, request) -> tuple[str, bytes] | None:
        """The file that was put aside, once: it is gone from there afterwards."""
        try:
            stored, name, user, model = signing.loads(
                request.POST.get("ticket", ""), salt=WAITING_FOLDER, max_age=dt.timedelta(hours=WAITING_HOURS)
            )
        except signing.BadSignature:
            return None
        if (user, model) != (request.user.pk, self.opts.label) or not default_storage.exists(stored):
            return None
        with default_storage.open(stored) as file:
            content = file.read()
        default_storage.delete(stored)
        return name, content


def counted(lines: int, word: str) -> str:
    """« aucune ligne créée », « 1 ligne créée », « 2 lignes créées »."""
    several = word if word.startswith("déjà") else f"{word}s"
    return f"{lines or 'aucune'} ligne{'s' if lines > 1 else ''} {several if lines > 1 else word}"


def forget_abandoned_files() -> None:
    """Removes the files whose preview nobody confirmed in time: they hold personal data."""
    if not default_storage.exists(WAITING_FOLDER):
        return
    limit = timezone.now() - dt.timedelta(hours=WAITING_HOURS)
    for name in default_storage.listdir(WAITING_FOLDER)[1]:
        stored = f"{WAITING_FOLDER}/{name}"
        if default_storage.get_modified_time(stored) < limit:
            default_storage.delete(stored)
