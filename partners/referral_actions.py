"""Writes of referrals: the referral, the trace of each change of state, and what it did to the frein."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from beneficiaries.models import BarrierAssessment, Beneficiary, Step
from beneficiaries.support_actions import assess_barrier
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.actions import Conflict, save_recorded
from confluences.dates import add_days
from confluences.models import User
from partners.enums import BarrierEffect, Direction, ReferralStatus
from partners.models import Partner, Referral, ReferralChange, ReplyLink, Service
from partners.referral_rules import REPLY_DAYS, default_reason, status_fault

ANSWERED_ITSELF = (
    "Le partenaire de cette orientation a répondu lui-même, par son lien privé : elle reste la sienne. Terminez-la, puis "
    "créez-en une autre pour le nouveau partenaire."
)


@transaction.atomic
def save_referral(
    referral: Referral, *, by: User | None, words: str = "", level: BarrierLevel | None = None
) -> Referral:
    """Writes a referral. A change of state, or `words` about what happened, leaves a line that says when and by whom.

    `level` is how much the frein stands in the way now: it is assessed in the same transaction. Whatever ends the referral,
    or sends it elsewhere, ends its private links. A state that only an answer leads to has its day: that of the change, or
    of the refusal, unless another is typed. A referral answered by its link stays with who answered. Raises ValidationError
    by field, Conflict.
    """
    # Always in this order: the person, the referral, its links.
    Beneficiary.objects.select_for_update().get(pk=referral.beneficiary_id)
    before = _standing(referral)
    if before is not None:
        _check_change(before, referral)
    is_changed = before is None or before.status != referral.status
    if is_changed and referral.status in ReferralStatus.answered() and referral.replied_on is None:
        referral.replied_on = referral.closed_on or max(timezone.localdate(), referral.on)
    save_recorded(referral, by=by)
    if is_changed or words:
        ReferralChange.objects.create(referral=referral, status=referral.status, by=by, words=words)
    if not referral.is_open or _goes_elsewhere(before, referral):
        revoke_links(referral)
    if level is not None:
        _assess(referral, level, by)
    return referral


@transaction.atomic
def refer_at_once(
    person: Beneficiary,
    partner: Partner,
    theme: Theme,
    *,
    by: User | None,
    service: Service | None = None,
    step: Step | None = None,
) -> tuple[Referral, bool]:
    """A referral in one click, in neutral words; False where one for the same theme is under way there already."""
    Beneficiary.objects.select_for_update().get(pk=person.pk)
    same = Referral.objects.open().filter(
        beneficiary=person, partner=partner, theme=theme, direction=Direction.OUT
    )
    standing = same.first()
    if standing is not None:
        return standing, False
    today = timezone.localdate()
    referral = Referral(
        beneficiary=person,
        partner=partner,
        theme=theme,
        service=service,
        step=step,
        reason=default_reason(theme),
        on=today,
        due=add_days(today, REPLY_DAYS),
    )
    return save_referral(referral, by=by), True


def revoke_links(referral: Referral) -> None:
    """Ends every private link of a referral that still opens; the caller holds the referral."""
    now = timezone.now()
    for link in ReplyLink.objects.select_for_update().filter(
        referral=referral, used_at=None, revoked_at=None
    ):
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])


def _standing(referral: Referral) -> Referral | None:
    if referral.pk is None:
        return None
    return Referral.objects.select_for_update(of=("self",)).filter(pk=referral.pk).first()


def _check_change(before: Referral, referral: Referral) -> None:
    """Raises Conflict or ValidationError where a referral may not become what is asked."""
    if before.version != referral.version:
        raise Conflict(before)  # what somebody else wrote, rather than that its state allows no other
    fault = status_fault(ReferralStatus(before.status), ReferralStatus(referral.status))
    if fault:
        raise ValidationError({"status": fault})
    if _goes_elsewhere(before, referral) and _answered_itself(referral):
        raise ValidationError({"partner": ANSWERED_ITSELF})


def _goes_elsewhere(before: Referral | None, referral: Referral) -> bool:
    """Whether whoever holds its private link is not the one who is asked any more."""
    if before is None:
        return False
    return (before.partner_id, before.direction) != (referral.partner_id, referral.direction)


def _answered_itself(referral: Referral) -> bool:
    """Whether its partner answered by a private link: those words are not another's."""
    return ReplyLink.objects.filter(referral=referral, used_at__isnull=False).exists()


def _assess(referral: Referral, level: BarrierLevel, by: User | None) -> None:
    """The frein as it stands after the referral; what it prevents is taken over until it is lifted."""
    day = referral.closed_on or timezone.localdate()
    rows = BarrierAssessment.objects.filter(beneficiary=referral.beneficiary_id, axis=referral.theme)
    if rows.filter(assessed_on__gt=day).exists():
        day = timezone.localdate()  # dated before another, it would not be how the frein stands now
    latest = rows.filter(assessed_on__lte=day).order_by("assessed_on", "pk").last()
    lifted = referral.effect == BarrierEffect.LIFTED
    described: Mapping[str, Any] = {
        "level": level,
        "status": BarrierStatus.LIFTED if lifted else BarrierStatus.IN_PROGRESS,
        "effect": "" if lifted or latest is None else latest.effect,
    }
    assessment = BarrierAssessment(
        beneficiary=referral.beneficiary, axis=referral.theme, assessed_on=day, **described
    )
    assess_barrier(assessment, by=by)
