"""The ETP of annexes as the database counts it."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection

from beneficiaries.models import MonthClosing
from beneficiaries.time_enums import AbsenceReason, TimeKind
from confluences.actions import save_recorded
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.worksites.factories import make_annex, make_assignment, make_worksite
from worksites.control_reports import ControlLine, control_sheet
from worksites.etp_enums import MonthState
from worksites.etp_headline_reports import Headline, headlines, home_headline
from worksites.etp_reports import Roster, annex_reports, current_annexes, month_rows, year_curve
from worksites.models import AidRate, FinancialAnnex

pytestmark = pytest.mark.django_db
D = dt.date
END_OF_APRIL = D(2024, 4, 30)
END_OF_YEAR = D(2024, 12, 31)


def member(worksite, **contract):
    """Somebody under contract and on the worksite all 2024."""
    person = make_contract(make_beneficiary(), **contract).beneficiary
    make_assignment(person, worksite)
    return person


def annex_of(*worksites, **fields) -> FinancialAnnex:
    annex = make_annex(**{"agreed_etp": Decimal(2)} | fields)
    annex.worksites.set(worksites)
    return annex


def report_of(annex, today=END_OF_APRIL):
    [report] = annex_reports([annex], today)
    return report


def hours(report) -> list[int]:
    return [month.hours for month in report.figures.months]


@pytest.fixture
def built():
    """Two people in January and February, on two worksites of one annex; what does not count lies around."""
    first, second, elsewhere = make_worksite(), make_worksite(), make_worksite()
    annex = annex_of(first, second)
    ana, bob, out = member(first), member(second), member(elsewhere)
    make_time(ana, D(2024, 1, 2), 420)
    make_time(ana, D(2024, 1, 3), 420, kind=TimeKind.TRAINING)
    make_time(ana, D(2024, 1, 4), 390, kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.LEAVE)
    make_time(ana, D(2024, 1, 5), 600, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    make_time(bob, D(2024, 1, 2), 450)
    make_time(bob, D(2024, 1, 31), 59)
    make_time(bob, D(2024, 2, 1), 29)
    make_time(out, D(2024, 1, 2), 480)
    return annex, ana, bob


def test_hours_are_whole_by_person_and_month(built):
    """Ana 20 h 30 is 21, Bob 8 h 29 is 8; in February 29 minutes are none."""
    annex, _ana, _bob = built
    assert hours(report_of(annex)) == [29, 0] + [0] * 10


def test_the_same_recounted_in_sql(built):
    """The hours of January, written by hand: 29 h are 0.015934 annual ETP, 373.78 € at 23,458 €."""
    annex, _ana, _bob = built
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT SUM((minutes + 30) / 60) FROM (
                SELECT entry.beneficiary_id, SUM(entry.minutes) AS minutes
                FROM beneficiaries_timeentry entry
                JOIN worksites_assignment place ON place.beneficiary_id = entry.beneficiary_id
                    AND place.start <= entry.day AND (place."end" IS NULL OR place."end" >= entry.day)
                JOIN worksites_financialannex_worksites link ON link.worksite_id = place.worksite_id
                JOIN worksites_financialannex annex ON annex.id = link.financialannex_id
                WHERE annex.id = %s AND entry.kind <> 'unpaid_absence'
                    AND entry.day BETWEEN annex.start AND annex."end"
                    AND entry.day BETWEEN '2024-01-01' AND '2024-01-31'
                GROUP BY entry.beneficiary_id
            ) AS of_person
            """,
            [annex.pk],
        )
        [counted] = cursor.fetchone()
    january = report_of(annex).figures.months[0]
    assert (int(counted), january.hours) == (29, 29)
    assert round(january.etp_annual, 6) == Decimal("0.015934")
    assert round(january.used, 2) == Decimal("373.78")
    assert january.due == Decimal(2) * 23458 / 12


