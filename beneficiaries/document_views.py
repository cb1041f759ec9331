"""The papers of a person's file: adding one, reading it, correcting what is said of it, removing it."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone

from beneficiaries.document_forms import DocumentFactsForm, DocumentForm
from beneficiaries.document_reports import DocumentRow, document_facts
from beneficiaries.models import Document
from beneficiaries.permissions import get_beneficiary, get_document
from confluences import audit
from confluences.pages import edit_page, posted
from confluences.stored_files import file_response
from confluences.uploads import content_type

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
    return file_response(file, original_name=document.original_name, as_attachment=as_attachment)


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
