"""The figures of grants: one definition, recounted by hand, in a constant number of queries."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from funding.due_reports import due_lines
from funding.enums import FunderKind, GrantStatus
from funding.grant_reports import (
    GrantTotals,
    grant_page,
    grant_rows,
    late_obligations,
    stages_of,
    tiles,
    years_of,
)
from funding.models import Grant
from tests.funding.factories import (
    make_funder,
    make_grant,
    make_instalment,
    make_obligation,
    make_share,
)

D = dt.date
TODAY = D(2024, 6, 1)
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.django_db


def plain(words: str) -> str:
    return words.replace("\u202f", " ").replace("\u00a0", " ")


def fill() -> None:
    """Grants of every status: one whose money is known, one of which nothing is known."""
    known = make_grant(title="Connue", asked=Decimal(12000))
    make_instalment(known, received=Decimal("2500.50"), received_on=D(2024, 3, 1))
    make_instalment(known, received=Decimal(1000), received_on=D(2024, 4, 1))
    make_instalment(known)
    make_share(grant=known, amount=Decimal(300))
    make_share(grant=known, amount=Decimal(200))
    make_grant(title="Inconnue", awarded=None, eligible_start=None, eligible_end=None)
    make_grant(title="Déposée", status=GrantStatus.ASKED, asked=Decimal(7000))
    make_grant(title="Autre déposée", status=GrantStatus.ASKED)
    make_grant(title="Refusée", status=GrantStatus.REFUSED, asked=Decimal(999))


def test_money_recounted_in_sql():
    fill()
    totals = GrantTotals(grant_rows(Grant.objects.all(), TODAY))
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT SUM(awarded) FROM funding_grant WHERE status IN ('awarded', 'settled')),
                      (SELECT SUM(received) FROM funding_instalment),
                      (SELECT SUM(asked) FROM funding_grant WHERE status = 'asked'),
                      (SELECT SUM(awarded) FROM funding_grant WHERE status = 'awarded')
                        - (SELECT SUM(received) FROM funding_instalment)"""
        )
        by_hand = [Decimal(str(value)) for value in cursor.fetchone()]
    shown = [totals.awarded.amount, totals.received.amount, totals.asked.amount, totals.due.amount]
    assert shown == by_hand == [Decimal(10000), Decimal("3500.50"), Decimal(7000), Decimal("6499.50")]
    [known] = [row for row in totals.rows if row.grant.title == "Connue"]
    assert (known.placed, known.rest, known.received, known.due) == (
        Decimal(500),
        Decimal(9500),
        Decimal("3500.50"),
        Decimal("6499.50"),
    )


def test_what_nobody_knows_is_said_and_never_nought():
    fill()
    shown = [
        (tile.label, plain(tile.total.figure), tile.total.hint)
        for tile in tiles(GrantTotals(grant_rows(Grant.objects.all(), TODAY)))
    ]
    assert shown == [
        ("Demandé, sans réponse", "7 000 €", "au moins : 1 montant inconnu"),
        ("Accordé", "10 000 €", "au moins : 1 montant inconnu"),
        ("Reçu", "3 500,50 €", "au moins : 1 montant inconnu"),
        ("Reste à recevoir", "6 499,50 €", "au moins : 1 montant inconnu"),
    ]
    unknown = GrantTotals(grant_rows(Grant.objects.filter(title="Inconnue"), TODAY))
    assert (unknown.awarded.figure, unknown.awarded.hint) == ("inconnu", "1 montant inconnu")
    assert [(row.rest, row.received, row.due) for row in unknown.rows] == [(None, None, None)]


@pytest.mark.parametrize("count", [1, 3])
def test_rows_cost_one_query(django_assert_num_queries, count):
    for _number in range(count):
        grant = make_grant()
        make_instalment(grant)
        make_share(grant=grant)
        make_obligation(grant)
    with django_assert_num_queries(1):
        assert len(GrantTotals(grant_rows(Grant.objects.all(), TODAY)).rows) == count


def test_what_is_next_due_and_late():
    late, soon, done = make_grant(), make_grant(), make_grant()
    make_obligation(late, due=TODAY - DAY)
    make_obligation(late, due=TODAY + DAY)
    make_obligation(soon, due=TODAY)
    make_obligation(done, due=TODAY - DAY, done_on=TODAY)
    rows = {row.grant.pk: row for row in grant_rows(Grant.objects.all(), TODAY)}
    assert [rows[each.pk].is_late for each in (late, soon, done)] == [True, False, False]
    assert [rows[each.pk].grant.next_due for each in (late, soon, done)] == [TODAY - DAY, TODAY, None]
    assert late_obligations(Grant.objects.all(), TODAY) == 1


