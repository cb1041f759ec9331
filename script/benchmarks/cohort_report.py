"""Cohort figures against hand-written SQL, and the report's PDF against a bare render of the same HTML.

Each pair is timed in turns, and the medians are compared. Prints one line per pair; exits 1 above its limit.
"""

import datetime as dt
import os
import statistics
import sys
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "confluences.settings")

import django

django.setup()

import weasyprint
from auditlog.context import disable_auditlog
from django.db import connection, transaction

from beneficiaries.models import Beneficiary, Contract, EntrySituation
from confluences import pdf
from outcomes.models import Cohort, Exit, ExitReason, RuleBook
from outcomes.paper import heading_of, print_report
from outcomes.reports import result_of
from outcomes.snapshot import take_snapshot
from worksites.models import Worksite

EXITS = 100_000
BATCH = 2_000
ROUNDS = 9
YEAR = 2024

# What somebody would write who knows the rules by heart: the same breakdown, in one query.
BY_HAND = """
WITH classified AS (
  SELECT r.id AS reason, w.name AS worksite, CASE WHEN NOT b.assumed_identity THEN b.sex END AS sex, s.education, s.unemployment, s.rsa, s.ass, s.no_resources,
    s.single_parent, s.no_housing, s.qpv, s.zrr, p.rqth, p.aah, p.released_prisoner,
    CASE WHEN NOT b.assumed_identity THEN {hired_year} - {birth_year} END AS age,
    CASE WHEN r.code = '9/10' THEN CASE WHEN e.length_months IS NULL THEN 'durable_or_transition'
           WHEN e.length_months >= 6 THEN 'durable' ELSE 'transition' END
         WHEN r.id IS NULL OR r.klass = '' THEN 'unknown' ELSE r.klass END AS klass,
    CASE WHEN r.klass = 'withdrawal' OR NOT e.worked_an_hour OR e.stay_months < 3 THEN 'not_examined'
         WHEN r.id IS NULL THEN 'undocumented'
         WHEN r.code IN ('1', '3', '13', '5') THEN 'success'
         WHEN r.code IN ('9', '9/10', '14') AND e.length_months IS NULL THEN 'undocumented'
         WHEN r.code = '10' AND e.length_months IS NULL THEN 'failure'
         WHEN r.code IN ('9', '10', '9/10', '14') THEN CASE WHEN e.length_months > 6
           OR (e.length_months = 6 AND e.length_days > 0) THEN 'success' ELSE 'failure' END
         WHEN r.klass = '' THEN 'undocumented' ELSE 'failure' END AS two_thirds,
    CASE WHEN r.klass = 'withdrawal' OR NOT e.worked_an_hour OR e.stay_months < 3 THEN 'not_examined'
         WHEN r.id IS NULL THEN 'undocumented'
         WHEN r.code = '9/10' OR r.klass IN ('durable', 'transition', 'positive') THEN 'success'
         WHEN r.klass = '' THEN 'undocumented' ELSE 'failure' END AS dynamic,
    CASE WHEN r.klass = 'withdrawal' OR NOT e.worked_an_hour OR e.stay_months < 3 THEN 'not_examined'
         WHEN r.id IS NULL THEN 'undocumented'
         WHEN r.code = '9/10' AND e.length_months IS NULL THEN 'undocumented'
         WHEN r.code = '9/10' AND e.length_months >= 6 THEN 'success'
         WHEN r.code = '9/10' THEN 'failure'
         WHEN r.klass = 'durable' THEN 'success'
         WHEN r.klass = '' THEN 'undocumented' ELSE 'failure' END AS durable
  FROM outcomes_exit e
  JOIN beneficiaries_beneficiary b ON b.id = e.beneficiary_id
  LEFT JOIN outcomes_exitreason r ON r.id = e.reason_id
  LEFT JOIN worksites_worksite w ON w.id = e.worksite_id
  LEFT JOIN beneficiaries_entrysituation s ON s.beneficiary_id = b.id AND s.entered_on = e.hired_on
  LEFT JOIN beneficiaries_protectedsituation p ON p.situation_id = s.id
  WHERE e.left_on BETWEEN '2024-01-01' AND '2024-12-31')
SELECT reason, worksite, klass, two_thirds, dynamic, durable, COUNT(*),
  COUNT(CASE WHEN sex = 'F' THEN 1 END), COUNT(CASE WHEN sex = 'M' THEN 1 END),
  COUNT(CASE WHEN age < 26 THEN 1 END), COUNT(CASE WHEN age >= 26 AND age < 50 THEN 1 END),
  COUNT(CASE WHEN age >= 50 THEN 1 END), COUNT(CASE WHEN education IN ('50', '51') THEN 1 END),
  COUNT(CASE WHEN education IN ('01', '60', '70') THEN 1 END), COUNT(CASE WHEN education = '00' THEN 1 END),
  COUNT(CASE WHEN unemployment = '03' THEN 1 END), COUNT(CASE WHEN unemployment = '04' THEN 1 END),
  COUNT(CASE WHEN rsa IN ('simple', 'majore') THEN 1 END), COUNT(CASE WHEN ass THEN 1 END),
  COUNT(CASE WHEN no_resources THEN 1 END), COUNT(CASE WHEN single_parent THEN 1 END),
  COUNT(CASE WHEN no_housing THEN 1 END), COUNT(CASE WHEN qpv THEN 1 END), COUNT(CASE WHEN zrr THEN 1 END),
  COUNT(CASE WHEN rqth THEN 1 END), COUNT(CASE WHEN aah THEN 1 END),
  COUNT(CASE WHEN released_prisoner THEN 1 END)
FROM classified GROUP BY reason, worksite, klass, two_thirds, dynamic, durable
"""


