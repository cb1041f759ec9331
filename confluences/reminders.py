"""The weekly reminder: what waits for a social worker or a supervisor, in figures alone.

A mail may be read by anybody: it names nobody, and tells no amount.
"""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import QuerySet
from django.urls import reverse

from beneficiaries.deadline_enums import DeadlineKind, DeadlineState
from confluences.enums import Role
from confluences.formats import number
from confluences.home_support import Agenda
from confluences.models import User
from funding.due_reports import DueLine, due_lines

SUBJECT = "Confluences : votre semaine"


@dataclass(frozen=True)
class FundingDigest:
    """What is due with funders, late or within 30 days, in figures."""

    to_render: int
    late_to_render: int
    to_receive: int
    late_to_receive: int

    @classmethod
    def of(cls, user: User, today: dt.date) -> "FundingDigest":
        lines = due_lines(user, today)
        render, receive = ([each for each in lines if each.to_receive is kind] for kind in (False, True))
        return cls(len(render), _late(render), len(receive), _late(receive))

    @property
    def lines(self) -> list[str]:
        counted = [
            ("échéances de financeurs", self.to_render, self.late_to_render),
            ("versements de financeurs attendus", self.to_receive, self.late_to_receive),
        ]
        return [_counted(label, count, late) for label, count, late in counted if count]


def _late(lines: list[DueLine]) -> int:
    return sum(line.is_late for line in lines)


def _counted(label: str, count: int, late: int) -> str:
    return f"{label} : {number(count)}" + (f", dont en retard : {number(late)}" if late else "")


@dataclass(frozen=True)
class Digest:
    """One worker's week in figures; deadlines that are neither late nor soon are left to the home page."""

    appointments: int
    unanswered: int
    late_steps: int
    silent: int
    silence_days: int
    deadlines: dict[DeadlineKind, int]
    late_deadlines: dict[DeadlineKind, int]
    referrals: int
    drafts: int

    @property
    def lines(self) -> list[str]:
        """One line per thing that waits."""
        counted = [
            ("entretiens prévus d’ici sept jours", self.appointments),
            ("rendez-vous passés sans suite", self.unanswered),
            ("démarches en retard", self.late_steps),
            (f"personnes sans suivi depuis {self.silence_days} jours", self.silent),
            ("orientations sans nouvelle", self.referrals),
        ]
        lines = [f"{label} : {number(count)}" for label, count in counted if count]
        lines += [self._deadline_line(kind) for kind in DeadlineKind if kind in self.deadlines]
        if self.drafts:
            lines.append(f"brouillons à reprendre : {number(self.drafts)}")
        return lines

    def _deadline_line(self, kind: DeadlineKind) -> str:
        return _counted(kind.label, self.deadlines[kind], self.late_deadlines.get(kind, 0))


@dataclass(frozen=True)
class Week:
    """All that one person's mail tells."""

    parts: Sequence[Digest | FundingDigest]

    @property
    def lines(self) -> list[str]:
        return [line for part in self.parts for line in part.lines]

    @property
    def is_empty(self) -> bool:
        return not self.lines


def addressees() -> QuerySet[User]:
    """The social workers and supervisors who can be written to."""
    roles = [Role.SOCIAL_WORKER.label, Role.SUPERVISOR.label]
    active = User.objects.filter(is_active=True, groups__name__in=roles).distinct()
    return active.exclude(email="").order_by("email")


def week_of(user: User, today: dt.date) -> Week:
    """What somebody's home page says of the week, by the rights he or she has."""
    follows = user.has_perm("beneficiaries.add_followup")
    support = [digest_of(user, today)] if follows else []
    return Week([*support, FundingDigest.of(user, today)])


def digest_of(user: User, today: dt.date) -> Digest:
    """The figures of the worker's own home page, of the week that begins."""
    agenda = Agenda(user, today)
    planned = agenda.appointments.planned()
    near = [
        deadline
        for deadline in agenda.deadlines
        if deadline.kind != DeadlineKind.SILENCE and deadline.state != DeadlineState.INFO
    ]
    return Digest(
        appointments=planned.filter(on__range=(today, agenda.week_end)).count(),
        unanswered=planned.filter(on__lt=today).count(),
        late_steps=agenda.steps.overdue(today).count(),
        silent=len(agenda.silent),
        silence_days=agenda.silence_days,
        deadlines=Counter(deadline.kind for deadline in near),
        late_deadlines=Counter(each.kind for each in near if each.state == DeadlineState.LATE),
        referrals=agenda.referrals.count(),
        drafts=len(agenda.drafts),
    )


def message_to(user: User, week: Week) -> EmailMessage:
    """The mail that tells the week."""
    lines = "\n".join(f"- {line}" for line in week.lines)
    link = f"{settings.SITE_URL.rstrip('/')}{reverse('home')}" if settings.SITE_URL else ""
    where = (
        f"Le détail est sur votre page d’accueil : {link}"
        if link
        else "Le détail est sur votre page d’accueil."
    )
    body = (
        f"Bonjour,\n\nCe qui vous attend cette semaine :\n\n{lines}\n\n{where}\n\n"
        "Ce message part chaque semaine et ne nomme personne. Merci de ne pas y répondre.\n"
    )
    return EmailMessage(SUBJECT, body, to=[user.email])