def test_somebody_who_changes_worksite_counts_for_each_annex():
    first, second = make_worksite(), make_worksite()
    aci, ei = annex_of(first), annex_of(second, kind="ei", hours_per_etp=1505, agreed_etp=Decimal(1))
    person = make_contract().beneficiary
    make_assignment(person, first, end=D(2024, 1, 15))
    make_assignment(person, second, start=D(2024, 1, 16))
    make_time(person, D(2024, 1, 15), 600)
    make_time(person, D(2024, 1, 16), 300)
    reports = annex_reports([aci, ei], END_OF_APRIL)
    assert [hours(report)[0] for report in reports] == [10, 5]
    assert reports[1].figures.etp_annual == Decimal(5) / 1505
    # No national amount is known for an EI.
    assert [len(report.figures.without_unit) for report in reports] == [0, 12]
    assert [len(Roster(annex).people(D(2024, 1, 1))) for annex in (aci, ei)] == [1, 1]
    assert [len(Roster(annex).people(D(2024, 2, 1))) for annex in (aci, ei)] == [0, 1]


def test_only_days_inside_the_annex_count():
    worksite = make_worksite()
    person = member(worksite)
    annex = annex_of(worksite, start=D(2024, 3, 16), end=D(2024, 4, 14))
    for day in (D(2024, 3, 15), D(2024, 3, 18), D(2024, 4, 12), D(2024, 4, 15)):
        make_time(person, day, 420)
    figures = report_of(annex).figures
    assert [(month.first, month.hours) for month in figures.months] == [
        (D(2024, 3, 1), 7),
        (D(2024, 4, 1), 7),
    ]
    # Over as soon as the annex is: the 15th of April.
    assert [month.state for month in report_of(annex, D(2024, 4, 14)).figures.months] == [
        MonthState.ENTERED,
        MonthState.RUNNING,
    ]
    assert [month.state for month in report_of(annex, D(2024, 4, 15)).figures.months] == [
        MonthState.ENTERED,
        MonthState.ENTERED,
    ]
    assert figures.agreed_annual == Decimal(2) * 2 / 12


def test_without_worksites_nothing_counts():
    annex = annex_of()
    figures = report_of(annex).figures
    assert hours(report_of(annex)) == [0] * 12
    assert (figures.entered, figures.landing) == ([], None)
    assert month_rows(report_of(annex), Roster(annex), END_OF_APRIL)[0].missing == 0


def test_the_amount_follows_its_date_unless_the_annex_says_one():
    amounts = [month.unit for month in report_of(annex_of()).figures.months]
    assert amounts == [Decimal(23458)] * 10 + [Decimal(23921)] * 2
    own = report_of(annex_of(aid_per_etp=Decimal(20000))).figures.months
    assert {month.unit for month in own} == {Decimal(20000)}
    AidRate.objects.all().delete()
    assert {month.unit for month in report_of(annex_of()).figures.months} == {None}


def test_a_closed_month_counts_even_without_hours(built, supervisor):
    annex, _ana, _bob = built
    assert [month.first.month for month in report_of(annex).figures.entered] == [1]
    closing = MonthClosing(first_day=D(2024, 2, 1), last_day=D(2024, 2, 29))
    save_recorded(closing, by=supervisor)
    assert [month.first.month for month in report_of(annex).figures.entered] == [1, 2]
    assert report_of(annex).figures.mean_etp == Decimal(29) * 12 / 1820 / 2


@pytest.mark.parametrize(
    "fields", [{"hours_per_etp": 0}, {"start": D(1, 1, 1)}, {"end": D(9999, 12, 31)}, {"end": D(2027, 1, 1)}]
)
def test_what_cannot_be_counted_says_why(fields):
    annex = make_annex()
    FinancialAnnex.objects.filter(pk=annex.pk).update(**fields)
    annex.refresh_from_db()
    report = report_of(annex)
    assert report.fault.startswith("L’annexe d")
    assert (list(report.figures.months), report.figures.landing) == ([], None)
    assert home_headline(report).hint == report.fault


def test_an_annex_of_the_last_year_there_is():
    annex = annex_of(start=D(9999, 1, 1), end=D(9999, 12, 31))
    assert hours(report_of(annex)) == [0] * 12
    assert Roster(annex).people(D(9999, 12, 1)) == []
    assert len(month_rows(report_of(annex), Roster(annex), D(9999, 12, 31))) == 12


