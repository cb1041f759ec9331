"""Rules of referrals, on plain values: which state follows which, when one is late or silent, what its link is."""

import datetime as dt
import hashlib
import re
import secrets

from beneficiaries.support_enums import BarrierLevel, Theme
from confluences.text import search_words
from partners.enums import BarrierEffect, Direction, ReferralStatus

# How long a partner is given to answer, unless another day is typed.
REPLY_DAYS = 15
# Without any news for that long, somebody calls the partner.
SILENT_DAYS = 15
# A private link: long enough for a holiday, too short to lie about for ever.
LINK_DAYS = 30
TOKEN_BYTES = 32  # 256 bits: nobody guesses one
MAX_REPLY_CHARACTERS = 1_000
# A reply or a meeting expected farther than that has a mistyped year.
FARTHEST_DAYS = 366

WORD = re.compile(r"[^\W\d_][\w\u0300-\u036f]*")  # combining accents belong to their letter
SHORTEST_NAME = 4

OPEN, CLOSED = ReferralStatus.open(), ReferralStatus.closed()
# One that waits for somebody may go anywhere; one that is over can only be taken up again.
NEXT = {status: set(ReferralStatus) - {status} for status in OPEN} | {
    status: {ReferralStatus.SENT} for status in CLOSED
}


def status_fault(before: ReferralStatus, after: ReferralStatus) -> str:
    """Why a referral cannot go from one state to another; empty where it can, or stays as it is.

    >>> status_fault(ReferralStatus.SENT, ReferralStatus.ACCEPTED)
    ''
    >>> status_fault(ReferralStatus.DONE, ReferralStatus.ACCEPTED)
    'Cette orientation est terminée : rouvrez-la d’abord, avec l’état « envoyée ».'
    """
    if after == before or after in NEXT[before]:
        return ""
    return f"Cette orientation est {before.label} : rouvrez-la d’abord, avec l’état « {ReferralStatus.SENT.label} »."


def is_late(
    status: ReferralStatus, *, due: dt.date | None, replied_on: dt.date | None, today: dt.date
) -> bool:
    """Whether a reply was due and has not come.

    >>> is_late(ReferralStatus.SENT, due=dt.date(2024, 3, 15), replied_on=None, today=dt.date(2024, 3, 16))
    True
    >>> is_late(ReferralStatus.SENT, due=dt.date(2024, 3, 15), replied_on=None, today=dt.date(2024, 3, 15))
    False
    """
    return status in OPEN and replied_on is None and due is not None and due < today


def is_silent(
    status: ReferralStatus, *, last_news: dt.date, meeting_on: dt.date | None, today: dt.date
) -> bool:
    """Whether nothing has been heard of a referral for too long. One whose meeting is still to come is not silent.

    >>> is_silent(ReferralStatus.SENT, last_news=dt.date(2024, 3, 1), meeting_on=None, today=dt.date(2024, 3, 16))
    True
    >>> is_silent(ReferralStatus.SENT, last_news=dt.date(2024, 3, 1), meeting_on=None, today=dt.date(2024, 3, 15))
    False
    """
    if status not in OPEN or (meeting_on is not None and meeting_on >= today):
        return False
    return (today - last_news).days >= SILENT_DAYS


def default_reason(theme: Theme) -> str:
    """Neutral words for a referral made in one click; they stay to be edited.

    >>> default_reason(Theme.HOUSING)
    'Demande de rendez-vous : logement.'
    >>> default_reason(Theme.HEALTH)
    'Demande de rendez-vous.'
    """
    return (
        "Demande de rendez-vous."
        if theme in Theme.protected()
        else f"Demande de rendez-vous : {theme.label}."
    )


def theme_outside(theme: Theme) -> str:
    """The theme as it may be read outside the house: nothing about health or justice.

    >>> theme_outside(Theme.HOUSING), theme_outside(Theme.JUSTICE)
    ('logement', '')
    """
    return "" if theme in Theme.protected() else theme.label


def initials(first_name: str, last_name: str) -> str:
    """Whom a referral is about, for whoever holds its link.

    >>> initials("Camille", "Exemple Acacia")
    'C. E.'
    >>> initials("’Élodie", "d’Exemple")
    'E. D.'
    """
    words = [search_words(name) for name in (first_name, last_name)]
    return " ".join(f"{name[0][0].upper()}." for name in words if name)


def without_names(text: str, *names: str) -> str:
    """A text for whoever holds the link, where each of the person's names is down to its initial.

    Short words, such as the « de » of a name, are names only where they are written as such.

    >>> without_names("Mme Acacia attend une réponse, ACACIA Camille aussi.", "Camille", "Exemple Acacia")
    'Mme A. attend une réponse, A. C. aussi.'
    >>> without_names("Un logement près de Fresnes.", "Ana", "De Sousa")
    'Un logement près de Fresnes.'
    """
    known = set(search_words(" ".join(names)))

    def masked(found: re.Match[str]) -> str:
        word = found[0]
        is_name = set(search_words(word)) & known and (len(word) >= SHORTEST_NAME or word[0].isupper())
        return f"{search_words(word)[0][0].upper()}." if is_name else word

    return WORD.sub(masked, text)


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token: enough to know it again, not to make it again."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def barrier_fault(effect: str, level: int | None) -> str:
    """What contradicts itself between the effect of a referral and the new level of its frein.

    >>> barrier_fault(BarrierEffect.LIFTED, BarrierLevel.HIGH)
    'Un frein levé ne gêne plus : choisissez « faible » ou « pas un frein », ou un autre effet.'
    >>> barrier_fault(BarrierEffect.REDUCED, BarrierLevel.LOW)
    ''
    """
    if level is None:
        return ""
    if effect == BarrierEffect.LIFTED and level >= BarrierLevel.MEDIUM:
        return "Un frein levé ne gêne plus : choisissez « faible » ou « pas un frein », ou un autre effet."
    if effect not in {BarrierEffect.LIFTED, BarrierEffect.REDUCED}:
        return "Un nouveau niveau va avec un frein levé ou réduit : choisissez cet effet, ou laissez le niveau vide."
    return ""


def waiting_for(direction: str) -> str:
    """Whose answer an open referral waits for.

    >>> waiting_for(Direction.IN)
    'réponse à donner'
    """
    return "réponse à donner" if direction == Direction.IN else "réponse attendue"
