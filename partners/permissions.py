"""Who may open which partner, referral, immersion. What one may not see does not exist: every helper answers 404."""

from django.shortcuts import get_object_or_404

from confluences.models import User
from partners.models import Contact, Immersion, Partner, Referral, Service


def get_partner(user: User, pk: int) -> Partner:
    return get_object_or_404(Partner.objects.visible_to(user), pk=pk)


def get_contact(user: User, pk: int) -> Contact:
    contacts = Contact.objects.filter(partner__in=Partner.objects.visible_to(user))
    return get_object_or_404(contacts.select_related("partner"), pk=pk)


def get_service(user: User, pk: int) -> Service:
    services = Service.objects.filter(partner__in=Partner.objects.visible_to(user))
    return get_object_or_404(services.select_related("partner"), pk=pk)


def get_referral(user: User, pk: int) -> Referral:
    rows = Referral.objects.visible_to(user).select_related("beneficiary", "partner")
    return get_object_or_404(rows, pk=pk)


def get_immersion(user: User, pk: int) -> Immersion:
    rows = Immersion.objects.visible_to(user).select_related("beneficiary", "host")
    return get_object_or_404(rows, pk=pk)


def can_record_days(user: User) -> bool:
    """Whoever writes immersions has the host's sheet; whoever writes presence may correct any day."""
    return user.has_perm("partners.change_immersion") or user.has_perm("beneficiaries.change_timeentry")
