"""Which partner can lift a frein, best first, and why: points that only ever add up, on plain values.

What weighs, in order: what the partner does, where it is, what it has done before, an agreement in force, and, against it,
refusals and silence.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from math import asin, cos, radians, sin, sqrt

from beneficiaries.support_enums import Theme
from confluences.formats import HARD_SPACE, number
from confluences.text import search_key
from partners.enums import PartnerKind

EARTH_RADIUS_KM = 6371.0
# What each nature of partner mostly helps with, where nobody has said its themes.
KINDS = {
    Theme.HOUSING: {PartnerKind.HOUSING},
    Theme.HEALTH: {PartnerKind.HEALTH},
    Theme.BUDGET: {PartnerKind.MONEY},
    Theme.LANGUAGE: {PartnerKind.TRAINING},
    Theme.RIGHTS: {PartnerKind.RIGHTS, PartnerKind.COMMUNITY},
    Theme.CAREER: {PartnerKind.TRAINING, PartnerKind.EMPLOYMENT},
    Theme.JOB_SEARCH: {PartnerKind.EMPLOYMENT, PartnerKind.EMPLOYER},
}

THEME_POINTS, KIND_POINTS = 40, 25
# The nearer, the more: up to this many kilometres.
DISTANCE_POINTS = ((2, 20), (5, 17), (10, 13), (20, 9), (50, 4))
LIFTED_POINTS, REDUCED_POINTS, OBTAINED_POINTS, MOST_PAST_POINTS = 8, 5, 3, 24
AGREEMENT_POINTS = 10
DECLINED_POINTS, SILENT_POINTS, MOST_LOST_POINTS = 6, 4, 18
# A town named alone after a space would be any town: « tout le Val-de-Marne » names no town.
SEPARATOR = ","


class Reach(IntEnum):
    """Where a partner is, seen from somebody's home and worksite; the more, the nearer."""

    ELSEWHERE = 0
    UNKNOWN = 1
    DEPARTEMENT = 2
    POSTCODE = 3
    SERVED = 4
    TOWN = 5


REACH_POINTS = {
    Reach.ELSEWHERE: 0,
    Reach.UNKNOWN: 3,
    Reach.DEPARTEMENT: 7,
    Reach.POSTCODE: 16,
    Reach.SERVED: 18,
    Reach.TOWN: 20,
}


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place of somebody's life: « habite » or « travaille » tells which one."""

    city: str
    postcode: str
    verb: str
    point: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Past:
    """What came of the referrals made to a partner for a theme."""

    sent: int = 0
    obtained: int = 0
    lifted: int = 0
    reduced: int = 0
    declined: int = 0
    silent: int = 0


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """What is known of a partner for one theme; `services` are the names of those of its services that are about it.

    `key` is what the caller knows it by.
    """

    key: int = 0
    name: str
    kind: str
    themed: bool
    services: Sequence[str] = ()
    city: str = ""
    postcode: str = ""
    point: tuple[float, float] | None = None
    served: str = ""
    agreement: bool = False
    past: Past = field(default_factory=Past)


@dataclass(frozen=True)
class Ranked:
    """How well a partner fits, and why, in French words."""

    score: int
    distance: float | None
    reasons: Sequence[str]


def kind_fits(kind: str, theme: Theme) -> bool:
    return kind in KINDS.get(theme, set())


def fits(candidate: Candidate, theme: Theme) -> bool:
    """Whether a partner can help with a theme at all."""
    return candidate.themed or kind_fits(candidate.kind, theme)


def rank(candidate: Candidate, theme: Theme, spots: Sequence[Spot]) -> Ranked:
    """The points of a partner for somebody who lives and works at these places, with their reasons.

    >>> lender = Candidate(name="Bailleur", kind=PartnerKind.HOUSING, themed=True, city="Fresnes", agreement=True)
    >>> found = rank(lender, Theme.HOUSING, [Spot(city="FRESNES", postcode="94260", verb="habite")])
    >>> found.score, found.reasons
    (70, ['aide sur le thème « logement »', 'à Fresnes, où la personne habite', 'convention en cours'])
    """
    reach, spot = nearest(candidate, spots)
    distance, from_spot = shortest(candidate, spots)
    place = place_points(reach, distance)
    past = candidate.past
    score = (
        (THEME_POINTS if candidate.themed else KIND_POINTS)
        + place
        + past_points(past)
        + (AGREEMENT_POINTS if candidate.agreement else 0)
        - min(MOST_LOST_POINTS, past.declined * DECLINED_POINTS + past.silent * SILENT_POINTS)
    )
    reasons = [
        _what(candidate, theme),
        _where(candidate, reach, spot, distance, from_spot),
        *_before(past),
        "convention en cours" if candidate.agreement else "",
    ]
    return Ranked(score, distance, [reason for reason in reasons if reason])


def past_points(past: Past) -> int:
    """What worked before weighs by what it did to the frein, then by what was obtained.

    >>> past_points(Past(sent=2, obtained=2, lifted=1))
    14
    """
    earned = past.lifted * LIFTED_POINTS + past.reduced * REDUCED_POINTS + past.obtained * OBTAINED_POINTS
    return min(MOST_PAST_POINTS, earned)


def place_points(reach: Reach, distance: float | None) -> int:
    """A distance that is known never weighs less than the words of the same place."""
    if distance is None:
        return REACH_POINTS[reach]
    near = next((points for limit, points in DISTANCE_POINTS if distance <= limit), 0)
    return max(near, REACH_POINTS[reach] if reach != Reach.UNKNOWN else 0)


