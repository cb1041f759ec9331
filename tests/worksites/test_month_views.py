"""The month grid on the screen: rights, typing, pasting, public holidays, faults, closing and reopening."""

import datetime as dt
from http import HTTPStatus

import pytest
from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_actions import close_month, record_session_part
from beneficiaries.time_enums import AbsenceReason, TimeKind
from beneficiaries.time_rules import Part
from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.worksites.factories import make_assignment, make_worksite
from worksites.month_forms import MOST_FAULTS
from worksites.month_rules import Month

pytestmark = pytest.mark.django_db

D = dt.date
WRITERS = [Role.INSTRUCTOR, Role.SUPERVISOR, Role.ADMINISTRATOR]
MAY = Month(D(2024, 5, 1))


@pytest.fixture
def worksite(instructor):
    worksite = make_worksite(name="Fresnes")
    worksite.instructors.add(instructor)
    return worksite


@pytest.fixture
def person(worksite):
    return make_member(worksite, "Benali", "Amina")


def make_member(worksite, last_name, first_name="Camille", **assignment):
    person = make_beneficiary(last_name=last_name, first_name=first_name)
    make_contract(person, weekly_minutes=35 * 60)
    make_assignment(person, worksite, **assignment)
    return person


def address(worksite, code="2024-05"):
    return f"{reverse('worksites:presence-month', args=[worksite.pk])}?mois={code}"


def typed(person, seen=None, **days):
    """What the page sends for somebody: each day by its number, and what was seen (nothing, where nothing is said)."""
    texts = [""] * 31
    for day, text in (seen or {}).items():
        texts[day - 1] = text
    cells = {f"c-{person.pk}-{int(name[1:]):02d}": text for name, text in days.items()}
    return {f"s-{person.pk}": "|".join(texts)} | cells


def written():
    entries = TimeEntry.objects.order_by("beneficiary", "day", "kind")
    return [(entry.beneficiary, entry.day.day, entry.kind, entry.minutes) for entry in entries]


def faults_of(response):
    return [fault.text for fault in response.context["form"].faults]


def said(response):
    """What the page told last."""
    return [str(message) for message in get_messages(response.wsgi_request)][-1:]


# Who


@pytest.mark.parametrize("role", Role)
def test_everybody_reads_the_month_and_those_who_record_write_it(clients, worksite, person, role):
    page = clients[role].get(address(worksite))
    assert page.status_code == HTTPStatus.OK
    assert (f'name="c-{person.pk}-02"' in page.content.decode()) == (role in WRITERS)
    response = clients[role].post(address(worksite), typed(person, d2="7"))
    assert response.status_code == (HTTPStatus.FOUND if role in WRITERS else HTTPStatus.NOT_FOUND)
    assert written() == ([(person, 2, "work", 420)] if role in WRITERS else [])


def test_instructor_s_own_worksites_alone(clients, worksite, person):
    other = make_worksite()
    stranger = make_member(other, "Kaya")
    moved = make_member(worksite, "Lopez", end=D(2024, 5, 10))
    make_assignment(moved, other, start=D(2024, 5, 11))
    make_time(moved, D(2024, 5, 13), 333)
    client = clients[Role.INSTRUCTOR]
    assert client.get(address(other)).status_code == HTTPStatus.NOT_FOUND
    assert client.post(address(other), typed(stranger, d2="7")).status_code == HTTPStatus.NOT_FOUND
    page = client.get(address(worksite)).content.decode()
    assert "Lopez" in page
    assert "Kaya" not in page
    assert "5h33" not in page
    response = client.post(address(worksite), typed(stranger, d2="7") | typed(moved, d13="7"))
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert faults_of(response) == [
        "Une personne n’est plus affecté(e) ici, ou plus sous contrat, le 2 mai 2024 : « 7 » n’est pas enregistré. "
        "Relisez, puis enregistrez à nouveau.",
        "Lopez Camille n’est plus affecté(e) ici, ou plus sous contrat, le 13 mai 2024 : « 7 » n’est pas enregistré. "
        "Relisez, puis enregistrez à nouveau.",
    ]
    assert written() == [(moved, 13, "work", 333)]


@pytest.mark.parametrize("code", ["2024-13", "1899-01", "mai", "9999-12"])
def test_a_month_that_does_not_exist(clients, worksite, code):
    assert clients[Role.SUPERVISOR].get(address(worksite, code)).status_code == HTTPStatus.NOT_FOUND