def test_a_refused_grant_owes_nothing_on_any_page(supervisor):
    refused = make_grant(status=GrantStatus.REFUSED)
    make_obligation(refused, due=TODAY - DAY)
    [row] = grant_rows(Grant.objects.all(), TODAY)
    assert (row.grant.next_due, row.is_late, late_obligations(Grant.objects.all(), TODAY)) == (None, False, 0)
    assert due_lines(supervisor, TODAY) == []


def test_years_of_the_filter():
    make_grant(eligible_start=D(2022, 5, 1), eligible_end=D(2024, 4, 30))
    make_grant(eligible_start=None, eligible_end=None)
    assert years_of(Grant.objects.all()) == [2024, 2023, 2022]
    assert years_of(Grant.objects.filter(eligible_start=None)) == []


def test_the_page_gathers_what_is_to_do():
    grant = make_grant(make_funder(kind=FunderKind.TOWN), awarded=Decimal(30000))
    make_instalment(grant, expected=Decimal(30000))
    page = grant_page(grant, TODAY)
    assert [each.accounts for each in page.to_do] == [None, D(2025, 6, 30)]
    make_obligation(grant, kind="accounts", due=D(2025, 6, 30))
    grant.agreement_signed_on = D(2024, 2, 1)
    grant.save()
    assert grant_page(grant, TODAY).to_do == []


@pytest.mark.parametrize(
    ("fields", "stages"),
    [
        (
            {"status": GrantStatus.TO_ASK, "ask_before": D(2024, 7, 1)},
            [("à demander", "avant le 01/07/2024", False, True), ("déposée", "", False, False)],
        ),
        (
            {"status": GrantStatus.ASKED, "answer_expected_on": D(2024, 7, 1)},
            [("à demander", "", True, False), ("déposée", "réponse attendue le 01/07/2024", False, True)],
        ),
    ],
)
def test_stages(fields, stages):
    made = stages_of(make_grant(**fields))
    assert [(each.label, each.note, each.passed, each.current) for each in made[:2]] == stages
    assert [each.label for each in made] == ["à demander", "déposée", "accordée", "soldée"]


def test_a_refused_grant_stops_there():
    made = stages_of(make_grant(status=GrantStatus.REFUSED, decided_on=TODAY))
    assert [(each.label, each.day, each.current) for each in made] == [
        ("à demander", None, False),
        ("déposée", None, False),
        ("refusée", TODAY, True),
    ]


def test_due_lines_are_those_of_the_30_days(supervisor, social_worker):
    grant, refused = make_grant(), make_grant(status=GrantStatus.REFUSED)
    for days in (-1, 30, 31):
        make_obligation(grant, due=TODAY + days * DAY)
        make_instalment(grant, expected_on=TODAY + days * DAY)
    make_obligation(refused, due=TODAY)
    make_instalment(make_grant(status=GrantStatus.ASKED), expected_on=TODAY)
    make_instalment(grant, expected_on=TODAY, received=Decimal(1), received_on=TODAY)
    made = [
        (each.day, each.what, each.to_receive, each.is_late, each.when)
        for each in due_lines(supervisor, TODAY)
    ]
    assert made == [
        (TODAY - DAY, "bilan", False, True, "hier"),
        (TODAY - DAY, "avance à recevoir", True, True, "hier"),
        (TODAY + 30 * DAY, "bilan", False, False, "dans 30 jours"),
        (TODAY + 30 * DAY, "avance à recevoir", True, False, "dans 30 jours"),
    ]
    assert due_lines(social_worker, TODAY) == []


@pytest.mark.parametrize("count", [1, 3])
def test_due_lines_cost_the_same(supervisor, django_assert_num_queries, count):
    supervisor.has_perm("funding.view_grant")
    for _number in range(count):
        make_obligation(due=TODAY)
        make_instalment(expected_on=TODAY)
    with django_assert_num_queries(2):
        assert len([str(each.grant) for each in due_lines(supervisor, TODAY)]) == 2 * count