def main() -> None:
    with disable_auditlog():
        cohort = fill()
    within = [cohort_figures_line(cohort), report_pdf_line()]
    sys.exit(0 if all(within) else 1)


def fill() -> Cohort:
    """100 000 people who left in 2024, each after one contract, with every reason and every length."""
    print(f"{EXITS} sorties sur {connection.vendor}…", flush=True)
    reasons = [None, *ExitReason.objects.all()]
    worksites = [
        Worksite.objects.create(name=f"Chantier {number}", opened_on=dt.date(2013, 8, 1))
        for number in range(4)
    ]
    for first in range(0, EXITS, BATCH):
        with transaction.atomic():
            add_exits(range(first, first + BATCH), reasons, worksites)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Cohort.objects.create(
        code="2024", label="Sorties 2024", start=dt.date(YEAR, 1, 1), end=dt.date(YEAR, 12, 31)
    )


def add_exits(numbers: range, reasons: list[ExitReason | None], worksites: list[Worksite]) -> None:
    people = Beneficiary.objects.bulk_create(
        Beneficiary(
            file_number=f"B{number}",
            last_name="Exemple",
            first_name="Zoé",
            search_key=f"exemple {number}",
            sex="FM"[number % 2],
            birth_date=dt.date(1960 + number % 45, 1 + number % 12, 1 + number % 28),
        )
        for number in numbers
    )
    stays = [(dt.date(YEAR, 1, 1) + dt.timedelta(days=number % 366), 40 + number % 400) for number in numbers]
    contracts = Contract.objects.bulk_create(
        Contract(beneficiary=person, start=left_on - dt.timedelta(days=days), end=left_on)
        for person, (left_on, days) in zip(people, stays, strict=True)
    )
    EntrySituation.objects.bulk_create(
        EntrySituation(
            beneficiary=contract.beneficiary,
            entered_on=contract.start,
            rsa=("simple", "non", "")[contract.beneficiary_id % 3],
            education=("50", "70", "00", "")[contract.beneficiary_id % 4],
            qpv=(True, False, None)[contract.beneficiary_id % 3],
        )
        for contract in contracts
    )
    Exit.objects.bulk_create(
        Exit(
            beneficiary=contract.beneficiary,
            contract=contract,
            hired_on=contract.start,
            left_on=contract.end,
            reason=reasons[number % len(reasons)],
            worksite=worksites[number % len(worksites)],
            length_months=number % 25 if number % 3 else None,
            length_days=number % 31 if number % 3 else 0,
        )
        for number, contract in zip(numbers, contracts, strict=True)
    )


def cohort_figures_line(cohort: Cohort) -> bool:
    book = RuleBook.load()
    by_hand = BY_HAND.format(**year_columns())

    def counted_by_hand():
        with connection.cursor() as cursor:
            cursor.execute(by_hand)
            return cursor.fetchall()

    check_equal(result_of(cohort, book).main, counted_by_hand())
    return line(
        "figures de cohorte / SQL à la main", lambda: result_of(cohort, book), counted_by_hand, limit=1.2
    )


def year_columns() -> dict[str, str]:
    if connection.vendor == "sqlite":
        year = "CAST(substr({}, 1, 4) AS INTEGER)"
    else:
        year = "CAST(EXTRACT(YEAR FROM {}) AS INTEGER)"
    return {"hired_year": year.format("e.hired_on"), "birth_year": year.format("b.birth_date")}


def check_equal(main, rows) -> None:
    """A comparison of speed is worth something between equal results only."""
    counts = {
        verdict: sum(row[6] for row in rows if row[3] == verdict) for verdict in ("success", "undocumented")
    }
    if (main.successes, main.undocumented) != (counts["success"], counts["undocumented"]):
        sys.exit(f"Les deux comptes diffèrent : {main} et {counts}.")


def report_pdf_line() -> bool:
    """A report of an ordinary year, on 40 exits."""
    cohort = Cohort.objects.create(
        code="jour", label="Un jour", start=dt.date(YEAR, 3, 1), end=dt.date(YEAR, 3, 1)
    )
    keep = list(cohort.exits().values_list("pk", flat=True)[:40])
    Exit.objects.filter(left_on=cohort.start).exclude(pk__in=keep).update(
        left_on=cohort.start + dt.timedelta(days=1)
    )
    snapshot = take_snapshot(cohort, RuleBook.load())
    heading = heading_of(snapshot, number=1, dated=dt.date(YEAR, 12, 31), author="banc d’essai")
    html = html_of(lambda: print_report(snapshot, heading))

    def bare():
        style = weasyprint.CSS(string=pdf.STYLESHEET.read_text(encoding="utf-8"))
        return weasyprint.HTML(string=html).write_pdf(stylesheets=[style], pdf_variant=pdf.VARIANT)

    return line(
        "PDF du rapport / rendu nu du même HTML", lambda: print_report(snapshot, heading), bare, limit=1.1
    )


def html_of(make: Callable[[], bytes]) -> str:
    """The HTML that a paper is rendered from."""
    seen = []
    render = pdf.render_to_string

    def remember(*arguments):
        seen.append(render(*arguments))
        return seen[-1]

    pdf.render_to_string = remember
    try:
        make()
    finally:
        pdf.render_to_string = render
    return seen[-1]


def line(name: str, ours: Callable, reference: Callable, *, limit: float) -> bool:
    times = {ours: [], reference: []}
    for _ in range(ROUNDS):
        for run, spent in times.items():
            start = time.perf_counter()
            run()
            spent.append(time.perf_counter() - start)
    median, base = (statistics.median(spent) for spent in times.values())
    ratio = median / base
    print(f"{name} : {median:.3f} s / {base:.3f} s = {ratio:.2f} (limite {limit})")
    return ratio <= limit


if __name__ == "__main__":
    main()
