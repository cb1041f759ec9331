"""What fills the address of each page, with something of the demonstration that the user may see."""

from typing import Any

from django.utils import timezone

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Document,
    FollowUp,
    MonthClosing,
    Pass,
    Step,
    TimeEntry,
)
from confluences.models import User
from funding.models import Budget, CashBalance, Grant, GrantDocument, Obligation, Purchase, PurchaseShare
from outcomes.models import Exit
from partners.models import Contact, Immersion, Partner, Referral, Service
from partners.reply_actions import create_link
from tests.funding.factories import make_paper
from tests.partners.factories import make_contact, make_service
from trainings.models import Certificate, Enrolment, Programme, Session
from worksites.models import Equipment, FinancialAnnex, JobOrder, Worksite


def arguments(name: str, user: User) -> list:
    """The arguments of a page's address, none for a page that has none."""
    app = name.partition(":")[0]
    found = BY_APP.get(app, people)(user).get(name)
    if callable(found):
        return found()
    if found is None:
        return ["2014"] if name.startswith(("outcomes:cohort-", "outcomes:report-")) else []
    return found if isinstance(found, list) else [found.pk]


def _person(user: User) -> Beneficiary:
    seen = Beneficiary.objects.visible_to(user, timezone.localdate())
    return seen.filter(passes__isnull=False).first()


def people(user: User) -> dict[str, Any]:
    person = _person(user)
    pass_iae = Pass.objects.get(beneficiary__file_number="EX-10")
    suspended = Pass.objects.get(beneficiary__file_number="EX-14")
    note = ConfidentialNote.objects.filter(author_only=False).first()
    step = Step.objects.visible_to(user).first()
    document = Document.objects.visible_to(user).first()
    return {
        "beneficiaries:barrier-assess": [person.pk, "housing"],
        "beneficiary-detail": person,
        "person-papers": person,
        "beneficiaries:beneficiary-edit": person,
        "beneficiaries:situation-create": person,
        "beneficiaries:situation-edit": person.situations.first(),
        "beneficiaries:protected-edit": person.situations.first(),
        "beneficiaries:contract-create": person,
        "beneficiaries:contract-edit": person.contracts.first(),
        "beneficiaries:pass-create": person,
        "beneficiaries:pass-edit": pass_iae,
        "beneficiaries:suspension-create": pass_iae,
        "beneficiaries:suspension-edit": suspended.suspensions.first(),
        "beneficiaries:prolongation-create": pass_iae,
        "beneficiaries:prolongation-edit": pass_iae.prolongations.first(),
        "beneficiaries:follow-up-create": person,
        "beneficiaries:follow-up-detail": FollowUp.objects.first(),
        "beneficiaries:follow-up-edit": FollowUp.objects.first(),
        "beneficiaries:barrier-list": person,
        "beneficiaries:barrier-edit": BarrierAssessment.objects.first(),
        "beneficiaries:step-list": person,
        "beneficiaries:step-create": person,
        "beneficiaries:step-edit": step,
        "beneficiaries:step-delete": step,
        "beneficiaries:project-create": person,
        "beneficiaries:project-edit": CareerProject.objects.first(),
        "beneficiaries:follow-up-list": person,
        "beneficiaries:follow-up-note": note.follow_up,
        "beneficiaries:follow-up-delete": FollowUp.objects.first(),
        "beneficiaries:appointment-create": person,
        "beneficiaries:appointment-edit": Appointment.objects.first(),
        "beneficiaries:document-create": person,
        "beneficiaries:document-detail": document,
        "beneficiaries:document-edit": document,
        "beneficiaries:document-delete": document,
    }


