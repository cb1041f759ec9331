"""Referrals as pages, files and papers show them: how each stands on a day, its history, what leaves the house."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst

from beneficiaries.models import Beneficiary
from beneficiaries.reports import Status
from beneficiaries.support_enums import Theme
from confluences.charts import Layer, Point
from confluences.exports import Column
from confluences.formats import days_ago, french_date, hour, in_days, short_date
from confluences.models import Structure, User
from partners.enums import Direction, ReferralStatus
from partners.models import Referral, ReferralChange, ReplyLink
from partners.models.referral import ReferralQuerySet
from partners.referral_rules import LINK_DAYS, initials, is_silent, theme_outside, waiting_for, without_names

STATUS_KINDS = {
    ReferralStatus.SENT: "neutral",
    ReferralStatus.PROPOSED: "info",
    ReferralStatus.ACCEPTED: "ok",
    ReferralStatus.DECLINED: "neutral",
    ReferralStatus.DONE: "ok",
    ReferralStatus.CANCELLED: "neutral",
}


@dataclass(frozen=True)
class ReferralRow:
    """One referral as it stands on a day."""

    referral: Any  # annotated with its last change
    today: dt.date

    @property
    def last_news(self) -> dt.date:
        """The day something was last heard or done about it."""
        on: dt.date = self.referral.on
        at = self.referral.last_change_at
        return max(on, timezone.localtime(at).date()) if at else on

    @property
    def late(self) -> bool:
        return bool(self.referral.is_late(self.today))

    @property
    def silent(self) -> bool:
        status = ReferralStatus(self.referral.status)
        return is_silent(
            status, last_news=self.last_news, meeting_on=self.referral.meeting_on, today=self.today
        )

    @property
    def status(self) -> Status:
        """How it stands, in a few words."""
        row = self.referral
        if self.late:
            days = (self.today - row.due).days
            return Status(f"{waiting_for(row.direction)} depuis {in_days(days)}", "late")
        if self.silent:
            return Status(f"sans nouvelle depuis {in_days((self.today - self.last_news).days)}", "soon")
        status = ReferralStatus(row.status)
        if status in ReferralStatus.closed():
            return Status(f"{status.label} le {short_date(row.closed_on)}", STATUS_KINDS[status])
        if row.meeting_on:
            return Status(f"{status.label} : {short_date(row.meeting_on)}", "info")
        if status == ReferralStatus.SENT and row.due:
            return Status(f"réponse avant le {short_date(row.due)}", "neutral")
        return Status(status.label, STATUS_KINDS[status])

    @property
    def way(self) -> str:
        """« vers France Travail », « par la mission locale »."""
        return ("par " if self.referral.direction == Direction.IN else "vers ") + str(self.referral.partner)

    @property
    def outcome(self) -> str:
        """What came of it: the result, then the effect on the frein."""
        told = (self.referral.get_result_display(), self.referral.get_effect_display())
        return ", ".join(each for each in told if each)


COLUMNS = (
    Column("Salarié en insertion", lambda row: str(row.referral.beneficiary)),
    Column("Sens", lambda row: row.referral.get_direction_display()),
    Column("Partenaire", lambda row: str(row.referral.partner)),
    Column("Thème", lambda row: row.referral.get_theme_display()),
    Column("Date", lambda row: row.referral.on),
    Column("Motif", lambda row: row.referral.reason),
    Column("Réponse attendue avant le", lambda row: row.referral.due),
    Column("État", lambda row: row.referral.get_status_display()),
    Column("Réponse reçue le", lambda row: row.referral.replied_on),
    Column("Réponse", lambda row: row.referral.reply),
    Column("Rendez-vous le", lambda row: row.referral.meeting_on),
    Column("Terminée le", lambda row: row.referral.closed_on),
    Column("Résultat", lambda row: row.referral.get_result_display()),
    Column("Ce qui a été obtenu", lambda row: row.referral.result_text),
    Column("Effet sur le frein", lambda row: row.referral.get_effect_display()),
    Column("Situation", lambda row: row.status.label),
)


def visible_referrals(user: User) -> ReferralQuerySet:
    """The referrals this user may see, with what a row shows of them."""
    found: ReferralQuerySet = Referral.objects.visible_to(user)
    return found.with_last_change().select_related("beneficiary", "partner")


def referral_rows(referrals: Iterable[Referral], today: dt.date) -> list[ReferralRow]:
    return [ReferralRow(each, today) for each in referrals]


def person_referrals(user: User, person: Beneficiary, today: dt.date) -> list[ReferralRow]:
    """Somebody's referrals: those that wait first, then the latest."""
    found = referral_rows(visible_referrals(user).filter(beneficiary=person), today)
    return sorted(found, key=lambda row: not row.referral.is_open)


def referral_layer(rows: Iterable[ReferralRow]) -> Layer:
    """The referrals on the timeline of a journey: a ring while one waits, a square where it waits for too long."""
    return Layer(
        label="Orientations",
        points=[
            Point(
                on=row.referral.on,
                label=f"{row.referral.get_theme_display()} {row.way} : {row.status.label}",
                kind=_point_kind(row),
            )
            for row in rows
        ],
    )


def _point_kind(row: ReferralRow) -> str:
    if not row.referral.is_open:
        return "done"
    return "late" if row.late or row.silent else "open"


