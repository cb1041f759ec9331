"""Each figure as the report prints it. The PDF prints these lines, and verification looks for them in its pages."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from confluences.formats import NOT_APPLICABLE, number, percent

Figures = dict[str, Any]

MASKED = "moins de 5"
VERDICTS = {True: "atteint", False: "non atteint", None: NOT_APPLICABLE}


@dataclass(frozen=True)
class Statement:
    """A figure's name, and the words that state it in the pages."""

    name: str
    text: str


def verdict_line(code: str, target: Figures) -> str:
    """The report in one line.

    >>> figures = {"examined": 0, "target": "2/3", "reached": None}
    >>> verdict_line("2013", figures)
    'Cohorte 2013 : aucune sortie examinée, objectif 2/3 sans objet'
    """
    goal = f"objectif {goal_text(target)} {VERDICTS[target['reached']]}"
    if not target["examined"]:
        return f"Cohorte {code} : aucune sortie examinée, {goal}"
    successes, examined = target["successes"], target["examined"]
    counted = "sorties dynamiques" if successes > 1 else "sortie dynamique"
    among = "examinées" if examined > 1 else "examinée"
    rate = percent_text(target["rate_percent"]).replace("\u00a0", " ")
    return f"Cohorte {code} : {number(successes)} {counted} sur {number(examined)} {among} ({rate}), {goal}"


def range_line(target: Figures) -> str:
    """Between which rates the cohort will end, once everything is known."""
    if not target["examined"]:
        return "Sans sortie examinée, le taux est sans objet."
    if not target["undocumented"]:
        return "Toutes les sorties sont documentées : le taux est définitif."
    count = target["undocumented"]
    missing = f"{number(count)} sorties à documenter" if count > 1 else "1 sortie à documenter"
    return f"Fourchette possible : {range_text(target)} ({missing})."


def margin_line(target: Figures) -> str:
    """How far the count is from what the target asks for; empty without exits."""
    if not target["examined"]:
        return ""
    needed, margin = target["needed"], target["margin"]
    asked = f"L’objectif demande {number(needed)} sortie{'s' if needed > 1 else ''} dynamique{'s' if needed > 1 else ''}"
    if margin < 0:
        return f"{asked} : il en manque {number(-margin)}."
    return f"{asked} : il y en a {number(margin)} de plus." if margin else f"{asked} : le compte y est."


def percent_text(value: str | None) -> str:
    return percent(Fraction(value) / 100 if value is not None else None)


def range_text(target: Figures) -> str:
    """« 77,8 %-100 % », or one rate where nothing is left to know."""
    lowest, highest = percent_text(target["lowest_percent"]), percent_text(target["highest_percent"])
    return lowest if lowest == highest else f"{lowest}-{highest}"


def goal_text(target: Figures) -> str:
    """The target as people say it: 2/3, or 60 %."""
    numerator, denominator = target["target"].split("/")
    return percent(Fraction(int(numerator), 100)) if denominator == "100" else f"{numerator}/{denominator}"


def target_cells(target: Figures) -> tuple[str, ...]:
    """A target's row: what is counted, how many, rate, goal, verdict, possible rates."""
    count = f"{number(target['successes'])} sur {number(target['examined'])}"
    return (
        target["label"],
        count,
        percent_text(target["rate_percent"]),
        goal_text(target),
        VERDICTS[target["reached"]],
        range_text(target),
    )


def line_cells(line: Figures) -> tuple[str, ...]:
    """A table's row: label, examined, counted, to document."""
    if line["examined"] is None:
        return (line["label"], MASKED, "", "")
    return (line["label"], *(number(line[key]) for key in ("examined", "successes", "undocumented")))


def year_cells(year: Figures) -> tuple[str, ...]:
    """A previous cohort's row."""
    return (year["label"], *target_cells(year)[1:])


def not_examined_line(figures: Figures) -> str:
    count = figures["not_examined"]
    if not count:
        return "Toutes les sorties de la période sont examinées."
    plural = "s" if count > 1 else ""
    verb = "sont" if count > 1 else "est"
    return f"{number(count)} sortie{plural} de la période n’{verb} pas examinée{plural} (retrait, ou séjour trop court)."


TABLES = {
    "by_class": "Par classe",
    "by_reason": "Par motif",
    "by_worksite": "Par chantier",
    "by_profile": "Selon la situation à l’entrée",
}


def statements(code: str, figures: Figures) -> list[Statement]:
    """Every figure the report prints, under its name."""
    made = [
        Statement("verdict", verdict_line(code, figures)),
        Statement("fourchette", range_line(figures)),
        Statement("marge", margin_line(figures)),
        Statement("sorties non examinées", not_examined_line(figures)),
    ]
    for rule_set in figures["rule_sets"]:
        for target in rule_set["targets"]:
            made.append(Statement(f"{rule_set['label']}, {target['label']}", " ".join(target_cells(target))))
    for table, title in TABLES.items():
        made += [
            Statement(f"{title.lower()}, {line['label']}", " ".join(line_cells(line)))
            for line in figures[table]
        ]
    made += [
        Statement(f"évolution, {year['label']}", " ".join(year_cells(year))) for year in figures["years"]
    ]
    return made
