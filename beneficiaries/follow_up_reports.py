"""What the pages show of follow-ups: one person's, those of a day's start, one on a timeline."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Left
from django.utils.text import capfirst

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    ConfidentialNote,
    FollowUp,
    FollowUpTopic,
    Step,
)
from beneficiaries.permissions import can_read_protected
from beneficiaries.reports import PersonRow, for_rows, person_row
from beneficiaries.rules import Period
from beneficiaries.support_enums import Theme
from beneficiaries.support_rules import stay_opens
from confluences.charts import Layer, Point
from confluences.formats import duration
from confluences.models import User

SHOWN = 5
SHOWN_MORE = 20  # each time older ones are asked for
MOST_SHOWN = 500  # in one page; somebody seen every week is there for ten years
EXCERPT = 240  # characters: the first lines of what was said
MOST_PEOPLE = 40


@dataclass(frozen=True)
class FollowUpRow:
    """One follow-up of a list, as this user may see it."""

    follow_up: FollowUp
    topics: Sequence[str]
    excerpt: str
    has_note: bool


@dataclass(frozen=True)
class FollowUpPanel:
    """The latest follow-ups of somebody, those about one theme where one is chosen."""

    person: Beneficiary
    rows: Sequence[FollowUpRow]
    stay_minutes: int
    themes: Sequence[tuple[str, str]]
    theme: str
    shown: int
    has_older: bool

    @property
    def next_shown(self) -> int:
        return self.shown + SHOWN_MORE


def follow_up_panel(
    person: Beneficiary, user: User, today: dt.date, *, theme: str = "", shown: int = SHOWN
) -> FollowUpPanel:
    """A theme that this user may not see is no theme: all follow-ups show."""
    themes = _themes(user)
    theme = theme if theme in dict(themes) else ""
    shown = min(max(shown, SHOWN), MOST_SHOWN)
    follow_ups = FollowUp.objects.visible_to(user).filter(beneficiary=person)
    chosen = _about(follow_ups, theme, user) if theme else follow_ups
    found = list(_with_parts(chosen, user)[: shown + 1])
    return FollowUpPanel(
        person=person,
        rows=[_row(follow_up) for follow_up in found[:shown]],
        stay_minutes=stay_minutes(follow_ups, person.contract_periods(), today),
        themes=themes,
        theme=theme,
        shown=shown,
        has_older=len(found) > shown,
    )


def stay_minutes(follow_ups: QuerySet[FollowUp], periods: list[Period], today: dt.date) -> int:
    """The minutes of support since the current stay opened, from its reception to the talks after leaving."""
    opens = stay_opens(periods, today)
    during = Q(on__lte=today) & (Q(on__gte=opens) if opens else Q())
    return support_minutes(follow_ups.filter(during))


def support_minutes(follow_ups: QuerySet[FollowUp]) -> int:
    """The minutes of support that these follow-ups took."""
    total: int | None = follow_ups.aggregate(total=Sum("minutes"))["total"]
    return total or 0


def follow_up_layer(follow_ups: Iterable[FollowUp]) -> Layer:
    points = [
        Point(on=each.on, label=f"{capfirst(each.get_kind_display())}, {duration(each.minutes)}")
        for each in follow_ups
    ]
    return Layer(label="Suivis", points=points)


def follow_ups_of(person: Beneficiary, user: User) -> QuerySet[FollowUp]:
    """All that a timeline draws, without the texts."""
    visible = FollowUp.objects.visible_to(user).filter(beneficiary=person)
    return visible.only("on", "kind", "minutes").order_by("on", "pk")


def _themes(user: User) -> list[tuple[str, str]]:
    hidden = set() if can_read_protected(user) else Theme.protected()
    return [(theme.value, theme.label) for theme in Theme if theme not in hidden]


def _about(follow_ups: QuerySet[FollowUp], theme: str, user: User) -> QuerySet[FollowUp]:
    topics = FollowUpTopic.objects.visible_to(user).filter(theme=theme)
    return follow_ups.filter(pk__in=topics.values("follow_up"))


def _with_parts(follow_ups: QuerySet[FollowUp], user: User) -> QuerySet[FollowUp]:
    """With all that rows need, in two queries; long texts stay in the database."""
    notes = ConfidentialNote.objects.visible_to(user).filter(follow_up=OuterRef("pk"))
    topics = Prefetch("topics", FollowUpTopic.objects.visible_to(user), to_attr="visible_topics")
    return (
        follow_ups.annotate(excerpt=Left("said", EXCERPT + 1), has_note=Exists(notes))
        .defer("said", "decisions")
        .select_related("created_by")
        .prefetch_related(topics)
    )


def _row(follow_up: FollowUp) -> FollowUpRow:
    excerpt = follow_up.excerpt  # type: ignore[attr-defined]  # annotated
    return FollowUpRow(
        follow_up=follow_up,
        topics=[topic.get_theme_display() for topic in follow_up.visible_topics],  # type: ignore[attr-defined]
        excerpt=f"{excerpt[:EXCERPT].rstrip()}…" if len(excerpt) > EXCERPT else excerpt,
        has_note=follow_up.has_note,  # type: ignore[attr-defined]
    )


# One follow-up


@dataclass(frozen=True)
class FollowUpParts:
    """What belongs to one follow-up, as this user may see it."""

    topics: Sequence[str]
    held: Appointment | None
    appointments: Sequence[Appointment]
    steps: Sequence[Step]
    barriers: Sequence[BarrierAssessment]
    has_note: bool
    has_reserved_note: bool

    @property
    def anything_came(self) -> bool:
        return bool(self.appointments or self.steps or self.barriers)


def follow_up_parts(follow_up: FollowUp, user: User) -> FollowUpParts:
    topics = FollowUpTopic.objects.visible_to(user).filter(follow_up=follow_up)
    appointments = Appointment.objects.visible_to(user).select_related("worker")
    steps = Step.objects.visible_to(user).filter(follow_up=follow_up).select_related("worker")
    notes = ConfidentialNote.objects.filter(follow_up=follow_up)
    has_note = notes.visible_to(user).exists()
    # Those who read no note do not learn that there is one.
    may_read_notes = user.has_perm("beneficiaries.view_confidentialnote")
    return FollowUpParts(
        topics=[topic.get_theme_display() for topic in topics],
        held=appointments.filter(held_as=follow_up).first(),
        appointments=list(appointments.filter(set_by=follow_up)),
        steps=list(steps),
        barriers=list(BarrierAssessment.objects.visible_to(user).filter(follow_up=follow_up)),
        has_note=has_note,
        has_reserved_note=may_read_notes and not has_note and notes.exists(),
    )


# Whom to follow


@dataclass(frozen=True)
class StartRow:
    """Somebody to choose before typing a follow-up."""

    row: PersonRow
    last_on: dt.date | None

    @property
    def days(self) -> int | None:
        """Since the last follow-up."""
        return None if self.last_on is None else (self.row.today - self.last_on).days


@dataclass(frozen=True)
class StartList:
    """The people present, those without a recent follow-up first; then, where a name is sought, the others who bear it."""

    present: Sequence[StartRow]
    others: Sequence[StartRow]
    text: str

    @property
    def only_one(self) -> Beneficiary | None:
        """The one person who bears the name that was sought."""
        found = [*self.present, *self.others]
        return found[0].row.person if self.text and len(found) == 1 else None


def people_to_follow(user: User, today: dt.date, text: str) -> StartList:
    text = text.strip()
    people = Beneficiary.objects.visible_to(user, today)
    if text:
        people = people.matching(text)
    last = FollowUp.objects.visible_to(user).filter(beneficiary=OuterRef("pk")).order_by("-on")
    dated = for_rows(people).annotate(last_on=Subquery(last.values("on")[:1]))
    present = dated.present(today).order_by(F("last_on").asc(nulls_first=True), "search_key", "pk")
    # By name, as the index holds them: nothing is sorted among 160 000 people.
    others = dated.exclude(pk__in=Beneficiary.objects.present(today).values("pk")) if text else dated.none()
    return StartList(
        present=[_start_row(person, today) for person in present[:MOST_PEOPLE]],
        others=[_start_row(person, today) for person in others[:MOST_PEOPLE]],
        text=text,
    )


def _start_row(person: Beneficiary, today: dt.date) -> StartRow:
    return StartRow(row=person_row(person, today), last_on=person.last_on)  # type: ignore[attr-defined]  # annotated
