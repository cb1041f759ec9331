"""Somebody's journey as one picture: each app adds its own layer."""

import datetime as dt

from django.utils.safestring import SafeString

from beneficiaries.models import Beneficiary
from beneficiaries.reports import contract_layer, pass_layers
from confluences.charts import Layer, Point, timeline
from confluences.dates import add_months
from outcomes.reports import ExplainedExit
from worksites.reports import assignment_layer


def journey_of(person: Beneficiary, exits: list[ExplainedExit], today: dt.date) -> SafeString | None:
    """The person's contracts, PASS, worksites and exits on one axis; None before the first of them."""
    layers = [
        contract_layer(person.contracts.all()),
        *pass_layers(person.passes.all()),
        assignment_layer(person.assignments.all()),
        Layer(
            label="Sorties",
            points=[Point(on=row.exit.left_on, label=_reason_of(row)) for row in exits],
        ),
    ]
    bars = [bar for layer in layers for bar in layer.bars]
    if not bars:
        return None
    start = min(bar.start for bar in bars)
    end = max(today, *(bar.end or today for bar in bars))
    return timeline(
        layers, start=start.replace(day=1), end=add_months(end, 1), today=today, label=f"Parcours de {person}"
    )


def _reason_of(row: ExplainedExit) -> str:
    return row.exit.reason.label if row.exit.reason else "situation pas encore connue"
