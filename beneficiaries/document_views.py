"""The papers of a person's file: adding one, reading it, correcting what is said of it, removing it."""

from http import HTTPStatus

from csp.constants import NONE
from csp.decorators import csp
from django.contrib import messages
from django.core.files import File
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from beneficiaries.document_forms import DocumentFactsForm, DocumentForm
from beneficiaries.document_reports import DocumentRow, document_facts
from beneficiaries.models import Document
from beneficiaries.permissions import get_beneficiary, get_document
from confluences import audit
from confluences.pages import edit_page, posted
from confluences.uploads import content_type, download_name

# A stored file runs nothing, loads nothing, and stands in no frame.
FILE_POLICY = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
FORM = "beneficiaries/document_form.html"


def document_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = DocumentForm(posted(request), request.FILES or None, instance=Document(beneficiary=person))
    response = edit_page(
        request,
        form,
        title="Ajouter un document",
        done="Le document est enregistré.",
        back=person,
        template=FORM,
    )
    return _say_who_reads(request, form, response)


def document_edit(request, pk):
    document = get_document(request.user, pk)
    form = DocumentFactsForm(posted(request), instance=document)
    response = edit_page(
        request,
        form,
        title="Modifier le document",
        done="Le document est enregistré.",
        back=document,
        template=FORM,
    )
    return _say_who_reads(request, form, response)


def document_detail(request, pk):
    document = get_document(request.user, pk)
    row = DocumentRow(document, timezone.localdate())
    kind = _stored_type(document)
    context = {
        "document": document,
        "row": row,
        "facts": document_facts(row),
        "is_missing": kind is None,
        "is_picture": (kind or "").startswith("image/"),
    }
    return render(request, "beneficiaries/document_detail.html", context)


def document_delete(request, pk):
    document = get_document(request.user, pk)
    if request.method != "POST":
        return render(request, "beneficiaries/document_delete.html", {"document": document})
    person = document.beneficiary
    document.delete()
    messages.success(request, "Le document est supprimé, et son fichier avec lui.")
    return redirect(person)


def document_preview(request, pk):
    """The file as the browser shows it; each reading is logged."""
    return _file(request, get_document(request.user, pk), as_attachment=False)


def document_download(request, pk):
    """The file to keep; each reading is logged."""
    return _file(request, get_document(request.user, pk), as_attachment=True)


def _file(request, document: Document, *, as_attachment: bool):
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        return render(
            request,
            "beneficiaries/document_missing.html",
            {"document": document},
            status=HTTPStatus.NOT_FOUND,
        )
    audit.log_read(document)
    return _stored_file(document, file, as_attachment=as_attachment)


@csp(FILE_POLICY)
def _stored_file(document: Document, file: File, *, as_attachment: bool) -> FileResponse:
    kind = content_type(file)
    response = FileResponse(
        file,
        as_attachment=as_attachment,
        filename=download_name(document.original_name, kind),
        content_type=kind or "application/octet-stream",
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    return response


def _stored_type(document: Document) -> str | None:
    """What the file holds by its first bytes; None where it is no more."""
    try:
        with document.file.open("rb") as file:
            return content_type(file)
    except FileNotFoundError:
        return None


def _say_who_reads(request, form, response):
    if response.status_code == HTTPStatus.FOUND and form.made_confidential:
        messages.info(
            request,
            "Ce critère touche à la santé ou à la justice : le document est lu par les travailleurs sociaux seulement.",
        )
    return response
