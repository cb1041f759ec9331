"""The network over a period: what each theme and each partner gave, and the themes for which nobody helps yet.

The database counts; a user's figures are those of the referrals and freins that he or she may see, so that health and
justice are social workers' alone.
"""

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeVar

from django.db.models import Count, DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from beneficiaries.models import BarrierAssessment, Beneficiary
from beneficiaries.models.follow_up import ThemedQuerySet
from beneficiaries.permissions import visible_themes
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.exports import Column
from confluences.formats import HARD_SPACE, number
from confluences.measures import Measure, measures
from confluences.models import User
from partners.enums import BarrierEffect, Direction, ReferralResult, ReferralStatus
from partners.find_rules import KINDS
from partners.models import Partner, Referral, Service
from partners.network_rules import Figures, Need, total

SENT = Q(direction=Direction.OUT)
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class Period:
    """The days whose referrals are counted, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Cell:
    """What one partner gave for one theme."""

    theme: Theme
    partner: int
    partner_name: str
    figures: Figures

    @property
    def theme_label(self) -> str:
        return capfirst(self.theme.label)


@dataclass(frozen=True)
class Line:
    """A theme or a partner, with its figures; `pk` is the partner's."""

    label: str
    figures: Figures
    pk: int | None = None

    @property
    def words(self) -> str:
        return reply_words(self.figures)

    @property
    def median_words(self) -> str:
        return _days(self.figures.median_delay)

    @property
    def median_hint(self) -> str:
        median = self.median_words
        return f"délai médian : {median}" if median else ""

    @property
    def reduced_hint(self) -> str:
        count = self.figures.reduced
        return f"et {number(count)} réduit{'s' if count > 1 else ''}"

    @property
    def mean_words(self) -> str:
        mean = _days(self.figures.mean_delay)
        return f"moyenne : {mean}" if mean else ""


@dataclass(frozen=True)
class Wanted:
    """A theme for which a partner is to be found."""

    theme: Theme
    need: Need

    @property
    def label(self) -> str:
        return capfirst(self.theme.label)


@dataclass(frozen=True)
class Network:
    """The network of a period, as one user may see it."""

    period: Period
    cells: Sequence[Cell]
    wanted: Sequence[Wanted]

    @cached_property
    def whole(self) -> Line:
        return Line("Ensemble", total(cell.figures for cell in self.cells))

    @cached_property
    def by_theme(self) -> list[Line]:
        """The themes that referrals were made for, in the order of the themes."""
        grouped = _grouped(self.cells, lambda cell: cell.theme)
        return [Line(capfirst(theme.label), grouped[theme]) for theme in Theme if theme in grouped]

    @cached_property
    def by_partner(self) -> list[Line]:
        """The partners, those with most referrals first."""
        grouped = _grouped(self.cells, lambda cell: (cell.partner_name, cell.partner))
        lines = [Line(name, figures, pk) for (name, pk), figures in grouped.items()]
        return sorted(
            lines, key=lambda line: (-(line.figures.sent + line.figures.received), line.label, line.pk or 0)
        )

    @property
    def picture(self) -> SafeString:
        """By theme, the replies over the referrals sent."""
        rows = [
            Measure(label=line.label, value=line.figures.replied, room=line.figures.sent, words=line.words)
            for line in self.by_theme
            if line.figures.sent
        ]
        return measures(rows, label="Réponses reçues, sur les orientations envoyées")


def network_of(user: User, period: Period, today: dt.date) -> Network:
    """The network over a period; what is to be found is today's, whatever the period."""
    referrals = Referral.objects.visible_to(user)
    return Network(period, _cells(referrals, period), wanted_themes(user, referrals, today))


def _cells(referrals: ThemedQuerySet, period: Period) -> list[Cell]:
    """One cell for each theme and partner with a referral in the period, cancelled ones left out."""
    found = referrals.filter(on__range=(period.first, period.last)).exclude(status=ReferralStatus.CANCELLED)
    counted = (
        found.order_by()
        .values("theme", "partner", "partner__name")
        .annotate(
            received=Count("pk", filter=Q(direction=Direction.IN)),
            sent=Count("pk", filter=SENT),
            replied=Count("pk", filter=SENT & Q(replied_on__isnull=False)),
            declined=Count("pk", filter=SENT & Q(status=ReferralStatus.DECLINED)),
            obtained=Count("pk", filter=SENT & Q(result__in=ReferralResult.successes())),
            lifted=Count("pk", filter=SENT & Q(effect=BarrierEffect.LIFTED)),
            reduced=Count("pk", filter=SENT & Q(effect=BarrierEffect.REDUCED)),
        )
        .order_by("theme", "partner__name", "partner")
    )
    delays = _delays(found)
    return [_cell(row, delays) for row in counted]


def _cell(row: dict[str, Any], delays: Mapping[tuple[str, int], Mapping[int, int]]) -> Cell:
    theme, partner, name = (row.pop(key) for key in ("theme", "partner", "partner__name"))
    return Cell(Theme(theme), partner, name, Figures(**row, delays=delays.get((theme, partner), {})))