def test_without_a_month_it_is_the_current_one(clients, worksite):
    page = clients[Role.SUPERVISOR].get(reverse("worksites:presence-month", args=[worksite.pk]))
    assert page.context["month"].first == dt.date.today().replace(day=1)
    assert "Personne n’était affecté ici ce mois-là" in page.content.decode()


@pytest.mark.parametrize("people", [1, 3, 16])
def test_a_month_costs_the_same_whatever_the_number(clients, worksite, django_assert_num_queries, people):
    for number in range(people):
        make_time(make_member(worksite, f"Exemple {'abcdefghijklmnop'[number]}"), D(2024, 5, 2))
    client = clients[Role.SUPERVISOR]
    client.get(address(worksite))
    # Six are every page's: session, account, its rights (two) and groups, the association. The grid itself asks four.
    with django_assert_num_queries(10):
        assert client.get(address(worksite)).status_code == HTTPStatus.OK


# Typing


def test_only_changed_cells_are_written(clients, supervisor, worksite, person):
    kept = make_time(person, D(2024, 5, 2))
    make_time(person, D(2024, 5, 3))
    seen = {2: "7", 3: "7"}
    data = typed(person, seen, d2="7,0", d3="", d6="3,5 f3h30", d7="cp", d8="", d10="6 R")
    response = clients[Role.SUPERVISOR].post(address(worksite), data)
    assert response.url == address(worksite)
    assert said(response) == ["Mai 2024 : 4 jours enregistrés pour 1 personne."]
    assert written() == [
        (person, 2, "work", 420),
        (person, 6, "training", 210),
        (person, 6, "work", 210),
        (person, 7, "paid_absence", 420),
        (person, 10, "unpaid_absence", 420),
        (person, 10, "work", 360),
    ]
    kept.refresh_from_db()
    assert kept.version == 1
    assert TimeEntry.objects.filter(created_by=supervisor).count() == 5


def test_nothing_changed(clients, worksite, person):
    response = clients[Role.SUPERVISOR].post(address(worksite), typed(person, d2=""))
    assert said(response) == ["Rien n’a changé : tout était déjà enregistré ainsi."]