def nearest(candidate: Candidate, spots: Sequence[Spot]) -> tuple[Reach, Spot | None]:
    """How near a partner is to the nearest of these places, by their names alone."""
    known = [spot for spot in spots if spot.city or spot.postcode]
    if not known or not (candidate.city or candidate.postcode or candidate.served):
        return Reach.UNKNOWN, None
    return max(((_reach(candidate, spot), spot) for spot in known), key=lambda found: found[0])


def shortest(candidate: Candidate, spots: Iterable[Spot]) -> tuple[float | None, Spot | None]:
    """The shortest distance between a partner and one of these places, as the crow flies."""
    if candidate.point is None:
        return None, None
    measured = [(distance_km(candidate.point, spot.point), spot) for spot in spots if spot.point]
    return min(measured, key=lambda found: found[0]) if measured else (None, None)


def distance_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Kilometres between two points (latitude, longitude) as the crow flies, by the haversine formula.

    >>> round(distance_km((48.7553, 2.3219), (48.8176, 2.5156)))  # Fresnes to Champigny-sur-Marne
    16
    """
    (latitude, longitude), (other_latitude, other_longitude) = map(_in_radians, (one, other))
    half = (
        sin((other_latitude - latitude) / 2) ** 2
        + cos(latitude) * cos(other_latitude) * sin((other_longitude - longitude) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * asin(sqrt(min(1.0, half)))


def departement(postcode: str) -> str:
    """The département of a postcode; Corsica is one, and overseas they have three digits.

    >>> departement("94260"), departement("97400"), departement("")
    ('94', '974', '')
    """
    return postcode[:3] if postcode.startswith(("97", "98")) else postcode[:2]


def serves(served: str, city: str) -> bool:
    """Whether a list of towns, separated by commas, names one.

    >>> serves("Fresnes, Champigny sur Marne", "CHAMPIGNY-SUR-MARNE"), serves("Fresnes", "")
    (True, False)
    """
    wanted = search_key(city)
    return bool(wanted) and any(search_key(town) == wanted for town in served.split(SEPARATOR))


def order(rows: Iterable[tuple[Candidate, Ranked]]) -> list[tuple[Candidate, Ranked]]:
    """Best first; of equals the nearest, then by name."""
    return sorted(rows, key=lambda row: (-row[1].score, _far(row[1].distance), search_key(row[0].name)))


def _in_radians(point: tuple[float, float]) -> tuple[float, float]:
    return radians(point[0]), radians(point[1])


def _far(distance: float | None) -> float:
    return float("inf") if distance is None else distance


def _reach(candidate: Candidate, spot: Spot) -> Reach:
    if spot.city and search_key(candidate.city) == search_key(spot.city):
        return Reach.TOWN
    if serves(candidate.served, spot.city):
        return Reach.SERVED
    if spot.postcode and candidate.postcode == spot.postcode:
        return Reach.POSTCODE
    if spot.postcode and candidate.postcode:
        same = departement(candidate.postcode) == departement(spot.postcode)
        return Reach.DEPARTEMENT if same else Reach.ELSEWHERE
    return Reach.UNKNOWN


def _what(candidate: Candidate, theme: Theme) -> str:
    if candidate.services:
        more = len(candidate.services) - 1
        others = f" et {number(more)} autre{'s' if more > 1 else ''}" if more else ""
        return f"propose « {candidate.services[0]} »{others}"
    if candidate.themed:
        return f"aide sur le thème « {theme.label} »"
    return f"nature : {PartnerKind(candidate.kind).label}"


def _where(
    candidate: Candidate, reach: Reach, spot: Spot | None, distance: float | None, from_spot: Spot | None
) -> str:
    town = f" ({candidate.city})" if candidate.city else ""
    if spot is not None and reach in {Reach.TOWN, Reach.SERVED}:
        near = f"à {candidate.city}" if reach == Reach.TOWN else f"dessert {spot.city}"
        return f"{near}, où la personne {spot.verb}"
    if distance is not None and from_spot is not None:
        return f"à {_kilometres(distance)} de là où la personne {from_spot.verb}{town}"
    if spot is None:
        return ""
    words = {
        Reach.POSTCODE: f"même code postal que là où la personne {spot.verb}",
        Reach.DEPARTEMENT: f"dans le même département{town}",
        Reach.ELSEWHERE: f"dans un autre département{town}",
    }
    return words.get(reach, "")


def _kilometres(distance: float) -> str:
    if distance < 1:
        return f"moins d’un{HARD_SPACE}km"
    return f"{number(round(distance))}{HARD_SPACE}km"


def _before(past: Past) -> list[str]:
    said = [
        _counted(past.sent, "orientation déjà faite", "orientations déjà faites"),
        _counted(past.obtained, "a abouti", "ont abouti"),
        _counted(past.lifted, "frein levé", "freins levés"),
        _counted(past.reduced, "frein réduit", "freins réduits"),
        _counted(past.declined, "refus", "refus"),
        _counted(past.silent, "restée sans nouvelle", "restées sans nouvelle"),
    ]
    words = ", ".join(each for each in said if each)
    return [words] if words else []


def _counted(count: int, one: str, many: str) -> str:
    return f"{number(count)} {one if count == 1 else many}" if count else ""
