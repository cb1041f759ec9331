"""An annex's year in a few figures: the same words on its page, on paper and on the home page."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from confluences.formats import HARD_SPACE, NOT_APPLICABLE, number, percent
from worksites.etp_reports import AnnexReport
from worksites.etp_rules import AnnexFigures, Landing

NOTHING_ENTERED = "aucun mois saisi pour l’instant"
UNKNOWN = "inconnue"


@dataclass(frozen=True)
class Headline:
    """A figure with its name; `kind` is its look, `hint` what it is to be read with."""

    label: str
    value: str
    hint: str
    kind: str = "neutral"


def headlines(figures: AnnexFigures) -> list[Headline]:
    return [_done(figures), _landing(figures), _rate(figures), _aid(figures)]


def home_headline(report: AnnexReport) -> Headline:
    """The whole annex in one figure."""
    figures = report.figures
    label = f"ETP réalisés, {report.annex.number}"
    if report.fault:
        return Headline(label, NOT_APPLICABLE, report.fault, "late")
    landing = figures.landing
    agreed = (
        "ETP conventionnés à saisir"
        if figures.agreed_annual is None
        else f"sur {_etp(figures.agreed_annual)} conventionnés"
    )
    ahead = f"atterrissage {_etp(landing.etp)}" if landing else NOTHING_ENTERED
    return Headline(label, _etp(figures.etp_annual), f"{agreed}, {ahead}", _kind(landing))


def _done(figures: AnnexFigures) -> Headline:
    agreed, entered = figures.agreed_annual, len(figures.entered)
    hint = f"{entered} mois saisi{'s' * (entered > 1)} sur {len(figures.months)}"
    if agreed is not None:
        hint = f"sur {_etp(agreed)} conventionnés · {hint}"
    return Headline("ETP annuels réalisés", _etp(figures.etp_annual), hint)


def _landing(figures: AnnexFigures) -> Headline:
    label, landing = "ETP annuels à l’atterrissage", figures.landing
    if landing is None:
        return Headline(label, NOT_APPLICABLE, NOTHING_ENTERED)
    hint = " · ".join(_gaps(landing)) or "ETP conventionnés à saisir dans l’annexe"
    return Headline(label, _etp(landing.etp), hint, _kind(landing))


def _gaps(landing: Landing) -> Iterator[str]:
    if landing.etp_gap is None or landing.hours_gap is None:
        return
    yield f"{signed(landing.etp_gap, 2)}{HARD_SPACE}ETP"
    yield f"{signed(landing.hours_gap)}{HARD_SPACE}h"
    if landing.aid_gap is not None:
        yield f"{signed(landing.aid_gap)}{HARD_SPACE}€"


def _rate(figures: AnnexFigures) -> Headline:
    mean = figures.mean_etp
    if mean is None:
        return Headline("Taux de réalisation", NOT_APPLICABLE, NOTHING_ENTERED)
    hint = f"{_etp(mean)} ETP en moyenne mensuelle"
    if figures.terms.agreed_etp is not None:
        hint += f" pour {_etp(figures.terms.agreed_etp)} conventionnés"
    return Headline("Taux de réalisation", percent(figures.rate), hint)


def _aid(figures: AnnexFigures) -> Headline:
    label, used, due = "Aide consommée", figures.used, figures.due
    if not figures.entered:
        return Headline(label, NOT_APPLICABLE, NOTHING_ENTERED)
    if used is None:
        return Headline(label, UNKNOWN, "l’aide par ETP manque pour au moins un mois", "soon")
    hint = "" if due is None else f"pour {_whole_euros(due)} prévus sur les mois saisis"
    return Headline(label, _whole_euros(used), hint)


def _kind(landing: Landing | None) -> str:
    if landing is None or landing.etp_gap is None:
        return "neutral"
    return "soon" if landing.etp_gap < 0 else "ok"


def _etp(value: Decimal) -> str:
    return number(value)


def _whole_euros(amount: Decimal) -> str:
    return f"{number(amount, places=0)}{HARD_SPACE}€"


def signed(value: Decimal, places: int = 0) -> str:
    """A gap with its sign: « +3 », « −3 », « 0 »."""
    written = number(value, places=places)
    return f"+{written}" if value > 0 else written
