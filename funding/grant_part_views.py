"""What belongs to a grant: its papers, its instalments, what is owed in return."""

from http import HTTPStatus

from django.contrib import messages
from django.shortcuts import redirect, render

from confluences import audit
from confluences.pages import edit_page, posted
from confluences.stored_files import file_response
from funding.enums import ObligationKind
from funding.grant_part_forms import (
    DoneForm,
    GrantDocumentForm,
    InstalmentForm,
    ObligationForm,
    ReceiveForm,
)
from funding.models import Grant, GrantDocument, Instalment, Obligation
from funding.permissions import get_document, get_grant, get_instalment, get_obligation

# Papers


def document_create(request, pk):
    grant = get_grant(request.user, pk)
    form = GrantDocumentForm(posted(request), request.FILES or None, instance=GrantDocument(grant=grant))
    response = edit_page(
        request, form, title="Ajouter une pièce", done="La pièce est enregistrée.", back=grant
    )
    # The row's own address is its file: one comes back to the grant.
    return redirect(grant) if response.status_code == HTTPStatus.FOUND else response


def document_download(request, pk):
    """The file to keep; each reading is logged."""
    document = get_document(request.user, pk)
    try:
        file = document.file.open("rb")
    except FileNotFoundError:
        context = {"document": document, "grant": document.grant}
        return render(request, "funding/document_missing.html", context, status=HTTPStatus.NOT_FOUND)
    audit.log_read(document)
    return file_response(file, original_name=document.original_name, as_attachment=True)


def document_delete(request, pk):
    document = get_document(request.user, pk)
    words = "La pièce et son fichier disparaissent définitivement. Le journal garde la date et votre nom."
    return _delete(request, document, title="Supprimer la pièce", words=words, done="La pièce est supprimée.")


# Instalments


def instalment_create(request, pk):
    grant = get_grant(request.user, pk)
    form = InstalmentForm(posted(request), instance=Instalment(grant=grant))
    return edit_page(
        request, form, title="Nouveau versement", done="Le versement est enregistré.", back=grant
    )


def instalment_edit(request, pk):
    instalment = get_instalment(request.user, pk)
    form = InstalmentForm(posted(request), instance=instalment)
    return edit_page(
        request,
        form,
        title="Modifier le versement",
        done="Le versement est enregistré.",
        back=instalment.grant,
    )


def instalment_receive(request, pk):
    instalment = get_instalment(request.user, pk)
    form = ReceiveForm(posted(request), instance=instalment)
    return edit_page(
        request, form, title="Versement reçu", done="Le versement est reçu.", back=instalment.grant
    )


def instalment_delete(request, pk):
    instalment = get_instalment(request.user, pk)
    words = "Ce versement n’est plus attendu, et ce qui en est reçu n’est plus compté."
    return _delete(
        request, instalment, title="Supprimer le versement", words=words, done="Le versement est supprimé."
    )


# Obligations


def obligation_create(request, pk):
    grant = get_grant(request.user, pk)
    form = ObligationForm(
        posted(request), instance=Obligation(grant=grant), initial={"kind": ObligationKind.REPORT}
    )
    return edit_page(request, form, title="Nouvelle échéance", done="L’échéance est enregistrée.", back=grant)


def obligation_edit(request, pk):
    obligation = get_obligation(request.user, pk)
    form = ObligationForm(posted(request), instance=obligation)
    return edit_page(
        request, form, title="Modifier l’échéance", done="L’échéance est enregistrée.", back=obligation.grant
    )


def obligation_done(request, pk):
    obligation = get_obligation(request.user, pk)
    form = DoneForm(posted(request), instance=obligation)
    return edit_page(
        request, form, title="Échéance rendue", done="L’échéance est rendue.", back=obligation.grant
    )


def obligation_delete(request, pk):
    obligation = get_obligation(request.user, pk)
    words = "Cette échéance ne sera plus rappelée."
    return _delete(
        request, obligation, title="Supprimer l’échéance", words=words, done="L’échéance est supprimée."
    )


def _delete(request, row: GrantDocument | Instalment | Obligation, *, title: str, words: str, done: str):
    """Asks, then deletes, and comes back to the grant."""
    grant: Grant = row.grant
    if request.method != "POST":
        context = {"row": row, "grant": grant, "title": title, "words": words}
        return render(request, "funding/part_delete.html", context)
    row.delete()
    messages.success(request, done)
    return redirect(grant)
