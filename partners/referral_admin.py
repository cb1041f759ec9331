"""Referrals in the admin: whose and when, to correct a date or remove a mistaken row. Never what they say, nor to whom.

A partner's name alone would tell the theme. A private link is shown without its secret, which is kept nowhere.
"""

from django.contrib import admin, messages
from django.db import transaction

from beneficiaries.models import Beneficiary
from beneficiaries.person_admin import PERSON_HELP
from beneficiaries.support_admin import SupportAdmin
from confluences.admin_base import BaseAdmin, MetadataOnly
from confluences.admin_exports import ExportAdmin
from partners.models import Referral, ReferralChange, ReplyLink
from partners.referral_actions import save_referral
from partners.reply_actions import revoke_link


class ReadOnly(MetadataOnly):
    """Rows that write themselves: they are looked at, and go with their referral."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        """Alone they stay; a referral or a person that is removed takes them along."""
        own_page = f"{self.opts.app_label}_{self.opts.model_name}_"
        elsewhere = not (request.resolver_match.url_name or "").startswith(own_page)
        return super().has_delete_permission(request, obj) and elsewhere


class ChangeInline(ReadOnly, admin.StackedInline):
    """When the state changed, and by whom; nobody of ours where the partner answered."""

    model = ReferralChange
    extra = 0
    can_delete = False
    fields = readonly_fields = ("status", "at", "by")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


@admin.register(Referral)
class ReferralAdmin(SupportAdmin):
    list_display = ["beneficiary", "direction", "on", "due", "status", "replied_on", "closed_on"]
    list_filter = ["status", "direction", "on", "due"]
    list_select_related = ["beneficiary"]
    date_hierarchy = "on"
    inlines = [ChangeInline]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "beneficiary",
                    "direction",
                    "on",
                    "due",
                    "status",
                    "replied_on",
                    "meeting_on",
                    "closed_on",
                ]
            },
        )
    ]

    def write(self, obj, by):
        save_referral(obj, by=by)


class OfAReferral(ReadOnly, ExportAdmin, BaseAdmin):
    """Rows of a referral, found by its person."""

    search_fields = ["referral__beneficiary__search_key"]  # get_search_results looks further
    search_help_text = PERSON_HELP

    @admin.display(description="salarié en insertion", ordering="referral__beneficiary__search_key")
    def person(self, row):
        return row.referral.beneficiary

    def get_search_results(self, request, queryset, search_term):
        if search_term:
            people = Beneficiary.objects.matching(search_term)
            queryset = queryset.filter(referral__beneficiary__in=people)
        return queryset, False


@admin.register(ReferralChange)
class ReferralChangeAdmin(OfAReferral):
    list_display = ["person", "referral", "status", "at", "by"]
    list_filter = ["status", "at", "by"]
    list_select_related = ["referral__beneficiary", "by"]
    date_hierarchy = "at"
    fields = readonly_fields = ("person", "referral", "status", "at", "by")


@admin.register(ReplyLink)
class ReplyLinkAdmin(OfAReferral):
    """Links, to revoke: whoever is told of one that went astray ends it here."""

    list_display = ["person", "referral", "created_at", "created_by", "expires_at", "used_at", "revoked_at"]
    list_filter = ["created_at", "expires_at", "used_at", "revoked_at"]
    list_select_related = ["referral__beneficiary", "created_by"]
    date_hierarchy = "created_at"
    fields = readonly_fields = (
        "person",
        "referral",
        "created_at",
        "created_by",
        "expires_at",
        "used_at",
        "revoked_at",
    )
    actions = ["revoke"]

    @admin.action(description="Révoquer les liens choisis")
    @transaction.atomic
    def revoke(self, request, links):
        rows = Referral.objects.filter(links__in=links.filter(used_at=None, revoked_at=None))
        for referral in rows.distinct().order_by("pk"):
            revoke_link(referral)
        self.message_user(request, "Ces liens n’ouvrent plus rien.", messages.SUCCESS)
