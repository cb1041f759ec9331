"""Partners, referrals and immersions as tests need them: the least that is valid."""

import datetime as dt
from itertools import count

from beneficiaries.models import Beneficiary
from beneficiaries.support_enums import Theme
from confluences.actions import save_recorded
from partners.enums import ImmersionPurpose, PartnerKind
from partners.models import Contact, Immersion, Partner, Referral, Service, ServiceTheme
from tests.beneficiaries.factories import make_beneficiary

_numbers = count(1)


def make_partner(*, themes: tuple[str, ...] = (), **fields) -> Partner:
    """An organisation without address; `themes` are codes of data.inclusion."""
    fields = {"name": f"Partenaire {next(_numbers)}", "kind": PartnerKind.OTHER} | fields
    partner = save_recorded(Partner(**fields), by=None)
    partner.themes.set(ServiceTheme.objects.filter(code__in=themes))
    return partner


def make_contact(partner: Partner | None = None, **fields) -> Contact:
    fields = {"name": "Dominique Accueil"} | fields
    return save_recorded(Contact(partner=partner or make_partner(), **fields), by=None)


def make_service(partner: Partner | None = None, *, themes: tuple[str, ...] = (), **fields) -> Service:
    fields = {"name": f"Service {next(_numbers)}"} | fields
    service = save_recorded(Service(partner=partner or make_partner(), **fields), by=None)
    service.themes.set(ServiceTheme.objects.filter(code__in=themes))
    return service


def make_referral(
    beneficiary: Beneficiary | None = None, partner: Partner | None = None, **fields
) -> Referral:
    """Somebody sent to a partner about housing on 1 March 2024, without an answer yet."""
    fields = {"theme": Theme.HOUSING, "reason": "Chercher un logement.", "on": dt.date(2024, 3, 1)} | fields
    return save_recorded(
        Referral(beneficiary=beneficiary or make_beneficiary(), partner=partner or make_partner(), **fields),
        by=None,
    )


def make_immersion(
    beneficiary: Beneficiary | None = None, host: Partner | None = None, **fields
) -> Immersion:
    """Five days to discover a job, from Monday 4 March 2024; the person's contract is the caller's affair."""
    fields = {
        "purpose": ImmersionPurpose.DISCOVER,
        "start": dt.date(2024, 3, 4),
        "end": dt.date(2024, 3, 8),
        "job": "Jardinier",
    } | fields
    return save_recorded(
        Immersion(beneficiary=beneficiary or make_beneficiary(), host=host or make_partner(), **fields),
        by=None,
    )