# Who is concerned


def test_days_that_nobody_recorded():
    """In the week of 1 January 2024, a paid holiday: usual the 1st to the 5th; the 2nd recorded, the 5th not over."""
    worksite = make_worksite()
    annex, person = annex_of(worksite), member(worksite)
    make_time(person, D(2024, 1, 2), 60, kind=TimeKind.UNPAID_ABSENCE, reason=AbsenceReason.HEALTH)
    [january, *others] = month_rows(report_of(annex, D(2024, 1, 5)), Roster(annex), D(2024, 1, 5))
    assert (january.missing, {row.missing for row in others}) == (3, {0})
    assert january.missing_words == "3 personnes-jours sans pointage en janvier 2024"
    make_time(person, D(2024, 1, 1), kind=TimeKind.PAID_ABSENCE, reason=AbsenceReason.HOLIDAY)
    make_time(person, D(2024, 1, 3))
    [january, *_others] = month_rows(report_of(annex), Roster(annex), D(2024, 1, 5))
    assert january.missing_words == "1 personne-jour sans pointage en janvier 2024"


def test_nothing_is_missing_outside_a_contract_or_an_assignment():
    worksite = make_worksite()
    person = make_contract(start=D(2024, 1, 8), end=D(2024, 5, 7)).beneficiary
    make_assignment(person, worksite, start=D(2024, 1, 1), end=D(2024, 1, 10))
    annex = annex_of(worksite)
    assert Roster(annex).missing(D(2024, 12, 31)) == {D(2024, 1, 1): 3}  # the 8th, 9th and 10th


def lines_of(annex, first, today=END_OF_YEAR) -> list[ControlLine]:
    report = report_of(annex, today)
    return list(control_sheet(report, report.month(first), Roster(annex)).lines)


def test_a_line_for_each_person_of_the_month_whatever_the_hours(built):
    annex, ana, bob = built
    january = lines_of(annex, D(2024, 1, 1))
    assert [(line.person, line.hours, line.minutes, line.ended_on) for line in january] == [
        (ana, 21, 1230, None),
        (bob, 8, 509, None),
    ]
    assert [line.etp_annual for line in january] == [Decimal(21) / 1820, Decimal(8) / 1820]
    assert [line.hours for line in lines_of(annex, D(2024, 2, 1))] == [0, 0]
    assert [line.hours for line in lines_of(annex, D(2024, 3, 1))] == [0, 0]


def test_the_lines_add_up_to_the_month(built):
    annex, _ana, _bob = built
    report = report_of(annex)
    for month in report.figures.months:
        sheet = control_sheet(report, month, Roster(annex))
        assert sum(line.hours for line in sheet.lines) == month.hours
        assert abs(sum(line.etp_annual for line in sheet.lines) - month.etp_annual) < Decimal("1e-20")


def test_the_real_end_of_a_contract():
    """Broken on 20 March; renewed on 1 July; ended on 31 December with nothing after."""
    worksite = make_worksite()
    broken = member(worksite, ended_early_on=D(2024, 3, 20))
    renewed = member(worksite, end=D(2024, 6, 30))
    make_contract(renewed, start=D(2024, 7, 1), end=D(2024, 12, 31))
    annex = annex_of(worksite)
    ends = {
        first: {line.person: line.ended_on for line in lines_of(annex, first)}
        for first in (D(2024, 3, 1), D(2024, 6, 1), D(2024, 7, 1), D(2024, 12, 1))
    }
    assert ends == {
        D(2024, 3, 1): {broken: D(2024, 3, 20), renewed: None},
        D(2024, 6, 1): {renewed: None},
        D(2024, 7, 1): {renewed: None},
        D(2024, 12, 1): {renewed: D(2024, 12, 31)},
    }
    [july] = lines_of(annex, D(2024, 7, 1))
    assert july.contract_words == "CDDI du 01/07/2024 au 31/12/2024"


