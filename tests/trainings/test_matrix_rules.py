"""The rules of the matrix: the day somebody finishes, and what would catch up."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beneficiaries.rules import Period
from confluences.formats import french_date
from trainings.enums import Finish
from trainings.forecast_rules import catch_up, forecast
from trainings.matrix_rules import Goal, Lack, Meeting, ModuleStanding, current_stay, lacks, reached_on

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 3, 9)
MOWING, PRUNING = Goal(1, "Tonte", 420, 420), Goal(2, "Taille", 720, 648)  # 90 % of 12 h are 10 h 48
GOALS = [MOWING, PRUNING]
YEAR = Period(dt.date(2025, 10, 1), dt.date(2026, 9, 30))


def morning(key: int, day: dt.date, gives: dict[int, int], group: str = "", start: int = 9) -> Meeting:
    return Meeting(key, day, dt.time(start), dt.time(start + 3, 30), group, gives)


def found(gained=(), own=(), others=(), busy=None, stay=YEAR, left_on=None):
    return forecast(
        GOALS,
        list(gained),
        list(own),
        list(others),
        list(own if busy is None else busy),
        stay=stay,
        left_on=left_on,
        today=TODAY,
    )


# The day somebody finishes

# 4 h 12 of 10 h 48 left of «\u00a0Taille\u00a0» after these: 648 - 396 = 252, so two more half-days.
BEGUN = [(dt.date(2026, 3, 2), {1: 420}), (dt.date(2026, 3, 3), {2: 396})]
MONDAYS = [morning(number, TODAY + 7 * number * DAY, {2: 210}) for number in range(4)]


def test_finishes_with_the_session_that_gives_the_last_minutes():
    answer = found(BEGUN, MONDAYS)
    assert (answer.state, answer.day) == (Finish.IN_TIME, dt.date(2026, 3, 16))
    assert answer.sentence == "Finit le 16 mars 2026, 198 jours avant la fin du contrat."


def test_session_of_today_counts():
    answer = found([*BEGUN, (dt.date(2026, 3, 4), {2: 100})], MONDAYS)
    assert answer.day == TODAY


def test_minutes_beyond_a_module_do_not_help_another():
    assert found([(TODAY - DAY, {1: 5000})], MONDAYS[:3]).state == Finish.NOT_PLANNED


def test_less_than_the_whole_is_enough_where_less_is_required():
    answer = found([(dt.date(2026, 3, 2), {1: 420}), (dt.date(2026, 3, 4), {2: 648})])
    assert (answer.state, answer.day) == (Finish.DONE, dt.date(2026, 3, 4))
    assert answer.sentence == "Achevée le 4 mars 2026."


def test_done_stays_done_after_the_contract():
    answer = found([(dt.date(2026, 3, 4), {1: 420, 2: 720})], stay=None, left_on=dt.date(2026, 3, 5))
    assert answer.state == Finish.DONE


@pytest.mark.parametrize(
    ("last_day", "sentence"),
    [
        (None, "Finit le 16 mars 2026, le contrat n’a pas de terme."),
        (dt.date(2026, 3, 16), "Finit le 16 mars 2026, le dernier jour du contrat."),
        (dt.date(2026, 3, 17), "Finit le 16 mars 2026, la veille de la fin du contrat."),
    ],
)
def test_in_time_says_how_far_the_contract_goes(last_day, sentence):
    answer = found(BEGUN, MONDAYS, stay=Period(dt.date(2025, 10, 1), last_day))
    assert (answer.state, answer.sentence) == (Finish.IN_TIME, sentence)


def test_late_names_what_lacks_when_the_contract_ends():
    answer = found(BEGUN, MONDAYS, stay=Period(dt.date(2025, 10, 1), dt.date(2026, 3, 15)))
    assert (answer.state, answer.day) == (Finish.LATE, dt.date(2026, 3, 16))
    assert (answer.lacking, answer.gap) == ((Lack("Taille", 42),), 42)
    assert answer.sentence == (
        "Finit le 16 mars 2026, après la fin du contrat le 15 mars 2026 : il manquera 42\u00a0min de «\u00a0Taille\u00a0»."
    )


def test_not_planned_names_what_sessions_leave():
    answer = found(BEGUN[:1], MONDAYS[:1])
    assert (answer.state, answer.day) == (Finish.NOT_PLANNED, None)
    assert answer.sentence == "Les séances prévues laissent 7\u00a0h\u00a018 de «\u00a0Taille\u00a0»."
    assert [lack.half_days_in_words for lack in answer.to_plan] == ["3 demi-journées"]


def test_not_planned_counts_what_the_contract_leaves_of_the_sessions():
    """Two of the sessions come after the contract: what they give is missing at its end too."""
    short = found(BEGUN[:1], MONDAYS[:2], stay=Period(dt.date(2025, 10, 1), MONDAYS[0].day))
    long = found(BEGUN[:1], MONDAYS[:2])
    assert (short.state, long.state) == (Finish.NOT_PLANNED, Finish.NOT_PLANNED)
    assert short.gap > long.gap
    assert short.sentence.startswith(f"À la fin du contrat, le {french_date(MONDAYS[0].day)}, il manquera ")
    assert long.sentence.startswith("Les séances prévues laissent ")


def test_sessions_before_the_next_contract_do_not_count():
    later = Period(TODAY + 7 * DAY, TODAY + 200 * DAY)
    assert found(BEGUN, MONDAYS, stay=later).day == dt.date(2026, 3, 23)


@pytest.mark.parametrize(
    ("stay", "left_on", "sentence"),
    [
        (
            YEAR,
            dt.date(2026, 3, 6),
            "Arrêtée le 6 mars 2026 : il manque 4\u00a0h\u00a012 de «\u00a0Taille\u00a0».",
        ),
        (
            Period(dt.date(2025, 10, 1), dt.date(2026, 3, 8)),
            None,
            "Le contrat a fini le 8 mars 2026 : il manque 4\u00a0h\u00a012 de «\u00a0Taille\u00a0».",
        ),
        (None, None, "Aucun contrat : il manque 4\u00a0h\u00a012 de «\u00a0Taille\u00a0»."),
    ],
)
def test_stopped_says_why(stay, left_on, sentence):
    answer = found(BEGUN, stay=stay, left_on=left_on)
    assert (answer.state, answer.sentence) == (Finish.STOPPED, sentence)


def test_last_day_of_the_contract_is_not_yet_its_end():
    assert found(BEGUN, MONDAYS, stay=Period(dt.date(2025, 10, 1), TODAY)).state == Finish.LATE


def test_programme_without_modules_is_never_done():
    answer = forecast([], [], [], [], [], stay=YEAR, left_on=None, today=TODAY)
    assert (answer.state, answer.sentence) == (
        Finish.NOT_PLANNED,
        "Le programme n’a pas encore de module.",
    )


def test_current_stay_prefers_what_runs_then_what_comes_then_what_was():
    past = Period(dt.date(2025, 1, 1), dt.date(2025, 6, 30))
    coming = Period(dt.date(2026, 5, 1), None)
    assert current_stay([coming, past], TODAY) == coming
    assert current_stay([past], TODAY) == past
    assert current_stay([past, YEAR, Period(dt.date(2026, 10, 1), dt.date(2027, 3, 31))], TODAY) == Period(
        YEAR.first, dt.date(2027, 3, 31)
    )
    assert current_stay([], TODAY) is None


def test_standing_counts_no_more_than_the_module():
    module = ModuleStanding(name="Tonte", minutes=420, done=480, required=420, planned=210)
    assert (module.counted, module.extra, module.left, module.to_come) == (420, 60, 0, 0)
    assert module.in_words == "7\u00a0h / 7\u00a0h"


# Catching up


def offered(missing, offers, busy=()):
    proposals, rest = catch_up(GOALS, missing, offers, list(busy))
    return [(proposal.meeting.key, proposal.minutes) for proposal in proposals], rest


def test_most_missing_minutes_come_first_then_the_earliest():
    little = morning(1, TODAY, {2: 60}, "B")
    late, early = morning(2, TODAY + 9 * DAY, {2: 210}, "B"), morning(3, TODAY + 2 * DAY, {2: 210}, "C")
    assert offered({2: 480}, [little, late, early]) == ([(3, 210), (2, 210), (1, 60)], {})


def test_a_session_that_gives_nothing_missing_is_not_proposed():
    assert offered({2: 210}, [morning(1, TODAY, {1: 210}, "B")]) == ([], {2: 210})


def test_overlapping_sessions_are_not_proposed():
    taken = morning(9, TODAY, {1: 210})
    same, later = morning(1, TODAY, {2: 210}, "B", start=11), morning(2, TODAY, {2: 210}, "B", start=14)
    assert offered({2: 210}, [same, later], [taken]) == ([(2, 210)], {})


def test_two_proposals_never_overlap_each_other():
    one, other = morning(1, TODAY, {2: 210}, "B"), morning(2, TODAY, {2: 200}, "C", start=10)
    assert offered({2: 400}, [one, other]) == ([(1, 210)], {2: 190})


def test_reason_names_what_is_covered():
    proposals, _rest = catch_up(GOALS, {1: 60, 2: 720}, [morning(1, TODAY, {1: 100, 2: 110}, "Soir")], [])
    assert proposals[0].reason == (
        "Groupe Soir : 1\u00a0h de «\u00a0Tonte\u00a0» sur 1\u00a0h qui manquent, "
        "1\u00a0h\u00a050 de «\u00a0Taille\u00a0» sur 12\u00a0h qui manquent."
    )


def test_proposals_stay_inside_the_contract():
    offers = [morning(1, dt.date(2026, 3, 31), {2: 210}, "B"), morning(2, dt.date(2026, 4, 1), {2: 210}, "B")]
    answer = found(BEGUN, others=offers, stay=Period(dt.date(2025, 10, 1), dt.date(2026, 3, 31)))
    assert [proposal.meeting.key for proposal in answer.proposals] == [1]
    assert answer.to_plan == (Lack("Taille", 42),)


# Whatever the sessions

keys = st.sampled_from([1, 2])
gives = st.dictionaries(keys, st.integers(1, 300), min_size=1)


@st.composite
def meetings(draw, group: str, first_key: int):
    places = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(8, 16)), max_size=8, unique=True))
    return [
        morning(first_key + number, TODAY + offset * DAY, draw(gives), group, start)
        for number, (offset, start) in enumerate(sorted(places))
    ]


done_so_far = st.dictionaries(keys, st.integers(0, 800)).map(lambda given: [(TODAY - DAY, given)])


@given(done_so_far, meetings("A", 100))
def test_before_the_day_something_lacks_and_on_it_nothing_does(gained, own):
    answer = found(gained, own, stay=Period(dt.date(2025, 10, 1), None))
    [(_day, done)] = gained
    if answer.state == Finish.IN_TIME:
        assert lacks(GOALS, done, [meeting for meeting in own if meeting.day < answer.day])
        assert lacks(GOALS, done, [meeting for meeting in own if meeting.day <= answer.day]) == ()
    elif answer.state == Finish.NOT_PLANNED:
        assert lacks(GOALS, done, own) == answer.left != ()
    else:
        assert (answer.state, lacks(GOALS, done, [])) == (Finish.DONE, ())


@given(done_so_far, meetings("A", 100), st.integers(0, 60))
def test_a_longer_contract_never_makes_late(gained, own, days):
    states = [
        found(gained, own, stay=Period(dt.date(2025, 10, 1), TODAY + length * DAY)).state
        for length in (days, days + 30)
    ]
    assert states != [Finish.IN_TIME, Finish.LATE]


@given(st.dictionaries(keys, st.integers(1, 800)), meetings("B", 200), meetings("A", 100))
def test_proposals_give_only_what_lacks_best_first_and_in_one_place_at_a_time(missing, offers, busy):
    proposals, rest = catch_up(GOALS, missing, offers, busy)
    covered = [proposal.minutes for proposal in proposals]
    assert sum(covered) + sum(rest.values()) == sum(missing.values())
    assert covered == sorted(covered, reverse=True)
    assert all(minutes > 0 for minutes in covered)
    chosen = [proposal.meeting for proposal in proposals]
    taken = [*busy, *chosen]
    assert not any(
        one.overlaps(other)
        for place, one in enumerate(taken)
        for other in taken[place + 1 :]
        if other in chosen
    )
    left = [offer for offer in offers if not any(offer.overlaps(each) for each in taken)]
    assert not any(key in rest for offer in left for key in offer.gives)


@given(meetings("A", 100))
def test_reached_on_is_the_day_of_a_gain(own):
    gains = [(meeting.day, meeting.gives) for meeting in own]
    assert reached_on(GOALS, {}, gains) in {None, *(day for day, _given in gains)}