def test_faults_come_back_with_everything_typed(clients, worksite, person):
    data = typed(person, d2="7", d3="25", d4="CP", d6="x")
    response = clients[Role.SUPERVISOR].post(address(worksite), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert faults_of(response) == [
        "Benali Amina, 3 mai 2024 : « 25 » dépasse 24 heures.",
        "Benali Amina, 4 mai 2024 : « CP » : rien n’est prévu ce jour-là, ajoutez les heures, par exemple CP7.",
        "Benali Amina, 6 mai 2024 : « x » n’est ni des heures (7, 7,5 ou 7h30) ni un code "
        "(F, I, CP, JF, S, FA, AD, TR, R, AI, AU).",
    ]
    page = response.content.decode()
    for day, text in ((2, "7"), (3, "25"), (4, "CP"), (6, "x")):
        assert f'name="c-{person.pk}-{day:02d}" type="text" value="{text}"' in page
    assert page.count('aria-invalid="true"') == 3
    assert f'<a id="e-c-{person.pk}-03" href="#c-{person.pk}-03">' in page
    assert written() == []


def test_a_day_that_goes_beyond_24_hours_with_its_session(clients, worksite, person):
    record_session_part(person, D(2024, 5, 2), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    response = clients[Role.SUPERVISOR].post(address(worksite), typed(person, d2="23"))
    assert faults_of(response) == ["Benali Amina, 2 mai 2024 : la journée dépasse 24 heures."]


def test_a_code_alone_leaves_a_session_its_time(clients, worksite, person):
    record_session_part(person, D(2024, 5, 2), dt.time(9), Part(TimeKind.TRAINING, 210), by=None)
    clients[Role.SUPERVISOR].post(address(worksite), typed(person, d2="S"))
    assert written() == [(person, 2, "training", 210), (person, 2, "unpaid_absence", 210)]


def test_a_conflict_shows_both_values_and_the_next_saving_is_a_choice(clients, worksite, person):
    make_time(person, D(2024, 5, 2), kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    make_time(person, D(2024, 5, 6), 300)
    client = clients[Role.SUPERVISOR]
    response = client.post(address(worksite), typed(person, d2="7", d3="6", d6=""))
    assert response.status_code == HTTPStatus.CONFLICT
    assert faults_of(response) == [
        "Benali Amina, 2 mai 2024 : « CP7 » vient d’être enregistré, votre saisie est « 7 ». "
        "Gardez l’une des deux, puis enregistrez à nouveau."
    ]
    [line] = response.context["form"].lines()
    # What nobody typed here is what stands now.
    assert [line.cells[day].text for day in (1, 2, 5)] == ["7", "6", "5"]
    again = {f"s-{person.pk}": line.seen} | {
        cell.field: cell.text for cell in line.cells if cell.cell.is_open
    }
    assert said(client.post(address(worksite), again)) == ["Mai 2024 : 2 jours enregistrés pour 1 personne."]
    assert written() == [(person, 2, "work", 420), (person, 3, "work", 360), (person, 6, "work", 300)]


def test_many_faults_are_counted(clients, worksite):
    data = {}
    for number in range(3):
        person = make_member(worksite, f"Exemple {'abc'[number]}")
        data |= typed(person, **{f"d{day}": "x" for day in range(1, 32)})
    page = clients[Role.SUPERVISOR].post(address(worksite), data).content.decode()
    assert f"… et {93 - MOST_FAULTS} autres." in page


# Public holidays


def test_public_holidays_are_recorded_for_those_who_have_nothing_there(clients, worksite, person):
    other = make_member(worksite, "Kaya", end=D(2024, 5, 8))
    make_time(other, D(2024, 5, 8), 60)
    data = typed(person, d9="7", d2="6") | typed(other, {8: "1"}, d8="1") | {"holidays": "1"}
    clients[Role.SUPERVISOR].post(address(worksite), data)
    assert written() == [
        (person, 1, "paid_absence", 420),
        (person, 2, "work", 360),
        (person, 8, "paid_absence", 420),
        (person, 9, "work", 420),
        (person, 20, "paid_absence", 420),
        (other, 1, "paid_absence", 420),
        (other, 8, "work", 60),
    ]
    assert set(TimeEntry.objects.exclude(reason="").values_list("reason", flat=True)) == {"holiday"}


# Pasting


def test_a_block_says_more_than_the_cells(clients, worksite, person):
    make_member(worksite, "Kaya")
    block = "Nom\t2\t3\t6\nCamille KAYA\t7\tCP\t\nAmina Benali\t\t6,5\t0\n"
    make_time(person, D(2024, 5, 6))
    data = typed(person, {6: "7"}, d2="5", d3="1") | {"block": block}
    response = clients[Role.SUPERVISOR].post(address(worksite), data)
    assert said(response) == ["Mai 2024 : 5 jours enregistrés pour 2 personnes."]
    assert [(str(who), *rest) for who, *rest in written()] == [
        ("Benali Amina", 2, "work", 300),
        ("Benali Amina", 3, "work", 390),
        ("Kaya Camille", 2, "work", 420),
        ("Kaya Camille", 3, "paid_absence", 420),
    ]


def test_a_wrong_block_saves_nothing_and_comes_back(clients, worksite, person):
    gone = make_member(worksite, "Kaya", end=D(2024, 5, 2))
    make_time(person, D(2024, 5, 3))
    block = "Nom\t2\t3\nBenali Amina\t7\t6\nKaya Camille\tCPP\t7\nInconnu\t7\t7\nAmina Benali\t7\t7"
    data = typed(person, d6="7") | typed(gone) | {"block": block}
    response = clients[Role.SUPERVISOR].post(address(worksite), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert faults_of(response) == [
        "Ligne 4 : « Inconnu » n’est pas dans ce tableau.",
        "Ligne 5 : « Amina Benali » est déjà ligne 2 : gardez une seule ligne.",
        "Ligne 3, colonne « 3 » : pas d’affectation ici ou pas de contrat ce jour-là : videz la case.",
        "Ligne 3, colonne « 2 » : « cpp » n’est ni des heures (7, 7,5 ou 7h30) ni un code "
        "(F, I, CP, JF, S, FA, AD, TR, R, AI, AU).",
    ]
    page = response.content.decode()
    assert "\nNom\t2\t3\nBenali Amina\t7\t6" in page
    assert f'name="c-{person.pk}-06" type="text" value="7"' in page
    assert written() == [(person, 3, "work", 420)]
    conflict = clients[Role.SUPERVISOR].post(
        address(worksite), typed(person) | {"block": "Nom\t3\nBenali Amina\t6"}
    )
    assert conflict.status_code == HTTPStatus.CONFLICT
    assert faults_of(conflict) == [
        "Ligne 2, colonne « 3 » : « 7 » vient d’être enregistré, votre saisie est « 6 ». "
        "Gardez l’une des deux, puis enregistrez à nouveau."
    ]


def test_a_line_break_first_in_the_block_is_kept(clients, worksite, person):
    response = clients[Role.SUPERVISOR].post(address(worksite), {"block": "\n\nNom\t2\nX\t7"})
    assert faults_of(response) == ["Ligne 4 : « X » n’est pas dans ce tableau."]


# Closing


def test_a_closed_month_is_read_only_and_says_who_closed_it(clients, supervisor, worksite, person):
    make_time(person, D(2024, 5, 2))
    data = typed(person, {2: "7"}, d2="6")
    close_month(MAY.first, MAY.last, by=supervisor, today=D(2024, 6, 1))
    page = clients[Role.INSTRUCTOR].get(address(worksite)).content.decode()
    assert "par Exemple Direction le" in page
    assert 'name="c-' not in page
    response = clients[Role.INSTRUCTOR].post(address(worksite), data)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert faults_of(response) == ["Ce mois vient d’être clos : rien n’a été enregistré."]
    assert written() == [(person, 2, "work", 420)]


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.INSTRUCTOR])
def test_others_neither_close_nor_reopen(clients, supervisor, role):
    closing = close_month(MAY.first, MAY.last, by=supervisor, today=D(2024, 6, 1))
    for name, arguments in (("month-close", []), ("month-reopen", [closing.pk])):
        url = reverse(f"worksites:{name}", args=arguments)
        assert clients[role].get(url).status_code == HTTPStatus.NOT_FOUND
        assert clients[role].post(url, {"reopening_reason": "x"}).status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.ADMINISTRATOR])
