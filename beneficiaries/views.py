"""Writing a person's file: fetch, form, save, back to the person."""

from http import HTTPStatus

from django.utils import timezone

from beneficiaries.forms import (
    BeneficiaryForm,
    ContractForm,
    PassForm,
    ProlongationForm,
    ProtectedForm,
    SituationForm,
    SuspensionForm,
    renewal_of,
)
from beneficiaries.models import Contract, EntrySituation, Pass, Prolongation, Suspension
from beneficiaries.permissions import (
    get_beneficiary,
    get_contract,
    get_pass,
    get_prolongation,
    get_protected,
    get_situation,
    get_suspension,
)
from confluences import audit
from confluences.dates import day_after
from confluences.pages import Place, edit_page, posted

PEOPLE = Place("Salariés", "beneficiary-list")


def beneficiary_create(request):
    form = BeneficiaryForm(posted(request), user=request.user)
    return edit_page(
        request,
        form,
        title="Nouveau dossier",
        done="Le dossier est ouvert. Saisissez maintenant le contrat et la situation à l’entrée.",
        back=PEOPLE,
        template="beneficiaries/beneficiary_form.html",
    )


def beneficiary_edit(request, pk):
    person = get_beneficiary(request.user, pk)
    form = BeneficiaryForm(posted(request), instance=person, user=request.user)
    return edit_page(
        request,
        form,
        title="Modifier l’identité",
        done="L’identité est enregistrée.",
        back=person,
        template="beneficiaries/beneficiary_form.html",
    )


def situation_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = SituationForm(posted(request), instance=EntrySituation(beneficiary=person))
    return edit_page(
        request,
        form,
        title="Situation à l’entrée",
        done="La situation à l’entrée est enregistrée.",
        back=person,
    )


def situation_edit(request, pk):
    situation = get_situation(request.user, pk)
    form = SituationForm(posted(request), instance=situation)
    return edit_page(
        request,
        form,
        title="Situation à l’entrée",
        done="La situation à l’entrée est enregistrée.",
        back=situation.beneficiary,
    )


def protected_edit(request, pk):
    protected = get_protected(request.user, pk)
    form = ProtectedForm(posted(request), instance=protected)
    response = edit_page(
        request,
        form,
        title="Santé et justice",
        done="La situation protégée est enregistrée.",
        back=protected.situation.beneficiary,
        template="beneficiaries/protected_form.html",
    )
    # Whatever shows the page shows its content: a first visit, a mistake, a colleague's words in a conflict.
    if response.status_code != HTTPStatus.FOUND:
        audit.log_read(protected if protected.pk else protected.situation)
    return response


def contract_create(request, pk):
    person = get_beneficiary(request.user, pk)
    last = person.contracts.order_by("-start").first()
    form = ContractForm(posted(request), instance=Contract(beneficiary=person), initial=renewal_of(last))
    title = "Renouveler ou ajouter un contrat" if last else "Nouveau contrat"
    return edit_page(request, form, title=title, done="Le contrat est enregistré.", back=person)


def contract_edit(request, pk):
    contract = get_contract(request.user, pk)
    form = ContractForm(posted(request), instance=contract)
    return edit_page(
        request,
        form,
        title="Modifier le contrat",
        done="Le contrat est enregistré.",
        back=contract.beneficiary,
    )


def pass_create(request, pk):
    person = get_beneficiary(request.user, pk)
    form = PassForm(posted(request), instance=Pass(beneficiary=person))
    return edit_page(request, form, title="Nouveau PASS IAE", done="Le PASS IAE est enregistré.", back=person)


def pass_edit(request, pk):
    pass_iae = get_pass(request.user, pk)
    form = PassForm(posted(request), instance=pass_iae)
    return edit_page(
        request,
        form,
        title="Modifier le PASS IAE",
        done="Le PASS IAE est enregistré.",
        back=pass_iae.beneficiary,
    )


def suspension_create(request, pk):
    pass_iae = get_pass(request.user, pk)
    form = SuspensionForm(posted(request), instance=Suspension(pass_iae=pass_iae))
    return _pass_change_page(
        request, form, pass_iae, title="Suspendre le PASS IAE", done="La suspension est enregistrée"
    )


def suspension_edit(request, pk):
    suspension = get_suspension(request.user, pk)
    form = SuspensionForm(posted(request), instance=suspension)
    return _pass_change_page(
        request,
        form,
        suspension.pass_iae,
        title="Modifier la suspension",
        done="La suspension est enregistrée",
    )


def prolongation_create(request, pk):
    pass_iae = get_pass(request.user, pk)
    initial = {"start": day_after(pass_iae.end), "requested_on": timezone.localdate()}
    form = ProlongationForm(posted(request), instance=Prolongation(pass_iae=pass_iae), initial=initial)
    return _pass_change_page(
        request, form, pass_iae, title="Prolonger le PASS IAE", done="La prolongation est enregistrée"
    )


def prolongation_edit(request, pk):
    prolongation = get_prolongation(request.user, pk)
    form = ProlongationForm(posted(request), instance=prolongation)
    return _pass_change_page(
        request,
        form,
        prolongation.pass_iae,
        title="Modifier la prolongation",
        done="La prolongation est enregistrée",
    )


def _pass_change_page(request, form, pass_iae, *, title, done):
    return edit_page(
        request,
        form,
        title=title,
        done=f"{done} : la fin du PASS IAE est recalculée.",
        back=pass_iae.beneficiary,
    )
