"""From somebody's freins to the partners that can lift them, in a constant number of queries."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Avg, Case, Count, Q, Value, When
from django.utils.text import capfirst

from beneficiaries.barrier_reports import AxisState, axis_states
from beneficiaries.models import Beneficiary, Step
from beneficiaries.permissions import visible_themes
from beneficiaries.support_enums import BarrierLevel, Theme
from confluences.models import User
from confluences.text import search_key
from partners.enums import BarrierEffect, Direction, ReferralResult, ReferralStatus
from partners.find_rules import KINDS, Candidate, Past, Ranked, Spot, departement, fits, order, rank
from partners.models import Partner, Referral, Service
from partners.models.directory import PartnerQuerySet

SHOWN_PER_FREIN = 5
SHOWN_ALONE = 25
# The whole national directory may be there: those near somebody are read, never all of them.
MOST_CANDIDATES = 1_500


@dataclass(frozen=True)
class Offer:
    """A service, with the freins that its themes can lift."""

    service: int
    name: str
    zone: str
    axes: set[str]


@dataclass(frozen=True)
class Proposal:
    """One partner for one frein: why, and the referral under way there already, if any."""

    partner: Partner
    ranked: Ranked
    service: int | None
    standing: Referral | None

    @property
    def why(self) -> str:
        return capfirst(" ; ".join(self.ranked.reasons)) + "."


@dataclass(frozen=True)
class Need:
    """A theme, how much it stands in the way, and whom to ask, best first."""

    theme: Theme
    state: AxisState | None
    step: int | None
    proposals: Sequence[Proposal]
    total: int

    @property
    def label(self) -> str:
        return capfirst(self.theme.label)

    @property
    def others(self) -> int:
        return self.total - len(self.proposals)

    @property
    def level(self) -> str:
        return self.state.today if self.state and self.state.latest else ""


@dataclass(frozen=True)
class Finder:
    """Whom to send one person to."""

    needs: Sequence[Need]
    spots: Sequence[Spot]
    themes: Sequence[Theme]

    @property
    def where(self) -> str:
        """The places that nearness is counted from."""
        return " et ".join(f"{spot.city or spot.postcode} (où elle {spot.verb})" for spot in self.spots)


def finder(user: User, person: Beneficiary, today: dt.date, chosen: Theme | None = None) -> Finder:
    """The freins that hinder, the heaviest first, or one chosen theme; each with its partners."""
    states = axis_states(user, person, today)
    themes = [chosen] if chosen else _hindering(states)
    spots = spots_of(person, today)
    by_axis = {state.axis: state for state in states}
    steps = _open_steps(user, person, themes)
    limit = SHOWN_ALONE if chosen else SHOWN_PER_FREIN
    found = _proposals(user, person, themes, spots, today)
    needs = [
        Need(theme, by_axis.get(theme), steps.get(theme), found[theme][:limit], len(found[theme]))
        for theme in themes
    ]
    return Finder(needs, spots, visible_themes(user))


def spots_of(person: Beneficiary, today: dt.date) -> list[Spot]:
    """Where somebody works and lives, with the mean of the points of the partners that are there, where some are known."""
    places = [("travaille", *place) for place in _worksites(person, today)]
    places.append(("habite", person.city, person.postcode))
    places = [place for place in places if place[1] or place[2]]
    points = _points(places)
    return [
        Spot(city=city, postcode=postcode, verb=verb, point=points.get((search_key(city), postcode)))
        for verb, city, postcode in places
    ]


def _hindering(states: Sequence[AxisState]) -> list[Theme]:
    heavy = [
        state
        for state in states
        if state.latest and state.latest.level >= BarrierLevel.MEDIUM and not state.lifted
    ]
    return [state.axis for state in sorted(heavy, key=lambda state: -_level(state))]


def _level(state: AxisState) -> int:
    return state.latest.level if state.latest else 0


def _worksites(person: Beneficiary, today: dt.date) -> list[tuple[str, str]]:
    """The towns of the current worksites. `assignments` is the worksites app's link to us: a name, not an import."""
    current = Q(assignments__end=None) | Q(assignments__end__gte=today)
    rows = Beneficiary.objects.filter(current, pk=person.pk, assignments__start__lte=today).order_by(
        "-assignments__start"
    )
    return list(rows.values_list("assignments__worksite__city", "assignments__worksite__postcode")[:1])


def _points(places: Sequence[tuple[str, str, str]]) -> dict[tuple[str, str], tuple[float, float]]:
    """For each town with its postcode the mean point of the partners there: no outside service is asked."""
    postcodes = {postcode for _verb, _city, postcode in places if postcode}
    wanted = {(search_key(city), postcode) for _verb, city, postcode in places}
    located = Partner.objects.filter(postcode__in=postcodes, latitude__isnull=False, longitude__isnull=False)
    rows = (
        located.order_by()
        .values_list("city", "postcode")
        .annotate(Avg("latitude"), Avg("longitude"), Count("pk"))
    )
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for city, postcode, latitude, longitude, count in rows:
        place = (search_key(city), postcode)
        if place in wanted:
            for index, value in enumerate((latitude * count, longitude * count, count)):
                sums[place][index] += value
    return {place: (total[0] / total[2], total[1] / total[2]) for place, total in sums.items()}


def _open_steps(user: User, person: Beneficiary, themes: Sequence[Theme]) -> dict[str, int]:
    """The step that a referral would serve, by theme: the oldest open one."""
    rows = Step.objects.visible_to(user).open().filter(beneficiary=person, theme__in=themes)
    return dict(rows.order_by("-opened_on", "-pk").values_list("theme", "pk"))


