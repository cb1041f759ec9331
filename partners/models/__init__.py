"""Those who help: organisations, their contacts and services, referrals, and immersions."""

from partners.models.directory import Contact, Partner, PartnerName, Service, ServiceTheme
from partners.models.immersion import Immersion
from partners.models.referral import Referral, ReferralChange, ReplyLink

__all__ = [
    "Contact",
    "Immersion",
    "Partner",
    "PartnerName",
    "Referral",
    "ReferralChange",
    "ReplyLink",
    "Service",
    "ServiceTheme",
]
