"""A worksite at a glance: who is expected today, and when its places free up."""

import datetime as dt
import re

import pytest

from beneficiaries.models import Beneficiary
from beneficiaries.time_enums import AbsenceReason, TimeKind
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.trainings.factories import make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite
from worksites.models import Equipment, Worksite
from worksites.place_reports import places_picture, sites

D = dt.date
DAY = D(2024, 6, 5)  # a Wednesday

LAST_DAY = D(2024, 12, 31)

pytestmark = pytest.mark.django_db


def site_on(day=DAY):
    [site] = sites(Worksite.objects.all(), Beneficiary.objects.all(), Equipment.objects.all(), day)
    return site


def member(worksite, end=LAST_DAY):
    person = make_contract(start=end - dt.timedelta(days=360), end=end).beneficiary
    make_assignment(person, worksite, start=D(2023, 1, 1))
    return person


def figures(day=DAY) -> tuple[int, int, int, int]:
    site = site_on(day)
    return site.expected, site.in_training, site.in_immersion, site.away


def test_today_of_each_kind():
    worksite = make_worksite()
    present, sick, late, host, student, pupil = (member(worksite) for _each in range(6))
    make_time(sick, DAY, 312, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    make_time(late, DAY, 30, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.LATE)
    make_time(host, DAY, 312, kind=TimeKind.IMMERSION)
    programme = make_programme()
    for person in (student, pupil):
        make_enrolment(programme, person, group="A" if person == student else "B")
    make_session(programme, DAY, group="A")
    # Whoever is late comes, and a morning of training leaves the afternoon.
    assert figures() == (4, 1, 1, 1)
    assert present in {row.person for row in site_on().team.present}


@pytest.mark.parametrize(
    ("day", "holiday", "expected"),
    [(D(2024, 6, 8), None, 0), (D(2024, 5, 9), "Ascension", 0), (D(2024, 6, 10), None, 1)],
)
def test_nobody_is_expected_on_a_weekend_or_a_holiday(day, holiday, expected):
    member(make_worksite())
    site = site_on(day)
    assert (site.expected, site.holiday) == (expected, holiday)


def test_places_free_up_with_the_contract_or_the_assignment():
    worksite = make_worksite(places=5)
    later = member(worksite, end=D(2024, 10, 31))
    moving = member(worksite)
    moving.assignments.update(end=D(2024, 7, 14))
    senior = make_beneficiary(birth_date=D(1960, 1, 1))
    make_contract(senior, kind="cdi_inclusion", end=None)
    make_assignment(senior, worksite)
    site = site_on()
    assert [(each.row.person, each.day) for each in site.departures] == [
        (moving, D(2024, 7, 14)),
        (later, D(2024, 10, 31)),
    ]
    assert site.next_departure.day == D(2024, 7, 14)
    said = {row.person: day for row, day in site.team_rows}
    assert said == {moving: D(2024, 7, 14), later: None, senior: None}  # beside the end of each contract


def described(picture: str) -> str:
    return re.search(r"<desc>(.*?)</desc>", picture)[1]


def squares(picture: str) -> int:
    return len(re.findall(r"<rect ", picture))


def test_picture_has_a_square_for_each_place():
    worksite = make_worksite(places=5)
    member(worksite, end=D(2024, 7, 31))
    member(worksite, end=D(2024, 7, 31))
    member(worksite, end=D(2025, 5, 20))
    picture = places_picture(site_on())
    assert described(picture) == (
        "3 places prises sur 5. libres aujourd’hui : 2 ; se libèrent en juillet 2024 : 2 ; "
        "plus tard ou sans date connue : 1."
    )
    assert squares(picture) == 5


@pytest.mark.parametrize(
    ("places", "words", "drawn"),
    [
        (None, "1 place prise. se libèrent en décembre 2024 : 1.", 1),
        (0, "1 place prise sur 0. se libèrent en décembre 2024 : 1.", 1),
    ],
)
def test_picture_of_unknown_or_too_few_places(places, words, drawn):
    member(make_worksite(places=places), end=D(2024, 12, 31))
    picture = places_picture(site_on(D(2024, 9, 2)))
    assert (described(picture), squares(picture)) == (words, drawn)


def test_picture_of_an_empty_worksite():
    make_worksite(places=0)
    assert described(places_picture(site_on())) == "0 place prise sur 0. Aucune place."


@pytest.mark.parametrize("people", [1, 3])
def test_sites_cost_the_same(django_assert_num_queries, people):
    programme = make_programme()
    make_session(programme, DAY)
    for _each in range(people):
        person = member(make_worksite(places=2))
        make_enrolment(programme, person)
        make_time(person, DAY, 60, kind=TimeKind.IMMERSION)
    with django_assert_num_queries(12):
        found = sites(Worksite.objects.all(), Beneficiary.objects.all(), Equipment.objects.all(), DAY)
        assert [site.in_training for site in found] == [1] * people
