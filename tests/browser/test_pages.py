"""Every page, as each role, at 1280 and 360 px: axe finds nothing, nothing scrolls sideways, no policy is broken."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from playwright.sync_api import Page

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
from confluences import demo
from confluences.access import PAGES, PUBLIC, SIGNED_IN
from confluences.enums import Role
from outcomes.models import Exit
from tests.browser.conftest import axe, screenshot
from tests.conftest import user_of
from trainings.models import Certificate, Enrolment, Programme, Session
from worksites.models import Equipment, FinancialAnnex, JobOrder, Worksite

pytestmark = pytest.mark.django_db(transaction=True)

# Pages that end the session, answer a file, or show something only in the middle of a procedure.
ELSEWHERE = {
    "account_logout",
    "account_inactive",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_set_password",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "draft-save",
    "draft-discard",
    "draft-session",
    "beneficiary-export",
    "beneficiaries:appointment-close",
    "worksites:annex-control",
    "outcomes:cohort-export",
    "outcomes:cohort-json",
    "outcomes:cohort-draft",
    "outcomes:report-download",
    "outcomes:exit-evidence",
    "trainings:matrix-export",
    "trainings:centre-export",
    # Training papers
    "trainings:attendance-sheet",
    "trainings:programme-paper",
    "trainings:statement-paper",
    "trainings:certificate-export",
    "trainings:certificate-download",
    # Taps, which answer to a post alone.
    "beneficiaries:step-close",
    "beneficiaries:step-reopen",
    "worksites:presence-tap",
    "beneficiaries:document-preview",
    "beneficiaries:document-download",
    "worksites:equipment-export",
    "worksites:equipment-labels",
    "worksites:week-sheet",
    "worksites:job-export",
    "worksites:job-progress",
    # The national directory: after its preview
    "partners:national-confirm",
    "partners:national-progress",
    "partners:national-notes",
}


def arguments(name: str, user) -> list:
    """What fills a page's address, with something this user may see."""
    person = Beneficiary.objects.visible_to(user, timezone.localdate()).filter(passes__isnull=False).first()
    worksite = Worksite.objects.visible_to(user).first()
    pass_iae = Pass.objects.get(beneficiary__file_number="EX-10")
    suspended = Pass.objects.get(beneficiary__file_number="EX-14")
    note = ConfidentialNote.objects.filter(author_only=False).first()
    step = Step.objects.visible_to(user).first()
    document = Document.objects.visible_to(user).first()
    enrolment = Enrolment.objects.visible_to(user).first()
    known = {
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
    equipment = Equipment.objects.visible_to(user).first()
    known |= {"worksites:equipment-detail": equipment, "worksites:equipment-edit": equipment}
    if name == "worksites:equipment-event":
        return [equipment.pk, "inspected"]
    if name == "beneficiaries:barrier-assess":
        return [person.pk, "housing"]
    if name == "trainings:certificate-issue":
        return [Enrolment.objects.first().pk, "completion"]
    if name in known:
        return [known[name].pk]
    return ["2014"] if name.startswith(("outcomes:cohort-", "outcomes:report-")) else []


def pages_of(role: Role) -> dict[str, str]:
    """The addresses this role may open, by page name."""
    user = user_of(role)
    found = {}
    for name, right in PAGES.items():
        if name in ELSEWHERE or not (right in (PUBLIC, SIGNED_IN) or user.has_perm(right)):
            continue
        try:
            found[name] = reverse(name, args=arguments(name, user))
        except NoReverseMatch:
            found[name] = reverse(name)
    return found


def looked_at(page: Page, name: str, address: str) -> None:
    response = page.goto(address)
    assert response.status == 200, f"{name} answers {response.status}"
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} scrolls sideways by {wider} px"
    axe(page)


@pytest.fixture
def loaded(django_db_serialized_rollback, transactional_db) -> None:
    demo.load(timezone.localdate())
    for role in Role:
        user_of(role)
    Worksite.objects.get(name="Fresnes").instructors.add(user_of(Role.INSTRUCTOR))


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("role", Role)
def test_every_page(loaded, signed_in, role, width):
    pages = pages_of(role)
    page = signed_in(role, width)
    for name, address in pages.items():
        looked_at(page, name, address)
        screenshot(page, f"{role.value}-{width}-{name.replace(':', '-')}")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_admin_page(loaded, signed_in, width):
    page = signed_in(Role.ADMINISTRATOR, width)
    looked_at(page, "admin", reverse("admin:index"))
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model_admin.model._default_manager.first()
        addresses = [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])]
        if model_admin.has_add_permission(admin_request(Role.ADMINISTRATOR)):
            addresses.append(reverse(f"{name}_add"))
        for number, address in enumerate(addresses):
            looked_at(page, name, address)
            screenshot(page, f"admin-{width}-{model._meta.model_name}-{number}")


def admin_request(role: Role):
    request = RequestFactory().get("/admin/")
    request.user = user_of(role)
    return request
