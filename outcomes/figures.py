"""A cohort's figures as plain data: the JSON of the command, of the page and of the report's attachment."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from outcomes import rules
from outcomes.results import CohortResult, Line, YearResult


def percentage(rate: Fraction | None) -> str | None:
    """A rate in percent with one decimal, rounded half up, as text; None without exits.

    >>> percentage(Fraction(7, 9))
    '77.8'
    """
    if rate is None:
        return None
    exact = Decimal(rate.numerator * 100) / Decimal(rate.denominator)
    return str(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def cohort_figures(result: CohortResult, years: tuple[YearResult, ...] = ()) -> dict[str, Any]:
    """Every figure of the report, without the names of anybody. Masked counts are None."""
    return {
        **target_figures(result.main),
        "not_examined": result.not_examined,
        "rule_sets": [
            {
                "key": each.rule_set.key,
                "label": each.rule_set.label,
                "version": each.rule_set.version.isoformat(),
                "examined": each.examined,
                "not_examined": each.not_examined,
                "targets": [target_figures(target) for target in each.targets],
            }
            for each in result.rule_sets
        ],
        "by_class": [_line(line) for line in result.by_class],
        "by_reason": [_line(line) for line in result.by_reason],
        "by_worksite": [_line(line) for line in result.by_worksite],
        "by_profile": [_line(line) for line in result.by_profile if line.examined or line.protected],
        "years": [year_figures(year) for year in years],
    }


def year_figures(year: YearResult) -> dict[str, Any]:
    return {**target_figures(year.result), "code": year.code, "label": year.label}


def target_figures(result: rules.TargetResult) -> dict[str, Any]:
    return {
        "key": result.target.key,
        "label": result.target.label,
        "examined": result.examined,
        "successes": result.successes,
        "failures": result.failures,
        "undocumented": result.undocumented,
        "target": f"{result.target.numerator}/{result.target.denominator}",
        "needed": result.needed,
        "margin": result.margin,
        "reached": result.reached,
        "rate_percent": percentage(result.rate),
        "lowest_percent": percentage(result.lowest),
        "highest_percent": percentage(result.highest),
    }


def _line(line: Line) -> dict[str, Any]:
    masked = line.masked
    return {
        "key": line.key,
        "label": line.label,
        "examined": None if masked else line.examined,
        "successes": None if masked else line.successes,
        "undocumented": None if masked else line.undocumented,
        "protected": line.protected,
    }
