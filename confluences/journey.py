"""Somebody's journey as one picture: each app adds its own layer."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from beneficiaries.barrier_reports import AxisState, barrier_layer
from beneficiaries.follow_up_reports import follow_up_layer
from beneficiaries.models import Beneficiary, FollowUp
from beneficiaries.reports import contract_layer, pass_layers
from confluences.charts import Layer, Point, timeline
from confluences.dates import add_months
from outcomes.reports import ExplainedExit
from worksites.reports import assignment_layer


def journey_of(
    person: Beneficiary,
    exits: Iterable[ExplainedExit],
    axes: Sequence[AxisState],
    follow_ups: Iterable[FollowUp],
    today: dt.date,
    more: Sequence[Layer] = (),
) -> SafeString | None:
    """The person's contracts, PASS, worksites, freins, follow-ups and exits on one axis; None before the first of them.

    `axes` and `follow_ups` are those that the reader may see; `more` are further layers, after the worksites.
    """
    layers = [
        contract_layer(person.contracts.all()),
        *pass_layers(person.passes.all()),
        assignment_layer(person.assignments.all()),
        *more,
        barrier_layer(axes),
        follow_up_layer(follow_ups),
        Layer(
            label="Sorties",
            points=[Point(on=row.exit.left_on, label=_reason_of(row)) for row in exits],
        ),
    ]
    bars = [bar for layer in layers for bar in layer.bars]
    days = [bar.start for bar in bars] + [point.on for layer in layers for point in layer.points]
    if not days:
        return None
    end = max([today, *days, *(bar.end or today for bar in bars)])
    return timeline(
        layers,
        start=min(days).replace(day=1),
        end=add_months(end, 1),
        today=today,
        label=f"Parcours de {person}",
    )


def _reason_of(row: ExplainedExit) -> str:
    return row.exit.reason.label if row.exit.reason else "situation pas encore connue"
