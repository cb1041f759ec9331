"""A cohort's figures as pictures: the same in the page and on paper."""

from collections.abc import Iterable

from django.utils.safestring import SafeString

from confluences.charts import Segment, Year, gauge, stacked_bar, years
from outcomes.enums import ExitClass
from outcomes.results import Line, YearResult
from outcomes.rules import Target, TargetResult

KINDS = {
    ExitClass.DURABLE: "durable",
    ExitClass.TRANSITION: "transition",
    ExitClass.POSITIVE: "positive",
    ExitClass.OTHER: "other",
}


def gauge_of(result: TargetResult) -> SafeString:
    return gauge(
        done=result.successes,
        total=result.examined,
        target_numerator=result.target.numerator,
        target_denominator=result.target.denominator,
        lowest=result.lowest,
        highest=result.highest,
        label="Sorties dynamiques sur sorties examinées",
    )


def class_bar(lines: Iterable[Line]) -> SafeString:
    segments = [
        Segment(label=line.label, value=line.examined, kind=KINDS.get(ExitClass(line.key), "undetermined"))
        for line in lines
    ]
    return stacked_bar(segments, label="Sorties examinées par classe")


def year_bars(results: Iterable[YearResult], target: Target) -> SafeString:
    rows = [
        Year(label=year.label, successes=year.result.successes, examined=year.result.examined)
        for year in results
    ]
    return years(
        rows,
        target_numerator=target.numerator,
        target_denominator=target.denominator,
        label="Sorties dynamiques, cohorte par cohorte",
    )