def test_a_renewal_after_the_annex_is_no_departure():
    worksite = make_worksite()
    person = member(worksite)
    make_contract(person, start=D(2025, 1, 1), end=D(2025, 6, 30))
    [line] = lines_of(annex_of(worksite), D(2024, 12, 1))
    assert line.ended_on is None


def test_hours_of_a_contract_since_shortened_are_still_shown(built):
    annex, ana, bob = built
    contract = bob.contracts.get()
    type(contract).objects.filter(pk=contract.pk).update(start=D(2024, 3, 1))
    january = lines_of(annex, D(2024, 1, 1))
    assert [(line.person, line.hours, line.contracts) for line in january] == [
        (ana, 21, (ana.contracts.get(),)),
        (bob, 8, ()),
    ]


# In words and as a picture


def test_the_year_in_four_figures(built):
    annex, _ana, _bob = built
    assert headlines(report_of(annex).figures) == [
        Headline("ETP annuels réalisés", "0,02", "sur 2 conventionnés · 1 mois saisi sur 12"),
        Headline(
            "ETP annuels à l’atterrissage",
            "0,19",
            "−1,81\u00a0ETP · −3\u202f292\u00a0h · −42\u202f570\u00a0€",
            "soon",
        ),
        Headline("Taux de réalisation", "9,6\u00a0%", "0,19 ETP en moyenne mensuelle pour 2 conventionnés"),
        Headline("Aide consommée", "374\u00a0€", "pour 3\u202f910\u00a0€ prévus sur les mois saisis"),
    ]


def test_the_year_before_its_first_hour_and_without_what_it_needs():
    nothing = headlines(report_of(annex_of()).figures)
    assert [(each.value, each.hint) for each in nothing] == [
        ("0", "sur 2 conventionnés · 0 mois saisi sur 12"),
        *[("sans objet", "aucun mois saisi pour l’instant")] * 3,
    ]


def test_the_year_without_agreement_nor_amount():
    worksite = make_worksite()
    annex = annex_of(worksite, agreed_etp=None, kind="ei")
    make_time(member(worksite), D(2024, 1, 2), 600)
    assert home_headline(report_of(annex)).hint == "ETP conventionnés à saisir, atterrissage 0,07"
    shown = [(each.value, each.hint, each.kind) for each in headlines(report_of(annex).figures)]
    assert shown == [
        ("0,01", "1 mois saisi sur 12", "neutral"),
        ("0,07", "ETP conventionnés à saisir dans l’annexe", "neutral"),
        ("sans objet", "0,07 ETP en moyenne mensuelle", "neutral"),
        ("inconnue", "l’aide par ETP manque pour au moins un mois", "soon"),
    ]


def test_the_home_page_has_the_annexes_in_force(built):
    annex, _ana, _bob = built
    annex_of(start=D(2023, 1, 1), end=D(2023, 12, 31))
    [report] = current_annexes(END_OF_APRIL)
    assert home_headline(report) == Headline(
        f"ETP réalisés, {annex.number}", "0,02", "sur 2 conventionnés, atterrissage 0,19", "soon"
    )


def test_the_curve_says_what_the_table_says(built):
    annex, _ana, _bob = built
    chart = year_curve(report_of(annex).figures)
    assert "conventionnés : 2 fin décembre 2024" in chart
    assert "réalisés : 0,02 fin janvier 2024" in chart
    assert "atterrissage au rythme actuel : 0,02 fin janvier 2024, 0,19 fin décembre 2024" in chart
    assert "atterrissage" not in year_curve(report_of(annex_of()).figures)


# What it costs


@pytest.mark.parametrize("count", [1, 3])
def test_reports_cost_the_same_whatever_the_number(django_assert_num_queries, count):
    worksite = make_worksite()
    annexes = [annex_of(worksite) for _number in range(count)]
    for _number in range(count):
        make_time(member(worksite), D(2024, 1, 2))
    with django_assert_num_queries(3):
        reports = annex_reports(annexes, END_OF_APRIL)
    assert [hours(report)[0] for report in reports] == [7 * count] * count