def _proposals(
    user: User, person: Beneficiary, themes: Sequence[Theme], spots: Sequence[Spot], today: dt.date
) -> dict[Theme, list[Proposal]]:
    partners = {partner.pk: partner for partner in _candidates(user, themes, spots, today)[:MOST_CANDIDATES]}
    own = _own_themes(partners)
    offers = _offers(partners, themes)
    past = _past(user, themes, today)
    standing = _standing(user, person, themes)
    found: dict[Theme, list[Proposal]] = {}
    for theme in themes:
        candidates = [
            _candidate(partner, theme, own[pk], offers[pk], past.get((pk, theme.value), Past()), today)
            for pk, partner in partners.items()
        ]
        rows = [(each, rank(each, theme, spots)) for each in candidates if fits(each, theme)]
        found[theme] = [
            Proposal(
                partners[each.key],
                ranked,
                _only_service(offers[each.key], theme),
                standing.get((each.key, theme.value)),
            )
            for each, ranked in order(rows)
        ]
    return found


def _only_service(offers: Sequence[Offer], theme: Theme) -> int | None:
    """The one service about a theme; of several nobody can say which is meant."""
    of_theme = [offer.service for offer in offers if theme in offer.axes]
    return of_theme[0] if len(of_theme) == 1 else None


def _candidates(
    user: User, themes: Sequence[Theme], spots: Sequence[Spot], today: dt.date
) -> PartnerQuerySet:
    """Those that may help with one of the themes: of a large directory, those of the départements where somebody is.

    What the association knows itself, by an agreement, a referral or a list of towns served, is never left out: it comes
    first, then the nearest, since only so many are read.
    """
    kinds = {kind for theme in themes for kind in KINDS.get(theme, ())}
    themed = Partner.themes.through.objects.filter(servicetheme__axis__in=themes).values("partner")
    serving = Service.themes.through.objects.filter(servicetheme__axis__in=themes).values("service__partner")
    found = Partner.objects.visible_to(user).active(today)
    found = found.filter(Q(kind__in=kinds) | Q(pk__in=themed) | Q(pk__in=serving))
    known = Q(agreement_start__isnull=False) | ~Q(places_served="")
    known |= Q(pk__in=Referral.objects.visible_to(user).order_by().values("partner"))
    postcodes = {spot.postcode for spot in spots if spot.postcode}
    first = Case(
        When(known | Q(source_id=""), then=Value(0)),
        When(postcode__in=postcodes, then=Value(1)),
        default=Value(2),
    )
    found = found.order_by(first, "search_key", "pk")
    if not postcodes:
        return found
    near = known | Q(postcode="")
    for code in {departement(postcode) for postcode in postcodes}:
        near |= Q(postcode__startswith=code)
    return found.filter(near)


def _own_themes(partners: Mapping[int, Partner]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    pairs = Partner.themes.through.objects.filter(partner__in=list(partners)).order_by()
    for pk, axis in pairs.values_list("partner", "servicetheme__axis"):
        found[pk].add(axis)
    return found


def _offers(partners: Mapping[int, Partner], themes: Iterable[Theme]) -> dict[int, list[Offer]]:
    """The services of these partners that are about one of the themes, by partner."""
    rows = Service.objects.filter(partner__in=list(partners), themes__axis__in=themes)
    rows = rows.order_by("partner", "name", "pk")
    known: dict[int, Offer] = {}
    found: dict[int, list[Offer]] = defaultdict(list)
    for partner, pk, name, zone, axis in rows.values_list("partner", "pk", "name", "zone", "themes__axis"):
        if pk not in known:
            known[pk] = Offer(pk, name, zone, set())
            found[partner].append(known[pk])
        known[pk].axes.add(axis)
    return found


def _past(user: User, themes: Iterable[Theme], today: dt.date) -> dict[tuple[int, str], Past]:
    """What came of past referrals to each partner for each theme: of those that this user may see."""
    made = Referral.objects.visible_to(user).filter(theme__in=themes, direction=Direction.OUT)
    silent = made.silent(today).order_by().values("pk")
    rows = (
        made.order_by()
        .values("partner", "theme")
        .annotate(
            sent=Count("pk"),
            obtained=Count("pk", filter=Q(result__in=ReferralResult.successes())),
            lifted=Count("pk", filter=Q(effect=BarrierEffect.LIFTED)),
            reduced=Count("pk", filter=Q(effect=BarrierEffect.REDUCED)),
            declined=Count("pk", filter=Q(status=ReferralStatus.DECLINED)),
            silent=Count("pk", filter=Q(pk__in=silent)),
        )
    )
    return {(row.pop("partner"), row.pop("theme")): Past(**row) for row in rows}


def _standing(user: User, person: Beneficiary, themes: Iterable[Theme]) -> dict[tuple[int, str], Referral]:
    rows = Referral.objects.visible_to(user).open()
    rows = rows.filter(beneficiary=person, theme__in=themes, direction=Direction.OUT).order_by("on", "pk")
    return {(referral.partner_id, referral.theme): referral for referral in rows}


def _candidate(
    partner: Partner, theme: Theme, own: set[str], offers: Sequence[Offer], past: Past, today: dt.date
) -> Candidate:
    of_theme = [offer for offer in offers if theme in offer.axes]
    latitude, longitude = partner.latitude, partner.longitude
    served = [partner.places_served, *(offer.zone for offer in of_theme)]
    return Candidate(
        key=partner.pk,
        name=partner.name,
        kind=partner.kind,
        themed=theme in own or bool(of_theme),
        services=[offer.name for offer in of_theme],
        city=partner.city,
        postcode=partner.postcode,
        point=None if latitude is None or longitude is None else (latitude, longitude),
        served=",".join(towns for towns in served if towns),
        agreement=partner.has_agreement(today),
        past=past,
    )
