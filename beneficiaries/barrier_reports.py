"""Somebody's freins from the entry to a day: one state per axis, its picture, its table, its history, its timeline."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from django.utils.safestring import SafeString
from django.utils.text import capfirst

from beneficiaries import support_rules
from beneficiaries.models import BarrierAssessment, Beneficiary
from beneficiaries.permissions import visible_themes
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, Theme
from confluences.charts import Bar, Layer
from confluences.dates import day_before
from confluences.levels import Change, levels
from confluences.models import User

STATUS_KINDS = {
    BarrierStatus.IDENTIFIED: "soon",
    BarrierStatus.IN_PROGRESS: "info",
    BarrierStatus.REFERRED: "info",
    BarrierStatus.LIFTED: "ok",
}
SCALE = [level.label for level in BarrierLevel if level != BarrierLevel.UNKNOWN]
BAR_KINDS = {BarrierLevel.MEDIUM: "soft", BarrierLevel.HIGH: "warm"}


@dataclass(frozen=True)
class AxisState:
    """One axis of somebody's freins: every assessment known, oldest first, and the first of the current stay."""

    axis: Theme
    history: Sequence[BarrierAssessment]
    entry: BarrierAssessment | None

    @property
    def label(self) -> str:
        return capfirst(self.axis.label)

    @property
    def protected(self) -> bool:
        return self.axis in Theme.protected()

    @property
    def latest(self) -> BarrierAssessment | None:
        return self.history[-1] if self.history else None

    @property
    def newest_first(self) -> list[BarrierAssessment]:
        return list(reversed(self.history))

    @property
    def lifted(self) -> bool:
        if self.latest is None:
            return False
        return support_rules.is_lifted(_level(self.entry), _level(self.latest), self.latest.status)

    @property
    def since(self) -> dt.date | None:
        """The day from which the level has been what it is."""
        first = None
        for row in self.newest_first:
            if first is not None and row.level != first.level:
                break
            first = row
        return first.assessed_on if first else None

    @property
    def at_entry(self) -> str:
        return _level(self.entry).label

    @property
    def today(self) -> str:
        return _level(self.latest).label

    @property
    def status(self) -> str:
        if self.latest is None:
            return ""
        return BarrierStatus.LIFTED.label if self.lifted else self.latest.get_status_display()

    @property
    def status_kind(self) -> str:
        if self.latest is None:
            return "neutral"
        return "ok" if self.lifted else STATUS_KINDS[BarrierStatus(self.latest.status)]

    @property
    def words(self) -> str:
        """The way from the entry to today: « fort → faible », « fort, inchangé », « moyen → levé »."""
        now = BarrierStatus.LIFTED.label if self.lifted else self.today
        if _level(self.entry) == BarrierLevel.UNKNOWN or self.entry == self.latest:
            return now
        if self.at_entry == now:
            return f"{now}, inchangé"
        return f"{self.at_entry} → {now}"


def axis_states(user: User, person: Beneficiary, today: dt.date) -> list[AxisState]:
    """The state of each axis that this user may see, in the order of the axes."""
    rows = BarrierAssessment.objects.visible_to(user).filter(beneficiary=person)
    by_axis: dict[str, list[BarrierAssessment]] = {
        axis: list(group)
        for axis, group in groupby(
            rows.select_related("updated_by").order_by("axis", "assessed_on", "pk"), lambda row: row.axis
        )
    }
    opens = support_rules.stay_opens(person.contract_periods(), today)
    return [
        axis_state(axis, by_axis.get(axis.value, []), opens)
        for axis in Theme.axes()
        if axis in visible_themes(user)
    ]


def axis_state(axis: Theme, rows: Sequence[BarrierAssessment], opens: dt.date | None) -> AxisState:
    """The state that these assessments of one axis, oldest first, make for a stay that opens on a day."""
    entry = next((row for row in rows if opens is None or row.assessed_on >= opens), None)
    return AxisState(axis=axis, history=rows, entry=entry)


def barrier_picture(states: Iterable[AxisState]) -> SafeString:
    """The entry against today, one row per axis."""
    return levels(
        [
            Change(
                label=state.label,
                before=_level(state.entry) or None,
                now=_level(state.latest) or None,
                words=state.words,
            )
            for state in states
        ],
        scale=SCALE,
        before="à l’entrée",
        now="aujourd’hui",
        label="Freins, de l’entrée à aujourd’hui",
    )


def barrier_layer(states: Iterable[AxisState]) -> Layer:
    """What stood or stands in the way, on the timeline of a journey: the axes while they are medium or high."""
    return Layer(label="Freins", bars=[bar for state in states for bar in _bars(state)])


def level_meanings() -> list[tuple[int, str, str]]:
    return [(level.value, level.label, level.meaning) for level in BarrierLevel]


def _bars(state: AxisState) -> list[Bar]:
    """One bar for each time that the axis keeps one level, medium or high, and is not lifted."""
    runs = [list(group) for _key, group in groupby(state.history, _shown_level)]
    return [
        Bar(
            start=run[0].assessed_on,
            end=day_before(following[0].assessed_on) if following else None,
            label=f"{state.axis.label} : {_level(run[0]).label}",
            kind=BAR_KINDS[_level(run[0])],
        )
        for run, following in zip_longest(runs, runs[1:])
        if _shown_level(run[0]) is not None
    ]


def _shown_level(row: BarrierAssessment) -> BarrierLevel | None:
    if row.level < BarrierLevel.MEDIUM or row.status == BarrierStatus.LIFTED:
        return None
    return _level(row)


def _level(row: BarrierAssessment | None) -> BarrierLevel:
    return BarrierLevel.UNKNOWN if row is None else BarrierLevel(row.level)