# One referral's page


@dataclass(frozen=True)
class Change:
    """One line of a referral's history."""

    change: ReferralChange
    partner: str

    @property
    def when(self) -> str:
        at = timezone.localtime(self.change.at)
        return f"{short_date(at.date())} à {hour(self.change.at)}"

    @property
    def who(self) -> str:
        return str(self.change.by) if self.change.by else f"{self.partner}, par le lien privé"


def history(referral: Referral) -> list[Change]:
    """From the first change to the last."""
    changes = referral.changes.select_related("by")
    return [Change(change, str(referral.partner)) for change in changes]


def facts(referral: Referral, user: User) -> list[tuple[str, object]]:
    """What the page says of a referral, by name."""
    told: list[tuple[str, object]] = [
        ("Thème", referral.get_theme_display()),
        ("Sens", referral.get_direction_display()),
        ("Date", french_date(referral.on)),
        ("Réponse attendue avant le", french_date(referral.due)),
    ]
    told += [fact for fact in _details(referral, user) if fact[1]]
    if not referral.is_open:
        told += [
            ("Terminée le", french_date(referral.closed_on)),
            ("Résultat", referral.get_result_display()),
            ("Effet sur le frein", referral.get_effect_display()),
        ]
    return told


def _details(referral: Referral, user: User) -> list[tuple[str, object]]:
    """What a referral may have; said where it has it."""
    step = referral.step
    return [
        ("Contact", referral.contact or ""),
        ("Service", referral.service or ""),
        ("Démarche", step.action if step and _may_read_step(step, user) else ""),
        ("Réponse reçue le", french_date(referral.replied_on)),
        ("Rendez-vous le", french_date(referral.meeting_on)),
    ]


def _may_read_step(step: Any, user: User) -> bool:
    if not user.has_perm("beneficiaries.view_step"):
        return False
    return step.theme not in Theme.protected() or user.has_perm("beneficiaries.view_protectedsituation")


@dataclass(frozen=True)
class LinkState:
    """The last private link of a referral, on a moment."""

    link: ReplyLink
    now: dt.datetime

    @property
    def is_open(self) -> bool:
        return self.link.is_open(self.now)

    @property
    def words(self) -> str:
        made = f"Lien créé {self._ago(self.link.created_at)} par {self.link.created_by or 'quelqu’un'}"
        if self.link.used_at:
            return f"{made}, utilisé {self._ago(self.link.used_at)}."
        if self.link.revoked_at:
            return f"{made}, révoqué {self._ago(self.link.revoked_at)}."
        end = timezone.localtime(self.link.expires_at).date()
        if not self.is_open:
            return f"{made}, expiré le {short_date(end)} sans réponse."
        return f"{made}, ouvert jusqu’au {short_date(end)}."

    def _ago(self, at: dt.datetime) -> str:
        return days_ago((timezone.localtime(self.now).date() - timezone.localtime(at).date()).days)


def link_state(referral: Referral, now: dt.datetime) -> LinkState | None:
    link = referral.links.select_related("created_by").first()
    return LinkState(link, now) if link else None


def outside_facts(referral: Referral) -> list[tuple[str, object]]:
    """All that whoever holds the private link reads of a referral: nobody's name, nothing about health or justice."""
    person = referral.beneficiary
    theme = theme_outside(Theme(referral.theme))
    return [
        ("Personne", initials(person.first_name, person.last_name)),
        *([("Thème", capfirst(theme))] if theme else []),
        ("Demande", without_names(referral.reason, person.first_name, person.last_name)),
        ("Date", french_date(referral.on)),
        *([("Réponse espérée avant le", french_date(referral.due))] if referral.due else []),
    ]


def neutral_message(link_url: str) -> str:
    """Words to send with the link: not even initials."""
    return (
        "Bonjour,\n\n"
        f"{Structure.current().name or 'Notre association'} vous adresse une demande de rendez-vous. Pour la lire et y "
        f"répondre, sans compte ni mot de passe :\n\n{link_url}\n\n"
        f"Ce lien est personnel, il s’ouvre pendant {LINK_DAYS} jours et ne sert qu’une fois. "
        "Merci de ne pas le transférer.\n"
    )


def letter_contents(referral: Referral) -> list[tuple[str, object]]:
    """What the printed letter holds, said before it is printed."""
    return [
        ("Personne", f"son nom en entier, {referral.beneficiary} : c’est elle qui porte la lettre"),
        ("Destinataire", _addressee(referral)),
        ("Motif", referral.reason),
        ("Signataire", "votre nom et celui de l’association"),
    ]


def letter(referral: Referral, author: User) -> dict[str, object]:
    """What the template of the letter shows; the partner bears the name of the referral's day."""
    return {
        "referral": referral,
        "person": referral.beneficiary,
        "addressee": referral.partner.name_on(referral.on),
        "author": str(author),
        "author_email": author.email,
        "theme": theme_outside(Theme(referral.theme)),
    }


def _addressee(referral: Referral) -> str:
    parts: Sequence[object] = (
        referral.partner.name_on(referral.on),
        referral.contact or "",
        referral.partner.full_address,
    )
    return ", ".join(str(part) for part in parts if part)
