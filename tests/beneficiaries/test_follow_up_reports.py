"""What lists of follow-ups show: rows as the reader may see them, the minutes of a stay, points of a journey."""

import datetime as dt

import pytest

from beneficiaries.appointment_reports import appointment_rows
from beneficiaries.follow_up_reports import (
    follow_up_layer,
    follow_up_panel,
    follow_up_parts,
    follow_ups_of,
    people_to_follow,
    stay_minutes,
)
from beneficiaries.models import Beneficiary, FollowUp
from beneficiaries.rules import Period
from confluences.charts import Point
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_follow_up,
    make_running_contract,
    make_step,
    today,
)
from tests.beneficiaries.test_follow_up_forms import another_social_worker

D = dt.date


def panel_of(person, user, **options):
    # A page reads its user's permissions once.
    return follow_up_panel(Beneficiary.objects.get(pk=person.pk), user, today(), **options)


def test_rows_are_what_their_reader_may_see(social_worker, supervisor):
    person = make_beneficiary()
    make_follow_up(person, by=social_worker, topics=("housing", "health"), note="x", said="Court.")
    make_follow_up(person, on=today() - DAY, by=another_social_worker(), note="x", author_only=True)
    make_follow_up(person, on=today() - 2 * DAY, said="a" * 500)
    make_follow_up()

    def seen(user):
        return [(row.topics, row.has_note, len(row.excerpt)) for row in panel_of(person, user).rows]

    assert seen(social_worker) == [(["logement", "santé"], True, 6), ([], False, 17), ([], False, 241)]
    assert seen(supervisor) == [(["logement"], False, 6), ([], False, 17), ([], False, 241)]


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.ADMINISTRATOR])
def test_the_others_get_empty_lists(users, social_worker, role):
    person = make_beneficiary()
    follow_up = make_follow_up(person, by=social_worker, topics=("housing",), note="x")
    make_appointment(social_worker, person, set_by=follow_up)
    make_step(person, follow_up=follow_up)
    make_barrier(person, follow_up=follow_up)
    user = users[role]
    panel, parts = panel_of(person, user), follow_up_parts(follow_up, user)
    assert (panel.rows, panel.stay_minutes, list(follow_ups_of(person, user))) == ([], 0, [])
    assert (parts.topics, parts.anything_came, parts.has_note, parts.has_reserved_note) == (
        [],
        False,
        False,
        False,
    )
    assert appointment_rows(person, user, today()) == []


def test_a_theme_filters_and_older_ones_are_a_click_away(social_worker, supervisor):
    person = make_beneficiary()
    for number in range(7):
        make_follow_up(person, topics=("health" if number else "budget",), on=today() - number * DAY)
    first = panel_of(person, social_worker)
    assert (len(first.rows), first.has_older, first.next_shown) == (5, True, 25)
    everything = panel_of(person, social_worker, shown=first.next_shown)
    assert (len(everything.rows), everything.has_older) == (7, False)
    assert len(panel_of(person, social_worker, theme="budget").rows) == 1
    assert panel_of(person, social_worker, theme="health", shown=-3).has_older
    unknown = panel_of(person, supervisor, theme="health")
    assert (unknown.theme, len(unknown.rows)) == ("", 5)


def test_minutes_are_those_of_the_current_stay_with_its_reception_and_what_follows_it(db):
    person = make_beneficiary()
    for on, minutes in ((D(2019, 6, 1), 10), (D(2020, 6, 1), 20), (D(2020, 9, 1), 40), (D(2022, 3, 1), 80)):
        make_follow_up(person, on=on, minutes=minutes)
    follow_ups = FollowUp.objects.filter(beneficiary=person)
    first = Period(D(2019, 1, 1), D(2019, 12, 31))
    second = [Period(D(2020, 3, 1), D(2020, 8, 31)), Period(D(2020, 9, 1), D(2020, 12, 31))]
    third = Period(D(2022, 1, 1), None)

    def minutes(periods, day):
        return stay_minutes(follow_ups, periods, day)

    assert minutes([], D(2022, 6, 1)) == 150
    assert minutes([first, *second], D(2021, 6, 1)) == 60
    assert minutes([first, *second, third], D(2021, 6, 1)) == 60
    assert minutes([first, *second, third], D(2022, 6, 1)) == 80
    assert minutes([third], D(2021, 6, 1)) == 0  # not yet begun: its reception alone would count
    reception = make_follow_up(person, on=D(2021, 12, 1), minutes=5)
    assert minutes([first, *second, third], D(2022, 6, 1)) == 80 + reception.minutes


def test_points_of_a_journey(social_worker):
    person = make_beneficiary()
    make_follow_up(person, on=D(2024, 5, 1), minutes=90, kind="diagnosis")
    make_follow_up(person, on=D(2024, 3, 1))
    layer = follow_up_layer(follow_ups_of(person, social_worker))
    assert (layer.label, layer.bars, layer.points) == (
        "Suivis",
        (),
        [
            Point(on=D(2024, 3, 1), label="Entretien de suivi, 30\u00a0min"),
            Point(on=D(2024, 5, 1), label="Diagnostic, 1\u00a0h\u00a030"),
        ],
    )


def test_the_journey_reaches_back_to_a_reception_before_the_contract(clients):
    person = make_beneficiary()
    make_contract(person, start=D(2024, 5, 1), end=D(2024, 12, 31))
    make_follow_up(person, on=D(2024, 2, 10), kind="reception")
    page = clients[Role.SUPERVISOR].get(person.get_absolute_url()).content.decode()
    assert "Du 1er février 2024 au" in page
    assert "Accueil, 30\u00a0min le 10 février 2024" in page


def test_what_came_of_a_follow_up(social_worker, supervisor):
    person = make_beneficiary()
    follow_up = make_follow_up(person, by=social_worker, note="x")
    given = make_appointment(social_worker, person, set_by=follow_up, on=today() + DAY)
    held = make_appointment(social_worker, person, held_as=follow_up)
    open_step, hidden_step = (
        make_step(person, follow_up=follow_up, theme=each) for each in ("housing", "health")
    )
    barrier, hidden = (make_barrier(person, follow_up=follow_up, axis=each) for each in ("budget", "justice"))
    make_step(person)
    whole, team = follow_up_parts(follow_up, social_worker), follow_up_parts(follow_up, supervisor)
    assert (whole.held, whole.appointments, whole.steps, whole.barriers) == (
        held,
        [given],
        [open_step, hidden_step],
        [barrier, hidden],
    )
    assert (whole.has_note, whole.has_reserved_note) == (True, False)
    assert (team.appointments, team.steps, team.barriers) == ([given], [open_step], [barrier])
    assert (team.has_note, team.has_reserved_note) == (False, False)


def test_nobody_is_listed_twice_nor_beyond_what_a_page_holds(social_worker):
    person = make_running_contract().beneficiary
    for number in range(3):
        make_follow_up(person, on=today() - number * DAY)
    found = people_to_follow(social_worker, today(), str(person))
    assert ([each.row.person for each in found.present], found.others) == ([person], [])
    assert (found.only_one, found.present[0].days) == (person, 0)