def test_a_month_is_closed_knowingly_and_reopened_with_a_reason(clients, users, worksite, person, role):
    for day in (1, 2, 3, *range(6, 32)):
        make_time(person, D(2024, 5, day))
    TimeEntry.objects.filter(day__in=[D(2024, 5, 2), D(2024, 5, 9)]).delete()
    client = clients[role]
    url = f"{reverse('worksites:month-close')}?mois=2024-05"
    page = client.get(url)
    [(grid, missing)] = page.context["grids"]
    assert (grid.worksite, missing) == (worksite, [(person, [D(2024, 5, 2), D(2024, 5, 9)])])
    assert "2 jours prévus n’ont aucun pointage" in page.content.decode()
    assert said(client.post(url)) == ["Mai 2024 est clos pour tous les chantiers."]
    closing = MonthClosing.objects.get()
    assert (closing.first_day, closing.last_day, closing.created_by) == (MAY.first, MAY.last, users[role])
    assert said(client.post(url)) == ["Ce mois est déjà clos."]
    reopen = reverse("worksites:month-reopen", args=[closing.pk])
    refused = client.post(reopen, {"reopening_reason": " ", "opened_version": 1})
    assert refused.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    response = client.post(reopen, {"reopening_reason": "Un arrêt reçu en retard", "opened_version": 1})
    assert response.url == url
    closing.refresh_from_db()
    assert (closing.reopened_by, closing.reopening_reason) == (users[role], "Un arrêt reçu en retard")
    history = client.get(url).content.decode()
    assert "Un arrêt reçu en retard" in history
    assert client.get(reopen).status_code == HTTPStatus.NOT_FOUND
    logged = LogEntry.objects.filter(content_type__model="monthclosing").values_list("action", flat=True)
    assert sorted(logged) == [LogEntry.Action.CREATE, LogEntry.Action.UPDATE]


def test_a_month_that_has_not_ended(clients, worksite):
    client = clients[Role.SUPERVISOR]
    url = f"{reverse('worksites:month-close')}?mois=2100-01"
    page = client.get(url).content.decode()
    assert "il pourra être clos à partir de ce jour-là" in page
    assert "Personne n’était sur un chantier ce mois-là" in page
    assert said(client.post(url)) == ["Ce mois finit le 31 janvier 2100 : il pourra être clos ce jour-là."]


@pytest.mark.parametrize("count", [1, 3])
def test_closing_costs_the_same_whatever_the_number(clients, django_assert_num_queries, count):
    for number in range(count):
        make_member(make_worksite(), f"Exemple {'abc'[number]}")
    url = f"{reverse('worksites:month-close')}?mois=2024-05"
    client = clients[Role.SUPERVISOR]
    client.get(url)
    with django_assert_num_queries(12):
        assert len(client.get(url).context["grids"]) == count
