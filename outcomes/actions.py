"""Writes of exits and reports."""

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.models import Beneficiary
from confluences.actions import save_recorded
from confluences.integrity import refusals_in_french
from confluences.models import User
from outcomes.changes import changes_between
from outcomes.models import Cohort, Exit, OutcomeReport, RuleBook
from outcomes.paper import heading_of, print_report
from outcomes.recount import recounted_figures
from outcomes.snapshot import content_hash, take_snapshot


class NothingChanged(Exception):
    """The latest frozen report already says all that a new one would."""

    def __init__(self, report: OutcomeReport) -> None:
        super().__init__(f"Rien n’a changé depuis le rapport n° {report.number} : il reste valable.")
        self.report = report


@transaction.atomic
def save_exit(exit_: Exit, *, by: User | None) -> Exit:
    """Writes an exit under its person's lock: the stay it ends is read from all the person's contracts.

    Where the worksite is not given, it is the one the person was assigned to on the day of the exit.
    """
    Beneficiary.objects.select_for_update().get(pk=exit_.beneficiary_id)
    if exit_.worksite_id is None and exit_.left_on:
        assignment = exit_.beneficiary.assignments.current(exit_.left_on).first()
        exit_.worksite = assignment.worksite if assignment else None
    return save_recorded(exit_, by=by)


def freeze_report(cohort: Cohort, *, by: User, dated: dt.date) -> OutcomeReport:
    """Stores the cohort's facts, rules, figures and PDF for good.

    Raises NothingChanged where the latest report says the same, ValidationError where the rows attached
    do not lead to the figures counted by the database, NoRuleInForce without rules.
    """
    snapshot = take_snapshot(cohort, RuleBook.load())
    sealed = content_hash(snapshot)
    latest = cohort.reports.defer("pdf").order_by("-number").first()
    if latest is not None and latest.content_hash == sealed:
        raise NothingChanged(latest)
    if recounted_figures(snapshot) != snapshot["figures"]:
        raise ValidationError("Les chiffres ont bougé pendant le calcul, rien n’a été figé. Recommencez.")
    number = latest.number + 1 if latest else 1
    changes = changes_between(latest.snapshot, snapshot, latest.number) if latest else ()
    heading = heading_of(snapshot, number=number, dated=dated, author=str(by), changes=changes)
    pdf = print_report(snapshot, heading)
    report = OutcomeReport(
        cohort=cohort,
        number=number,
        dated=dated,
        recipient=heading.recipient,
        frozen_by=by,
        author=str(by),
        snapshot=snapshot,
        content_hash=sealed,
        pdf=pdf,
        pdf_hash=hashlib.sha256(pdf).hexdigest(),
    )
    # Printed outside the transaction, so that nobody waits a second to save something else;
    # two people who freeze at once meet at the unique number.
    with refusals_in_french(), transaction.atomic():
        report.full_clean()
        report.save()
    return report
