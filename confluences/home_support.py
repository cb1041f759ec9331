"""A social worker's day: whom to see, what is late, who has not been heard of. The home page and the reminder share it."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.template.defaultfilters import date as formatted_date

from beneficiaries.deadline_enums import DeadlineKind, DeadlineState
from beneficiaries.deadline_reports import Deadline, deadlines
from beneficiaries.models import Appointment, Beneficiary, FollowUp, Step
from beneficiaries.models.appointment import AppointmentQuerySet
from beneficiaries.models.person import BeneficiaryQuerySet
from beneficiaries.models.step import StepQuerySet
from beneficiaries.reports import Status, worksites_of
from confluences.dates import add_days
from confluences.drafts import Unfinished, drafts_of
from confluences.formats import clock, days_ago, days_ahead, number, short_date
from confluences.models import User
from confluences.navigation import Link
from partners.immersion_reports import without_outcome
from partners.models import Immersion, Referral
from partners.models.immersion import ImmersionQuerySet
from partners.models.referral import ReferralQuerySet
from partners.referral_reports import ReferralRow

WEEK_DAYS = 7
# A person's place of work, for every line that names somebody.
WORKSITES = "assignments__worksite"


@dataclass(frozen=True)
class Line:
    """One line of a list: when, who, what, and what it leads to."""

    person: Beneficiary
    worksites: str
    when: str
    what: str
    chip: Status | None = None
    appointment: Appointment | None = None
    step: Step | None = None
    follow_up: int | None = None  # the follow-up that the appointment became
    referral: Referral | None = None
    immersion: Immersion | None = None
    asks_follow_up: bool = False
    sort_key: tuple = field(default=(), compare=False)


class Agenda:
    """What one worker has to do, or the whole team: appointments and steps by worker, deadlines by person followed.

    A person without a referent, and a step that the person takes without a worker, are everybody's.
    """

    def __init__(self, user: User, today: dt.date, *, everybody: bool = False):
        self.user = user
        self.today = today
        self.week_end = add_days(today, WEEK_DAYS)
        self.everybody = everybody
        self.silence_days = settings.FOLLOW_UP_SILENCE_DAYS

    @property
    def people(self) -> BeneficiaryQuerySet:
        people = Beneficiary.objects.visible_to(self.user, self.today)
        if self.everybody:
            return people
        return people.filter(Q(referent=self.user) | Q(referent=None))

    @property
    def appointments(self) -> AppointmentQuerySet:
        found = Appointment.objects.visible_to(self.user).filter(beneficiary__in=self._visible_people)
        return found if self.everybody else found.filter(worker=self.user)

    @property
    def steps(self) -> StepQuerySet:
        found = Step.objects.visible_to(self.user).open().filter(beneficiary__in=self._visible_people)
        if self.everybody:
            return found
        unassigned = Q(worker=None) & (Q(beneficiary__referent=self.user) | Q(beneficiary__referent=None))
        return found.filter(Q(worker=self.user) | unassigned)

    @property
    def immersions(self) -> ImmersionQuerySet:
        """Those that ended or end this week, and of which nobody has said what they showed."""
        return without_outcome(self.user, self.week_end).filter(
            beneficiary__in=self.people.order_by().values("pk")
        )

    @cached_property
    def deadlines(self) -> list[Deadline]:
        return deadlines(self.user, self.people.prefetch_related(WORKSITES), self.today, self.silence_days)

    @property
    def late_deadlines(self) -> list[Deadline]:
        return [each for each in self.deadlines if each.state == DeadlineState.LATE]

    @property
    def silent(self) -> list[Deadline]:
        """The people without a follow-up for too long, the longest first."""
        return [each for each in self.deadlines if each.kind == DeadlineKind.SILENCE]

    @property
    def coming(self) -> list[Deadline]:
        """What is near and not late, by day."""
        return [
            each
            for each in self.deadlines
            if each.state != DeadlineState.LATE and each.kind != DeadlineKind.SILENCE
        ]

    @property
    def referrals(self) -> ReferralQuerySet:
        """The referrals to ask about: late or silent, of the people followed."""
        return (
            Referral.objects.visible_to(self.user).unanswered(self.today).filter(beneficiary__in=self.people)
        )

    @property
    def drafts(self) -> list[Unfinished]:
        return drafts_of(self.user)

    def late_count(self) -> int:
        """Appointments nobody answered for, overdue steps, immersions without their outcome, late deadlines."""
        return (
            self.appointments.late(self.today).count()
            + self.steps.overdue(self.today).count()
            + self.immersions.filter(end__lt=self.today).count()
            + len(self.late_deadlines)
        )

    @property
    def _visible_people(self) -> QuerySet:
        return Beneficiary.objects.visible_to(self.user, self.today).order_by().values("pk")


class WorkerHome:
    """A social worker's home page: the agenda as lines."""

    def __init__(self, user: User, today: dt.date, *, everybody: bool = False):
        self.agenda = Agenda(user, today, everybody=everybody)
        self.today = today
        self._appointments = self._read_appointments()
        self._steps = self._read_steps()
        self._immersions = self._read_immersions()

    @cached_property
    def day(self) -> list[Line]:
        """Today's appointments by hour, those held included."""
        return [self._of_today(each) for each in self._appointments if each.on == self.today]

    @cached_property
    def late(self) -> list[Line]:
        """Appointments nobody answered for, overdue steps, outcomes to write and late deadlines, the oldest first."""
        lines = [
            *(self._late_appointment(each) for each in self._appointments if each.on < self.today),
            *(self._late_step(each) for each in self._late_steps),
            *map(self._immersion, self._late_immersions),
            *(self._deadline(each, short_date(each.day), "late") for each in self.agenda.late_deadlines),
        ]
        return sorted(lines, key=_sort_key)

    @cached_property
    def silent(self) -> list[Line]:
        return [self._silence(each) for each in self.agenda.silent]

    @cached_property
    def referrals(self) -> list[Line]:
        """The referrals nobody has answered, the longest due first."""
        found = self.agenda.referrals.with_last_change().select_related("beneficiary", "partner")
        read = found.prefetch_related(f"beneficiary__{WORKSITES}")
        return [self._referral(ReferralRow(each, self.today)) for each in read]

    @cached_property
    def week(self) -> list[Line]:
        """The appointments of the next seven days, the steps, immersions and deadlines that end from today on."""
        lines = [
            *(self._coming_appointment(each) for each in self._appointments if each.on > self.today),
            *(self._coming_step(each) for each in self._steps if each.due >= self.today),
            *(self._immersion(each) for each in self._immersions if each.end >= self.today),
            *(
                self._deadline(each, _day_name(each.day))
                for each in self.agenda.coming
                if each.day <= self.agenda.week_end
            ),
        ]
        return sorted(lines, key=_sort_key)

    @cached_property
    def later(self) -> list[Line]:
        """The deadlines that come after the week."""
        return [
            self._deadline(each, short_date(each.day))
            for each in self.agenda.coming
            if each.day > self.agenda.week_end
        ]

    @cached_property
    def contract_ends(self) -> int:
        return len([each for each in self.agenda.deadlines if each.kind == DeadlineKind.CONTRACT_END])

    @cached_property
    def drafts(self) -> list[Unfinished]:
        return self.agenda.drafts

    @property
    def silence_days(self) -> int:
        return self.agenda.silence_days

    @property
    def sentence(self) -> str:
        """The day in a sentence: « 3 entretiens, 2 démarches en retard, 1 personne sans nouvelles »."""
        past = len([each for each in self._appointments if each.on < self.today])
        counted = (
            (len(self.day), "entretien", "entretiens"),
            (past, "rendez-vous sans suite", "rendez-vous sans suite"),
            (len(self._late_steps), "démarche en retard", "démarches en retard"),
            (len(self._late_immersions), "bilan d’immersion à faire", "bilans d’immersion à faire"),
            (len(self.agenda.late_deadlines), "échéance dépassée", "échéances dépassées"),
            (len(self.silent), "personne sans nouvelles", "personnes sans nouvelles"),
            (len(self.referrals), "orientation sans réponse", "orientations sans réponse"),
        )
        said = [f"{number(count)} {one if count == 1 else many}" for count, one, many in counted if count]
        return ", ".join(said) or "rien d’urgent"

    @property
    def switch(self) -> list[Link]:
        """The two faces of the page."""
        everybody = self.agenda.everybody
        return [
            Link(label="Mes salariés", url="?", icon="", current=not everybody),
            Link(label="Tout le monde", url="?qui=tous", icon="", current=everybody),
        ]

    @property
    def _late_steps(self) -> list[Step]:
        return [each for each in self._steps if each.is_late(self.today)]

    @property
    def _late_immersions(self) -> list[Immersion]:
        return [each for each in self._immersions if each.end < self.today]

    def _read_immersions(self) -> list[Immersion]:
        found = self.agenda.immersions.select_related("beneficiary", "host")
        return list(found.prefetch_related(f"beneficiary__{WORKSITES}"))

    def _read_appointments(self) -> list[Appointment]:
        """Those of today, and those still planned until the end of the week, the past ones included."""
        last_talk = (
            FollowUp.objects.visible_to(self.agenda.user)
            .filter(beneficiary=OuterRef("beneficiary"), on__lte=self.today)
            .order_by("-on")
        )
        shown = Q(on=self.today) | Q(on__lte=self.agenda.week_end, held_as=None)
        found = (
            self.agenda.appointments.filter(shown, outcome="")
            .annotate(last_talk=Subquery(last_talk.values("on")[:1]))
            .select_related("beneficiary", "worker")
            .prefetch_related(f"beneficiary__{WORKSITES}")
        )
        return list(found.order_by("on", F("at").asc(nulls_last=True), "pk"))

    def _read_steps(self) -> list[Step]:
        found = self.agenda.steps.filter(due__lte=self.agenda.week_end)
        return list(
            found.select_related("beneficiary", "worker").prefetch_related(f"beneficiary__{WORKSITES}")
        )

    def _of_today(self, appointment: Appointment) -> Line:
        talk = appointment.last_talk
        last = f"dernier suivi {days_ago((self.today - talk).days)}" if talk else "premier suivi"
        held = appointment.held_as_id is not None
        return self._line(
            appointment.beneficiary,
            when=clock(appointment.at) if appointment.at else "sans heure",
            what=_joined(appointment.get_kind_display(), last, self._with(appointment.worker)),
            chip=Status("tenu", "ok") if held else None,
            appointment=None if held else appointment,
            follow_up=appointment.held_as_id,
        )

    def _late_appointment(self, appointment: Appointment) -> Line:
        return self._line(
            appointment.beneficiary,
            when=short_date(appointment.on),
            what=_joined(
                f"{appointment.get_kind_display()} sans suite : a-t-il eu lieu ?",
                self._with(appointment.worker),
            ),
            chip=self._chip(appointment.on, "late"),
            appointment=appointment,
            on=appointment.on,
        )

    def _coming_appointment(self, appointment: Appointment) -> Line:
        hour = clock(appointment.at) if appointment.at else ""
        return self._line(
            appointment.beneficiary,
            when=_day_name(appointment.on),
            what=_joined(hour, appointment.get_kind_display(), self._with(appointment.worker)),
            on=appointment.on,
            at=appointment.at,
        )

    def _late_step(self, step: Step) -> Line:
        return self._step(step, short_date(step.due), self._chip(step.due, "late"))

    def _coming_step(self, step: Step) -> Line:
        return self._step(step, _day_name(step.due), self._chip(step.due, "soon"))

    def _immersion(self, immersion: Immersion) -> Line:
        late = immersion.end < self.today
        return self._line(
            immersion.beneficiary,
            when=short_date(immersion.end) if late else _day_name(immersion.end),
            what=f"immersion chez {immersion.host} : {'son bilan reste à faire' if late else 'elle finit'}",
            chip=self._chip(immersion.end, "late" if late else "soon"),
            immersion=immersion,
            on=immersion.end,
        )

    def _step(self, step: Step, when: str, chip: Status) -> Line:
        return self._line(
            step.beneficiary,
            when=when,
            what=_joined(f"démarche : {step.action}", self._with(step.worker)),
            chip=chip,
            step=step,
            on=step.due,
        )

    def _referral(self, row: ReferralRow) -> Line:
        return self._line(
            row.referral.beneficiary,
            when=short_date(row.referral.due or row.referral.on),
            what=_joined(row.referral.get_theme_display(), row.way),
            chip=row.status,
            referral=row.referral,
        )

    def _deadline(self, deadline: Deadline, when: str, kind: str = "") -> Line:
        return self._line(
            deadline.person,
            when=when,
            what=deadline.words,
            chip=self._chip(deadline.day, kind or deadline.state.value),
            asks_follow_up=deadline.kind == DeadlineKind.DIAGNOSIS,
            on=deadline.day,
        )

    def _silence(self, deadline: Deadline) -> Line:
        return self._line(
            deadline.person,
            when=short_date(deadline.day),
            what=deadline.words,
            chip=self._chip(deadline.day, "soon"),
            asks_follow_up=True,
        )

    def _line(
        self,
        person: Beneficiary,
        *,
        when: str,
        what: str,
        on: dt.date | None = None,
        at: dt.time | None = None,
        **rest,
    ) -> Line:
        key = (on or self.today, at or dt.time.max, person.search_key, person.pk)
        return Line(person, worksites_of(person, self.today), when, what, sort_key=key, **rest)

    def _with(self, worker: User | None) -> str:
        """Who does it, where the page shows everybody's."""
        if not self.agenda.everybody:
            return ""
        return f"avec {worker}" if worker else "par la personne elle-même"

    def _chip(self, day: dt.date, kind: str) -> Status:
        days = (day - self.today).days
        return Status(days_ahead(days) if days >= 0 else days_ago(-days), kind)


def _sort_key(line: Line) -> tuple:
    return line.sort_key


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def _day_name(day: dt.date) -> str:
    """« mardi 24 »: enough for a day of this week."""
    return formatted_date(day, "l j")
