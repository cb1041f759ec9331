"""Figures in words, in the singular and the plural, with and without exits."""

import pytest

from outcomes.figures import target_figures
from outcomes.rules import Target, TargetResult
from outcomes.statements import goal_text, margin_line, range_line, verdict_line


def figures(successes: int, failures: int, undocumented: int, numerator=2, denominator=3) -> dict:
    return target_figures(
        TargetResult(
            Target("dynamic", "sorties dynamiques", numerator, denominator), successes, failures, undocumented
        )
    )


@pytest.mark.parametrize(
    ("made", "verdict", "margin", "possible"),
    [
        (
            figures(7, 0, 2),
            "Cohorte 2014 : 7 sorties dynamiques sur 9 examinées (77,8 %), objectif 2/3 atteint",
            "L’objectif demande 6 sorties dynamiques : il y en a 1 de plus.",
            "Fourchette possible : 77,8\u00a0%-100\u00a0% (2 sorties à documenter).",
        ),
        (
            figures(1, 0, 0),
            "Cohorte 2014 : 1 sortie dynamique sur 1 examinée (100 %), objectif 2/3 atteint",
            "L’objectif demande 1 sortie dynamique : le compte y est.",
            "Toutes les sorties sont documentées : le taux est définitif.",
        ),
        (
            figures(0, 2, 1),
            "Cohorte 2014 : 0 sortie dynamique sur 3 examinées (0 %), objectif 2/3 non atteint",
            "L’objectif demande 2 sorties dynamiques : il en manque 2.",
            "Fourchette possible : 0\u00a0%-33,3\u00a0% (1 sortie à documenter).",
        ),
        (
            figures(0, 0, 0),
            "Cohorte 2014 : aucune sortie examinée, objectif 2/3 sans objet",
            "",
            "Sans sortie examinée, le taux est sans objet.",
        ),
    ],
)
def test_a_cohort_in_words(made, verdict, margin, possible):
    assert (verdict_line("2014", made), margin_line(made), range_line(made)) == (verdict, margin, possible)


def test_goals_are_said_as_people_say_them():
    assert [goal_text(figures(1, 1, 0)), goal_text(figures(1, 1, 0, 60, 100))] == ["2/3", "60\u00a0%"]
