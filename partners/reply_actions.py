"""The private link where a partner answers: made, revoked, used once. Only the hash of its secret is kept."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from confluences.actions import save_recorded
from confluences.models import User
from partners.enums import Direction, ReferralStatus
from partners.models import Referral, ReferralChange, ReplyLink
from partners.referral_actions import revoke_links
from partners.referral_rules import LINK_DAYS, new_token, token_hash


class DeadLink(Exception):
    """The link does not open: unknown, too old, used or revoked. Nobody is told which."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a partner answers: a state among accepted, declined and proposed, a day where there is one, a few words."""

    status: ReferralStatus
    meeting_on: dt.date | None = None
    words: str = ""


@transaction.atomic
def create_link(referral: Referral, *, by: User | None) -> tuple[ReplyLink, str]:
    """A new link and its secret, which is never seen again; it revokes the former ones.

    Raises DeadLink where the referral waits for no answer of a partner.
    """
    referral = _locked(referral.pk)
    if not referral.is_open or referral.direction != Direction.OUT:
        raise DeadLink
    revoke_links(referral)
    token = new_token()
    link = ReplyLink.objects.create(
        referral=referral,
        token_hash=token_hash(token),
        created_by=by,
        expires_at=timezone.now() + dt.timedelta(days=LINK_DAYS),
    )
    return link, token


@transaction.atomic
def revoke_link(referral: Referral) -> None:
    """Makes the link of a referral open nothing any more."""
    revoke_links(_locked(referral.pk))


def open_link(token: str) -> ReplyLink:
    """The link of a secret. Looking changes nothing: mail scanners follow links too. Raises DeadLink."""
    links = ReplyLink.objects.select_related("referral__beneficiary", "referral__partner")
    link = links.filter(token_hash=token_hash(token)).first()
    if link is None or not link.is_open(timezone.now()) or not link.referral.is_open:
        raise DeadLink
    return link


@transaction.atomic
def answer_by_link(token: str, answer: Answer) -> Referral:
    """Writes a partner's answer and uses the link up: of two who answer at once, one succeeds. Raises DeadLink."""
    referral = _locked(open_link(token).referral_id)
    now, today = timezone.now(), timezone.localdate()
    link = ReplyLink.objects.select_for_update().get(token_hash=token_hash(token))
    if not link.is_open(now) or not referral.is_open:
        raise DeadLink
    link.used_at = now
    link.save(update_fields=["used_at"])
    referral.status = answer.status
    referral.reply = answer.words
    referral.replied_on = max(today, referral.on)
    referral.meeting_on = answer.meeting_on or referral.meeting_on
    if answer.status in ReferralStatus.closed():
        referral.closed_on = max(today, referral.on)
    save_recorded(referral, by=None)
    ReferralChange.objects.create(referral=referral, status=answer.status, by=None, words=answer.words)
    return referral


def _locked(pk: int) -> Referral:
    referral: Referral = Referral.objects.select_for_update().get(pk=pk)
    return referral
