"""Export in the admin: the rows that the list shows, as a spreadsheet or CSV, logged."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from django import forms
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.text import capfirst, slugify
from import_export.admin import ExportMixin
from openpyxl import Workbook
from openpyxl.styles import Font

from confluences.audit import log_list_export
from confluences.exports import XLSX, Column, Heading, download, safe_cell

COLUMN_WIDTH = 22


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label="Format",
        choices=[("xlsx", "classeur Excel (.xlsx)"), ("csv", "CSV (.csv)")],
        widget=forms.RadioSelect,
        initial="xlsx",
    )


class ExportAdmin(ExportMixin):
    """Adds the export to a model's list: its own columns, unless a subclass has others."""

    @property
    def export_name(self) -> str:
        return slugify(self.opts.verbose_name_plural)

    @property
    def export_columns(self) -> list[Column]:
        return [
            Column(capfirst(label_for_field(name, self.model, self)), partial(self._exported_value, name))
            for name in self.list_display
        ]

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def export_action(self, request):
        """The rows that the list shows, with its search and filters."""
        if not self.has_export_permission(request):
            raise PermissionDenied
        rows = self.get_export_queryset(request)
        count = rows.count()
        form = ExportForm(request.POST or None)
        if request.method != "POST" or not form.is_valid() or not count:
            return self._export_page(request, form, count)
        file_format = form.cleaned_data["format"]
        filters = ", ".join(f"{name} = {value}" for name, value in request.GET.items())
        log_list_export(self.model, file_format=file_format, rows=count, filters=filters)
        heading = Heading(str(self.opts.verbose_name_plural), str(request.user), filters, timezone.now())
        return exported(self.export_name, self.export_columns, rows, file_format, heading)

    def _exported_value(self, name: str, row: Any) -> Any:
        field, _attribute, value = lookup_field(name, row, self)
        if field is not None and field.choices:
            return getattr(row, f"get_{name}_display")()
        return f"{value:%H:%M}" if isinstance(value, dt.time) else value

    def _export_page(self, request, form: ExportForm, count: int) -> TemplateResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": f"Exporter des {self.opts.verbose_name_plural}",
            "opts": self.opts,
            "form": form,
            "count": count,
            "columns": self.export_columns,
        }
        return TemplateResponse(request, "admin/import_export/export.html", context)


def exported(
    name: str, columns: Sequence[Column], rows: Iterable[Any], file_format: str, heading: Heading
) -> HttpResponse:
    """The rows as a file whose first line is its headings."""
    table = [[column.heading for column in columns]]
    table += [[safe_cell(column.value(row)) for column in columns] for row in rows]
    filename = f"{name}-{timezone.localdate(heading.made_at):%Y-%m-%d}.{file_format}"
    if file_format == "csv":
        return download(_csv(table), filename=filename, content_type="text/csv; charset=utf-8")
    return download(_xlsx(table, heading), filename=filename, content_type=XLSX)


def _csv(table: list[list[Any]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows(table)
    # With its mark, so that a spreadsheet reads the accents.
    return stream.getvalue().encode("utf-8-sig")


def _xlsx(table: list[list[Any]], heading: Heading) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Données"
    for cells in table:
        sheet.append(cells)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = COLUMN_WIDTH
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, dt.date):
                cell.number_format = "DD/MM/YYYY"
    sheet.freeze_panes = "A2"
    # Beside the data, so that the file imports again as it is.
    about = book.create_sheet("À propos")
    for line in heading.lines(len(table) - 1):
        about.append([safe_cell(cell) for cell in line])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
