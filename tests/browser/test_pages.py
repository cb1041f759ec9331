"""Every page, as each role, at 1280 and 360 px: axe finds nothing, nothing scrolls sideways, no policy is broken."""

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from playwright.sync_api import Page

from confluences import demo
from confluences.access import PAGES, PUBLIC, SIGNED_IN
from confluences.enums import Role
from partners.models import Referral
from partners.reply_actions import create_link
from tests.browser.conftest import axe, fits, screenshot
from tests.browser.page_arguments import arguments
from tests.conftest import user_of
from tests.funding.factories import make_paper
from tests.partners.factories import make_contact, make_service
from worksites.models import Worksite

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
    "funding:purchase-export",
    "funding:purchase-apply",
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
    "partners:export",
    "worksites:job-progress",
    # Budgets
    "funding:budget-grants",
    "funding:budget-forecast-pdf",
    "funding:budget-account-pdf",
    "funding:budget-xlsx",
    "funding:cash-export",
    "partners:referral-export",
    "partners:referral-letter",
    "partners:referral-link-create",
    "partners:referral-link-revoke",
    "partners:network-export",
    "partners:immersion-export",
    "partners:immersion-agreement",
    "partners:immersion-check",
    # Funders and grants
    "funding:grant-export",
    "funding:document-download",
    "funding:funder-report-file",
    # The national directory: after its preview
    "partners:national-confirm",
    "partners:national-progress",
    "partners:national-notes",
}
DASHES = "---------"  # Django's name for an empty choice


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
    fits(page)
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
        assert DASHES not in page.content(), f"{name} offers a choice without a name"
        screenshot(page, f"{role.value}-{width}-{name.replace(':', '-')}")


@pytest.mark.parametrize("width", [1280, 360])
def test_every_admin_page(loaded, signed_in, width):
    page = signed_in(Role.ADMINISTRATOR, width)
    looked_at(page, "admin", reverse("admin:index"))
    rows_the_demonstration_lacks()
    for model, model_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model_admin.model._default_manager.first()
        addresses = [reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[row.pk])]
        if model_admin.has_add_permission(admin_request(Role.ADMINISTRATOR)):
            addresses.append(reverse(f"{name}_add"))
        for number, address in enumerate(addresses):
            looked_at(page, name, address)
            screenshot(page, f"admin-{width}-{model._meta.model_name}-{number}")


def rows_the_demonstration_lacks() -> None:
    """It invents neither people to call, nor services, nor papers; a link of it would be a secret that all know."""
    make_contact()
    make_service()
    make_paper()
    create_link(Referral.objects.open().filter(direction="out").first(), by=None)


def admin_request(role: Role):
    request = RequestFactory().get("/admin/")
    request.user = user_of(role)
    return request
