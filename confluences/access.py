"""Who may open which page: one line per page, nothing else opens.

A page's right is a permission, or one of the two words below. An undeclared page answers 404, and a
page one may not see answers 404 too, so that its existence is not told.
"""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse

PUBLIC = "public"
SIGNED_IN = "signed in"

PAGES = {
    # Accounts
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_signup": PUBLIC,  # closed: says so
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_authenticate": PUBLIC,  # the second step of signing in
    "mfa_index": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # Base
    "home": SIGNED_IN,
    "gallery": SIGNED_IN,
    "audit-log": "auditlog.view_logentry",
    # Drafts
    "draft-save": SIGNED_IN,  # each one asks for the right to the draft's own page
    "draft-discard": SIGNED_IN,
    "draft-session": SIGNED_IN,
    # People
    "search": "beneficiaries.view_beneficiary",
    "beneficiary-list": "beneficiaries.view_beneficiary",
    "beneficiary-export": "beneficiaries.view_beneficiary",
    "beneficiary-detail": "beneficiaries.view_beneficiary",
    "beneficiaries:beneficiary-create": "beneficiaries.add_beneficiary",
    "beneficiaries:beneficiary-edit": "beneficiaries.change_beneficiary",
    "beneficiaries:situation-create": "beneficiaries.add_entrysituation",
    "beneficiaries:situation-edit": "beneficiaries.change_entrysituation",
    "beneficiaries:protected-edit": "beneficiaries.change_protectedsituation",
    "beneficiaries:contract-create": "beneficiaries.add_contract",
    "beneficiaries:contract-edit": "beneficiaries.change_contract",
    "beneficiaries:pass-create": "beneficiaries.add_pass",
    "beneficiaries:pass-edit": "beneficiaries.change_pass",
    "beneficiaries:suspension-create": "beneficiaries.add_suspension",
    "beneficiaries:suspension-edit": "beneficiaries.change_suspension",
    "beneficiaries:prolongation-create": "beneficiaries.add_prolongation",
    "beneficiaries:prolongation-edit": "beneficiaries.change_prolongation",
    # Follow-ups
    "beneficiaries:follow-up-create": "beneficiaries.add_followup",
    "beneficiaries:follow-up-detail": "beneficiaries.view_followup",
    "beneficiaries:follow-up-edit": "beneficiaries.change_followup",
    "beneficiaries:follow-up-start": "beneficiaries.add_followup",
    "beneficiaries:follow-up-list": "beneficiaries.view_followup",
    "beneficiaries:follow-up-note": "beneficiaries.view_confidentialnote",
    "beneficiaries:follow-up-delete": "beneficiaries.delete_followup",
    # Freins, steps, professional project
    "beneficiaries:barrier-list": "beneficiaries.view_barrierassessment",
    "beneficiaries:barrier-assess": "beneficiaries.add_barrierassessment",
    "beneficiaries:barrier-edit": "beneficiaries.change_barrierassessment",
    "beneficiaries:step-list": "beneficiaries.view_step",
    "beneficiaries:step-create": "beneficiaries.add_step",
    "beneficiaries:step-edit": "beneficiaries.change_step",
    "beneficiaries:step-close": "beneficiaries.change_step",
    "beneficiaries:step-reopen": "beneficiaries.change_step",
    "beneficiaries:step-delete": "beneficiaries.delete_step",
    "beneficiaries:project-create": "beneficiaries.add_careerproject",
    "beneficiaries:project-edit": "beneficiaries.change_careerproject",
    # Appointments
    "beneficiaries:appointment-create": "beneficiaries.add_appointment",
    "beneficiaries:appointment-edit": "beneficiaries.change_appointment",
    "beneficiaries:appointment-close": "beneficiaries.change_appointment",
    # Documents
    "beneficiaries:document-create": "beneficiaries.add_document",
    "beneficiaries:document-detail": "beneficiaries.view_document",
    "beneficiaries:document-edit": "beneficiaries.change_document",
    "beneficiaries:document-delete": "beneficiaries.delete_document",
    "beneficiaries:document-preview": "beneficiaries.view_document",
    "beneficiaries:document-download": "beneficiaries.view_document",
    # Papers of a person
    "person-papers": "beneficiaries.view_followup",
    # Worksites
    "worksites:worksite-list": "worksites.view_worksite",
    "worksites:worksite-detail": "worksites.view_worksite",
    "worksites:worksite-create": "worksites.add_worksite",
    "worksites:worksite-edit": "worksites.change_worksite",
    "worksites:assignment-create": "worksites.add_assignment",
    "worksites:assignment-edit": "worksites.change_assignment",
    "worksites:annex-create": "worksites.add_financialannex",
    "worksites:annex-edit": "worksites.change_financialannex",
    "worksites:annex-detail": "worksites.view_financialannex",
    "worksites:annex-control": "worksites.view_financialannex",
    # Presence of a day
    "worksites:presence-day": "beneficiaries.view_timeentry",
    "worksites:presence-tap": "beneficiaries.change_timeentry",
    "worksites:presence-split": "worksites.change_jobshare",
    "worksites:presence-month": "beneficiaries.view_timeentry",
    "worksites:month-close": "beneficiaries.add_monthclosing",
    "worksites:month-reopen": "beneficiaries.change_monthclosing",
    # Equipment, the weekly sheet
    "worksites:equipment-list": "worksites.view_equipment",
    "worksites:equipment-export": "worksites.view_equipment",
    "worksites:equipment-labels": "worksites.view_equipment",
    "worksites:equipment-detail": "worksites.view_equipment",
    "worksites:equipment-create": "worksites.add_equipment",
    "worksites:equipment-edit": "worksites.change_equipment",
    "worksites:equipment-event": "worksites.add_equipmentevent",
    "worksites:week-sheet": "worksites.view_worksite",
    # Client jobs
    "worksites:job-list": "worksites.view_joborder",
    "worksites:job-export": "worksites.view_joborder",
    "worksites:job-detail": "worksites.view_joborder",
    "worksites:job-create": "worksites.add_joborder",
    "worksites:job-edit": "worksites.change_joborder",
    "worksites:job-progress": "worksites.change_joborder",
    # Trainings: programmes, sessions, attendance
    "trainings:programme-list": "trainings.view_programme",
    "trainings:programme-detail": "trainings.view_programme",
    "trainings:programme-create": "trainings.add_programme",
    "trainings:programme-edit": "trainings.change_programme",
    "trainings:enrolment-create": "trainings.add_enrolment",
    "trainings:enrolment-edit": "trainings.change_enrolment",
    "trainings:session-create": "trainings.add_session",
    "trainings:session-series": "trainings.add_session",
    "trainings:session-detail": "trainings.view_session",
    "trainings:session-edit": "trainings.change_session",
    "trainings:session-delete": "trainings.delete_session",
    # Trainings: the matrix, one person in it, the training centre
    "trainings:matrix": "trainings.view_enrolment",
    "trainings:matrix-export": "trainings.view_enrolment",
    "trainings:enrolment-detail": "trainings.view_enrolment",
    "trainings:centre": "trainings.view_programme",
    "trainings:centre-export": "trainings.view_programme",
    # Training papers
    "trainings:attendance-sheet": "trainings.view_session",
    "trainings:attendance-sheets": "trainings.view_session",
    "trainings:programme-paper": "trainings.view_programme",
    "trainings:statement-paper": "trainings.view_enrolment",
    "trainings:certificate-list": "trainings.view_certificate",
    "trainings:certificate-export": "trainings.view_certificate",
    "trainings:certificate-detail": "trainings.view_certificate",
    "trainings:certificate-download": "trainings.view_certificate",
    "trainings:certificate-issue": "trainings.add_certificate",
    "trainings:certificate-verify": "trainings.view_certificate",
    # The directory of partners
    "partners:list": "partners.view_partner",
    "partners:export": "partners.view_partner",
    "partners:create": "partners.add_partner",
    "partners:detail": "partners.view_partner",
    "partners:edit": "partners.change_partner",
    "partners:contact-create": "partners.add_contact",
    "partners:contact-edit": "partners.change_contact",
    "partners:contact-delete": "partners.delete_contact",
    "partners:service-create": "partners.add_service",
    "partners:service-edit": "partners.change_service",
    "partners:service-delete": "partners.delete_service",
    # The national directory
    "partners:national-import": "confluences.use_admin",
    "partners:national-confirm": "confluences.use_admin",
    "partners:national-progress": "confluences.use_admin",
    "partners:national-notes": "confluences.use_admin",
    # Whom to send somebody to, referrals
    "partners:find": "partners.view_referral",
    "partners:referral-list": "partners.view_referral",
    "partners:referral-export": "partners.view_referral",
    "partners:referral-create": "partners.add_referral",
    "partners:referral-detail": "partners.view_referral",
    "partners:referral-edit": "partners.change_referral",
    "partners:referral-close": "partners.change_referral",
    "partners:referral-letter": "partners.view_referral",
    "partners:referral-link-create": "partners.add_replylink",
    "partners:referral-link-revoke": "partners.change_replylink",
    "partners:reply": PUBLIC,  # the secret of its address is the right to it
    # The network of partners, immersions
    "partners:network": "partners.view_referral",
    "partners:network-export": "partners.view_referral",
    "partners:immersion-list": "partners.view_immersion",
    "partners:immersion-export": "partners.view_immersion",
    "partners:immersion-create": "partners.add_immersion",
    "partners:immersion-check": "partners.view_immersion",
    "partners:immersion-detail": "partners.view_immersion",
    "partners:immersion-edit": "partners.change_immersion",
    "partners:immersion-outcome": "partners.change_immersion",
    "partners:immersion-days": "partners.view_immersion",  # and to write immersions or presence
    "partners:immersion-agreement": "partners.view_immersion",
    # Funders and grants
    "funding:grant-list": "funding.view_grant",
    "funding:grant-export": "funding.view_grant",
    "funding:grant-create": "funding.add_grant",
    "funding:grant-detail": "funding.view_grant",
    "funding:grant-edit": "funding.change_grant",
    "funding:grant-move": "funding.change_grant",
    "funding:document-create": "funding.add_grantdocument",
    "funding:document-download": "funding.view_grantdocument",
    "funding:document-delete": "funding.delete_grantdocument",
    "funding:instalment-create": "funding.add_instalment",
    "funding:instalment-edit": "funding.change_instalment",
    "funding:instalment-receive": "funding.change_instalment",
    "funding:instalment-delete": "funding.delete_instalment",
    "funding:obligation-create": "funding.add_obligation",
    "funding:obligation-edit": "funding.change_obligation",
    "funding:obligation-done": "funding.change_obligation",
    "funding:obligation-delete": "funding.delete_obligation",
    "funding:funder-list": "funding.view_funder",
    "funding:funder-create": "funding.add_funder",
    "funding:funder-detail": "funding.view_funder",
    "funding:funder-edit": "funding.change_funder",
    "funding:funder-report": "funding.view_funder",
    "funding:funder-report-file": "funding.view_funder",
    # Purchases, shares, the common time axis
    "funding:timeline": "funding.view_grant",
    "funding:purchase-list": "funding.view_purchase",
    "funding:purchase-export": "funding.view_purchase",
    "funding:purchase-create": "funding.add_purchase",
    "funding:purchase-detail": "funding.view_purchase",
    "funding:purchase-edit": "funding.change_purchase",
    "funding:purchase-apply": "funding.add_purchaseshare",
    "funding:purchase-receive": "funding.change_purchase",
    "funding:share-create": "funding.add_purchaseshare",
    "funding:share-edit": "funding.change_purchaseshare",
    "funding:share-delete": "funding.delete_purchaseshare",
    # Budgets
    "funding:budget-list": "funding.view_budget",
    "funding:budget-create": "funding.add_budget",
    "funding:budget-detail": "funding.view_budget",
    "funding:budget-edit": "funding.change_budget",
    "funding:line-edit": "funding.change_budgetline",
    "funding:budget-grants": "funding.change_budgetline",
    "funding:budget-forecast-pdf": "funding.view_budget",
    "funding:budget-account-pdf": "funding.view_budget",
    "funding:budget-xlsx": "funding.view_budget",
    # The cash curve
    "funding:cash": "funding.view_cashbalance",
    "funding:cash-export": "funding.view_cashbalance",
    "funding:balance-create": "funding.add_cashbalance",
    "funding:balance-edit": "funding.change_cashbalance",
    # Outcomes
    "outcomes:cohort-list": "outcomes.view_cohort",
    "outcomes:cohort-create": "outcomes.add_cohort",
    "outcomes:cohort-edit": "outcomes.change_cohort",
    "outcomes:cohort-detail": "outcomes.view_cohort",
    "outcomes:cohort-export": "outcomes.view_cohort",
    "outcomes:cohort-json": "outcomes.view_cohort",
    "outcomes:cohort-draft": "outcomes.view_cohort",
    "outcomes:report-freeze": "outcomes.freeze_cohort",
    "outcomes:report-download": "outcomes.view_outcomereport",
    "outcomes:exit-create": "outcomes.add_exit",
    "outcomes:exit-edit": "outcomes.change_exit",
    "outcomes:exit-evidence": "outcomes.view_exit",
}

NAMESPACES = {"admin": "confluences.use_admin"}


def right_of(view_name: str) -> str | None:
    """The right that opens a page, or None where nobody declared one."""
    if view_name in PAGES:
        return PAGES[view_name]
    return NAMESPACES.get(view_name.partition(":")[0])


class AccessMiddleware:
    """Checks the declared right before any page runs, and keeps personal pages out of every cache."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store, private"
        return response

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        right = right_of(request.resolver_match.view_name or "")
        if right == PUBLIC:
            return None
        if right is None:
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if right != SIGNED_IN and not request.user.has_perm(right):
            raise Http404
        return None
