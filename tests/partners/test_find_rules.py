"""The ranking of partners: what weighs, in which direction, and that it says why."""

import doctest
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.support_enums import Theme
from partners import find_rules
from partners.enums import PartnerKind
from partners.find_rules import (
    Candidate,
    Past,
    Reach,
    Spot,
    departement,
    distance_km,
    fits,
    nearest,
    order,
    rank,
)

HOUSING = Theme.HOUSING
FRESNES = Spot(city="Fresnes", postcode="94260", verb="travaille", point=(48.7553, 2.3219))
CHAMPIGNY = Spot(city="Champigny-sur-Marne", postcode="94500", verb="habite", point=(48.8176, 2.5156))

points = st.tuples(st.floats(-90, 90), st.floats(-180, 180))
counts = st.integers(0, 5)
pasts = st.builds(
    Past, sent=counts, obtained=counts, lifted=counts, reduced=counts, declined=counts, silent=counts
)
candidates = st.builds(
    Candidate,
    key=st.integers(1, 99),
    name=st.sampled_from(["Bailleur", "Écoute", "Mairie"]),
    kind=st.sampled_from(sorted(PartnerKind)),
    themed=st.booleans(),
    city=st.sampled_from(["", "Fresnes", "Créteil"]),
    postcode=st.sampled_from(["", "94260", "94000", "75011"]),
    point=st.none() | points,
    served=st.sampled_from(["", "Fresnes, Orly"]),
    agreement=st.booleans(),
    past=pasts,
)


def candidate(**fields) -> Candidate:
    return Candidate(**{"name": "Bailleur", "kind": PartnerKind.HOUSING, "themed": True} | fields)


def test_worked_examples():
    assert doctest.testmod(find_rules).failed == 0


@given(candidates)
def test_an_agreement_never_lowers_and_a_refusal_never_raises(one):
    score = rank(one, HOUSING, [FRESNES]).score
    refused = replace(one.past, declined=one.past.declined + 1)
    lifted = replace(one.past, lifted=one.past.lifted + 1)
    assert rank(replace(one, agreement=True), HOUSING, [FRESNES]).score >= score
    assert rank(replace(one, themed=True), HOUSING, [FRESNES]).score >= score
    assert rank(replace(one, past=refused), HOUSING, [FRESNES]).score <= score
    assert rank(replace(one, past=lifted), HOUSING, [FRESNES]).score >= score


@given(st.lists(candidates, max_size=6), st.randoms())
def test_the_order_does_not_depend_on_how_they_come(several, shuffle):
    rows = [(each, rank(each, HOUSING, [FRESNES, CHAMPIGNY])) for each in several]
    mixed = list(rows)
    shuffle.shuffle(mixed)
    told = [[(row[1].score, row[1].distance, row[0].name) for row in order(each)] for each in (rows, mixed)]
    assert told[0] == told[1]
    assert [row[1].score for row in order(rows)] == sorted((row[1].score for row in rows), reverse=True)


@given(candidates)
def test_every_partner_has_a_reason(one):
    reasons = rank(one, HOUSING, [FRESNES]).reasons
    assert reasons
    assert all(reason.strip() == reason and reason for reason in reasons)


@given(points, points)
def test_distance_is_the_same_both_ways_and_stays_on_earth(one, other):
    there, back = distance_km(one, other), distance_km(other, one)
    assert there == pytest.approx(back, abs=1e-6)
    assert 0 <= there <= 20_016
    assert distance_km(one, one) == 0


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"city": "FRESNES"}, Reach.TOWN),
        ({"city": "Orly", "served": "Rungis, Fresnes"}, Reach.SERVED),
        ({"postcode": "94260"}, Reach.POSTCODE),
        ({"city": "Créteil", "postcode": "94000"}, Reach.DEPARTEMENT),
        ({"city": "Paris", "postcode": "75011"}, Reach.ELSEWHERE),
        ({}, Reach.UNKNOWN),
    ],
)
def test_nearness_by_names(fields, expected):
    assert nearest(candidate(**fields), [CHAMPIGNY, FRESNES])[0] == expected


def test_without_any_place_nearness_is_unknown():
    assert nearest(candidate(city="Fresnes"), [Spot(city="", postcode="", verb="habite")]) == (
        Reach.UNKNOWN,
        None,
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"city": "Fresnes"}, "à Fresnes, où la personne travaille"),
        ({"served": "Fresnes"}, "dessert Fresnes, où la personne travaille"),
        (
            {"point": (48.7653, 2.3219), "city": "Antony"},
            "à 1\u00a0km de là où la personne travaille (Antony)",
        ),
        ({"point": (48.7553, 2.3220)}, "à moins d’un\u00a0km de là où la personne travaille"),
        ({"postcode": "94260"}, "même code postal que là où la personne travaille"),
        ({"postcode": "94000", "city": "Créteil"}, "dans le même département (Créteil)"),
        ({"postcode": "75011", "city": "Paris"}, "dans un autre département (Paris)"),
    ],
)
def test_it_says_where(fields, words):
    assert words in rank(candidate(**fields), HOUSING, [FRESNES]).reasons


def test_it_says_what_worked_before():
    past = Past(sent=4, obtained=2, lifted=1, declined=1, silent=1)
    assert rank(candidate(past=past), HOUSING, []).reasons[-1] == (
        "4 orientations déjà faites, 2 ont abouti, 1 frein levé, 1 refus, 1 restée sans nouvelle"
    )


def test_it_names_the_service():
    told = rank(candidate(services=["Accès au logement", "Bail glissant"]), HOUSING, []).reasons[0]
    assert told == "propose « Accès au logement » et 1 autre"


def test_a_kind_alone_fits_and_weighs_less():
    by_kind, other = candidate(themed=False), candidate(themed=False, kind=PartnerKind.CLIENT)
    assert (fits(by_kind, HOUSING), fits(other, HOUSING)) == (True, False)
    assert rank(by_kind, HOUSING, []).score < rank(candidate(), HOUSING, []).score


@pytest.mark.parametrize(("postcode", "code"), [("94260", "94"), ("20000", "20"), ("97400", "974"), ("", "")])
def test_departement(postcode, code):
    assert departement(postcode) == code