def _delays(referrals: ThemedQuerySet) -> dict[tuple[str, int], dict[int, int]]:
    """For each theme and partner, how many replies came after how many days."""
    waited = ExpressionWrapper(F("replied_on") - F("on"), output_field=DurationField())
    counted = (
        referrals.filter(SENT, replied_on__isnull=False)
        .order_by()
        .values("theme", "partner")
        .annotate(waited=waited)
        .values("theme", "partner", "waited")
        .annotate(count=Count("pk"))
    )
    found: dict[tuple[str, int], dict[int, int]] = {}
    for row in counted:
        days = found.setdefault((row["theme"], row["partner"]), {})
        days[row["waited"].days] = row["count"]
    return found


# What is to be found


def wanted_themes(user: User, referrals: ThemedQuerySet, today: dt.date) -> list[Wanted]:
    """The themes that people present today need and for which no partner helps, the most needed first."""
    people = _people_in_need(user, today)
    partners = _partners_of(people, today)
    asked = {
        row["theme"]: row
        for row in referrals.filter(SENT)
        .exclude(status=ReferralStatus.CANCELLED)
        .order_by()
        .values("theme")
        .annotate(asked=Count("pk"), answered=Count("pk", filter=Q(replied_on__isnull=False)))
    }
    needs = {
        theme: Need(
            people=people.get(theme.value, 0),
            partners=partners.get(theme.value, 0),
            asked=asked.get(theme.value, {}).get("asked", 0),
            answered=asked.get(theme.value, {}).get("answered", 0),
        )
        for theme in visible_themes(user)
    }
    unmet = [Wanted(theme, need) for theme, need in needs.items() if need.is_unmet]
    return sorted(unmet, key=lambda wanted: -wanted.need.people)


def _people_in_need(user: User, today: dt.date) -> dict[str, int]:
    """By axis, the people present today whose latest assessment is medium or high, and not lifted."""
    latest = (
        BarrierAssessment.objects.filter(beneficiary=OuterRef("beneficiary"), axis=OuterRef("axis"))
        .order_by("-assessed_on", "-pk")
        .values("pk")[:1]
    )
    present = Beneficiary.objects.visible_to(user, today).present(today).order_by().values("pk")
    needed = (
        BarrierAssessment.objects.visible_to(user)
        .filter(pk=Subquery(latest), level__gte=BarrierLevel.MEDIUM, beneficiary__in=present)
        .exclude(status=BarrierStatus.LIFTED)
        .order_by()
        .values("axis")
        .annotate(people=Count("beneficiary", distinct=True))
    )
    return {row["axis"]: row["people"] for row in needed}


def _partners_of(axes: Iterable[str], today: dt.date) -> dict[str, int]:
    """By axis, the partners that still exist and help with it, themselves, by a service or by their nature: as the finder."""
    counts = {axis: Count("pk", filter=_helps_with(axis)) for axis in axes}
    return Partner.objects.active(today).order_by().aggregate(**counts) if counts else {}


def _helps_with(axis: str) -> Q:
    own = Partner.themes.through.objects.filter(partner=OuterRef("pk"), servicetheme__axis=axis)
    offered = Service.objects.filter(partner=OuterRef("pk"), themes__axis=axis)
    return Q(Exists(own)) | Q(Exists(offered)) | Q(kind__in=KINDS.get(Theme(axis), ()))


def _grouped(cells: Sequence[Cell], key: Callable[[Cell], Key]) -> dict[Key, Figures]:
    groups: dict[Key, Figures] = {}
    for cell in cells:
        groups[key(cell)] = groups.get(key(cell), Figures()) + cell.figures
    return groups


# Words and files


def reply_words(figures: Figures) -> str:
    """« 3 réponses sur 5, en 4 jours »."""
    if not figures.sent:
        return "rien d’envoyé"
    replies = (
        f"{number(figures.replied)} réponse{'s' if figures.replied > 1 else ''} sur {number(figures.sent)}"
    )
    median = _days(figures.median_delay)
    return f"{replies}, en {median}" if median else replies


def _days(delay: Fraction | None) -> str:
    """A delay as one says it, with at most one decimal; empty where nobody answered."""
    if delay is None:
        return ""
    if delay == 0:
        return "moins d’un jour"
    # « 1,5 jour » is singular.
    return f"{number(delay, places=1).removesuffix(',0')}{HARD_SPACE}jour{'s' if delay >= 2 else ''}"


COLUMNS = (
    Column("Thème", lambda cell: cell.theme_label),
    Column("Partenaire", lambda cell: cell.partner_name),
    Column("Orientations reçues", lambda cell: cell.figures.received),
    Column("Orientations envoyées", lambda cell: cell.figures.sent),
    Column("Réponses", lambda cell: cell.figures.replied),
    Column("Délai médian de réponse (jours)", lambda cell: _figure(cell.figures.median_delay)),
    Column("Délai moyen de réponse (jours)", lambda cell: _figure(cell.figures.mean_delay)),
    Column("Refusées", lambda cell: cell.figures.declined),
    Column("Résultats obtenus, en tout ou en partie", lambda cell: cell.figures.obtained),
    Column("Freins levés", lambda cell: cell.figures.lifted),
    Column("Freins réduits", lambda cell: cell.figures.reduced),
)


def _figure(delay: Fraction | None) -> float | None:
    return None if delay is None else round(float(delay), 1)
