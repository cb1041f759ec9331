"""What the pages of lists do alike, from one app to the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django_filters import FilterSet

from confluences import audit
from confluences.exports import FORMATS, Column, Heading, NothingToExport, download


@dataclass(frozen=True)
class ListFile:
    """A list as a file: its title, the start of its name, the page it is asked from, and the words for no rows."""

    title: str
    name: str
    page: str
    nothing: str


def export_list(
    request: HttpRequest,
    file_format: str,
    chosen: FilterSet,
    file: ListFile,
    *,
    columns: Sequence[Column],
    rows: Callable[[QuerySet], Sequence[Any]],
) -> HttpResponse:
    """The rows that a list's filters keep, as a file; filters that are wrong or keep nothing lead back to the page."""
    if file_format not in FORMATS:
        raise Http404
    if not chosen.is_valid():
        messages.error(request, "Ce filtre n’est pas compris : corrigez-le, puis exportez à nouveau.")
        return redirect(file.page)
    table = rows(chosen.qs)
    heading = Heading(file.title, str(request.user), chosen.in_words, timezone.now())
    write, content_type = FORMATS[file_format]
    try:
        content = write(columns, table, heading)
    except NothingToExport:
        messages.warning(request, file.nothing)
        return redirect(f"{reverse(file.page)}?{request.GET.urlencode()}")
    model = chosen.queryset.model
    audit.log_list_export(model, file_format=file_format, rows=len(table), filters=chosen.in_words)
    filename = f"{file.name}-{timezone.localdate():%Y-%m-%d}.{file_format}"
    return download(content, filename=filename, content_type=content_type)