def ground(user: User) -> dict[str, Any]:
    person = _person(user)
    worksite = Worksite.objects.visible_to(user).first()
    enrolment = Enrolment.objects.visible_to(user).first()
    equipment = Equipment.objects.visible_to(user).first()
    return {
        "worksites:equipment-detail": equipment,
        "worksites:equipment-edit": equipment,
        "worksites:equipment-event": [equipment.pk, "inspected"],
        "trainings:certificate-issue": [Enrolment.objects.first().pk, "completion"],
        "worksites:worksite-detail": worksite,
        "worksites:worksite-edit": worksite,
        "worksites:presence-day": worksite,
        "worksites:presence-split": TimeEntry.objects.visible_to(user)
        .filter(kind="work", start=None)
        .first(),
        "worksites:assignment-create": person,
        "worksites:assignment-edit": person.assignments.first(),
        "worksites:annex-edit": FinancialAnnex.objects.first(),
        "worksites:annex-detail": FinancialAnnex.objects.first(),
        "worksites:presence-month": worksite,
        "worksites:month-reopen": MonthClosing.objects.in_force().first(),
        "worksites:job-create": worksite,
        "worksites:job-detail": JobOrder.objects.visible_to(user).first(),
        "worksites:job-edit": JobOrder.objects.visible_to(user).first(),
        "trainings:programme-detail": Programme.objects.filter(sessions__isnull=False).first(),
        "trainings:programme-edit": Programme.objects.first(),
        "trainings:enrolment-create": Programme.objects.first(),
        "trainings:enrolment-edit": Enrolment.objects.first(),
        "trainings:session-create": Programme.objects.first(),
        "trainings:session-series": Programme.objects.first(),
        "trainings:session-detail": Session.objects.first(),
        "trainings:session-edit": Session.objects.first(),
        "trainings:session-delete": Session.objects.last(),
        "trainings:matrix": enrolment.programme,
        "trainings:enrolment-detail": enrolment,
        "trainings:attendance-sheets": Programme.objects.first(),
        "trainings:certificate-detail": Certificate.objects.visible_to(user).first(),
        "outcomes:exit-create": person,
        "outcomes:exit-edit": Exit.objects.filter(reason__code="9/10").first(),
    }


def partners(user: User) -> dict[str, Any]:
    person = _person(user)
    partner = Partner.objects.first()
    contact = Contact.objects.first() or make_contact(partner)
    service = Service.objects.first() or make_service(partner)
    immersion = Immersion.objects.order_by("start").first()
    sent = Referral.objects.open().filter(direction="out")
    referral = sent.visible_to(user).first()
    return {
        "partners:detail": partner,
        "partners:edit": partner,
        "partners:contact-create": partner,
        "partners:contact-edit": contact,
        "partners:contact-delete": contact,
        "partners:service-create": partner,
        "partners:service-edit": service,
        "partners:service-delete": service,
        "partners:find": person,
        "partners:referral-create": person,
        **{f"partners:referral-{page}": referral for page in ("detail", "edit", "close")},
        "partners:reply": lambda: [create_link(sent.first(), by=None)[1]],
        "partners:immersion-create": person,
        **{f"partners:immersion-{page}": immersion for page in ("detail", "edit", "outcome", "days")},
    }


def funding(user: User) -> dict[str, Any]:
    grant = Grant.objects.visible_to(user).filter(instalments__isnull=False).first()
    if grant is None:
        return {}
    budget = Budget.objects.first()
    planned = Purchase.objects.filter(equipment=None).last()
    share = PurchaseShare.objects.first()
    instalment = grant.instalments.first()
    obligation = Obligation.objects.first()
    paper = GrantDocument.objects.first() or make_paper(grant)
    return {
        "funding:grant-move": [grant.pk, "settled"],
        **{f"funding:grant-{page}": grant for page in ("detail", "edit")},
        **{f"funding:{part}-create": grant for part in ("document", "instalment", "obligation")},
        "funding:document-delete": paper,
        **{f"funding:funder-{page}": grant.funder for page in ("detail", "edit", "report")},
        **{f"funding:instalment-{page}": instalment for page in ("edit", "receive", "delete")},
        **{f"funding:obligation-{page}": obligation for page in ("edit", "done", "delete")},
        **{f"funding:purchase-{page}": planned for page in ("detail", "edit", "receive")},
        "funding:share-create": planned,
        "funding:share-edit": share,
        "funding:share-delete": share,
        "funding:budget-detail": budget,
        "funding:budget-edit": budget,
        "funding:line-edit": [budget.pk, "produits"],
        "funding:balance-edit": CashBalance.objects.first(),
    }


BY_APP = {
    "worksites": ground,
    "trainings": ground,
    "outcomes": ground,
    "partners": partners,
    "funding": funding,
}
