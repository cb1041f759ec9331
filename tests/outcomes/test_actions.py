"""Recording exits and freezing reports."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError

from confluences.models import Administration, Structure
from outcomes.actions import NothingChanged, freeze_report, save_exit
from outcomes.models import Exit, ExitReason, OutcomeReport
from tests.beneficiaries.factories import make_beneficiary, make_contract
from tests.outcomes.factories import make_2014, make_cohort, make_exit
from tests.outcomes.test_verification import pages_of
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db
DATED = dt.date(2026, 11, 23)


def refused(**fields) -> dict:
    """Why an exit with these facts is refused."""
    with pytest.raises(ValidationError) as refusal:
        make_exit(**fields)
    return refusal.value.message_dict


def test_exit_finds_its_stay_across_renewals():
    person = make_beneficiary()
    make_contract(person, start=dt.date(2024, 1, 1), end=dt.date(2024, 6, 30))
    last = make_contract(person, start=dt.date(2024, 7, 1), end=dt.date(2024, 12, 31))
    made = make_exit("3", person, left_on=dt.date(2024, 10, 15))
    assert (made.contract, made.hired_on, made.stay_months) == (last, dt.date(2024, 1, 1), 9)


def test_exit_takes_the_worksite_of_the_day():
    person, worksite = make_beneficiary(), make_worksite()
    make_assignment(person, worksite, start=dt.date(2024, 1, 1))
    assert make_exit("3", person).worksite == worksite


def test_waiting_reason_becomes_the_one_its_length_decides():
    assert [make_exit("9/10", length_months=months).reason.code for months in (5, 6, 8)] == ["10", "9", "9"]
    assert make_exit("9/10").reason.code == "9/10"


def test_facts_the_reason_does_not_ask_are_forgotten():
    made = make_exit("8", employer="Ville", length_months=8, training_title="CAPa")
    assert (made.employer, made.length_months, made.training_title) == ("", None, "")


def test_exit_before_the_entry_is_refused():
    assert refused(left_on=dt.date(2023, 12, 31)) == {
        "left_on": ["La sortie est antérieure à l’entrée du 01/01/2024."]
    }


def test_exit_outside_any_contract_is_refused():
    assert refused(left_on=dt.date(2025, 1, 1)) == {
        "left_on": ["À cette date la personne n’est sous aucun contrat. Corrigez la date, ou le contrat."]
    }


def test_exit_of_somebody_without_contract_is_refused():
    row = Exit(beneficiary=make_beneficiary(), left_on=dt.date(2024, 12, 31))
    with pytest.raises(ValidationError) as refusal:
        save_exit(row, by=None)
    assert refusal.value.message_dict == {
        "left_on": ["Cette personne n’a aucun contrat. Saisissez d’abord son contrat."]
    }


def test_exit_in_the_middle_of_a_chain_is_refused():
    person = make_beneficiary()
    make_contract(person, start=dt.date(2024, 1, 1), end=dt.date(2024, 6, 30))
    make_contract(person, start=dt.date(2024, 7, 1), end=dt.date(2024, 12, 31))
    assert refused(beneficiary=person, left_on=dt.date(2024, 6, 30)) == {
        "left_on": [
            "Un contrat qui continue ce séjour commence après cette date. Corrigez la date ou le contrat."
        ]
    }


def test_second_exit_of_a_stay_is_refused():
    first = make_exit("3")
    faults = refused(beneficiary=first.beneficiary, left_on=dt.date(2024, 11, 30))
    assert "Ce séjour a déjà une sortie : modifiez-la au lieu d’en créer une seconde." in faults["__all__"]


@pytest.mark.parametrize(
    ("code", "months", "message"),
    [
        (
            "9",
            5,
            "Ce motif dit 6 mois et plus ; la durée saisie est de 5 mois. Corrigez la durée ou le motif.",
        ),
        (
            "10",
            6,
            "Ce motif dit moins de 6 mois ; la durée saisie est de 6 mois. Corrigez la durée ou le motif.",
        ),
    ],
)
def test_length_that_contradicts_the_reason_is_refused(code, months, message):
    assert refused(code=code, length_months=months) == {"length_months": [message]}


def test_database_itself_refuses_a_second_exit(db):
    made = make_exit("3")
    later = make_contract(made.beneficiary, start=dt.date(2025, 3, 1), end=dt.date(2025, 8, 31))
    with pytest.raises(IntegrityError, match="exit_one_per_stay"), transaction.atomic():
        Exit.objects.create(
            beneficiary=made.beneficiary,
            contract=later,
            hired_on=dt.date(2024, 6, 1),
            left_on=dt.date(2025, 8, 31),
        )


def test_freezing_numbers_dates_and_seals(supervisor):
    administration = Administration.objects.get()
    Structure(name="Confluences", reports_to=administration).save()
    report = freeze_report(make_2014(), by=supervisor, dated=dt.date(2021, 3, 31))
    assert (report.number, report.author, len(report.content_hash)) == (1, str(supervisor), 64)
    assert report.recipient.startswith("Direction régionale des entreprises, de la concurrence")


def test_administration_bears_its_name_of_the_day(supervisor):
    Structure(name="Confluences", reports_to=Administration.objects.get()).save()
    report = freeze_report(make_2014(), by=supervisor, dated=dt.date(2021, 4, 1))
    assert report.recipient.startswith("Direction régionale et interdépartementale de l’économie")


def test_freezing_twice_the_same_makes_no_second_report(supervisor):
    cohort = make_2014()
    first = freeze_report(cohort, by=supervisor, dated=DATED)
    with pytest.raises(NothingChanged, match="Rien n’a changé depuis le rapport n° 1") as unchanged:
        freeze_report(cohort, by=supervisor, dated=DATED)
    assert (unchanged.value.report, OutcomeReport.objects.count()) == (first, 1)


def test_correction_makes_a_new_report_that_says_what_changed(supervisor):
    cohort = make_2014()
    freeze_report(cohort, by=supervisor, dated=DATED)
    completed = Exit.objects.filter(reason__code="9/10").first()
    completed.length_months = 8
    save_exit(completed, by=supervisor)
    second = freeze_report(cohort, by=supervisor, dated=DATED)
    assert (second.number, second.snapshot["figures"]["successes"]) == (2, 8)
    text = " ".join(pages_of(bytes(second.pdf)).split())
    assert "Ce rapport remplace le rapport n° 1 de la même cohorte." in text
    assert f"Sortie {completed.reference} : motif, « 9/10 » devient « 9 »." in text
    assert f"Sortie {completed.reference} : durée en mois, « non renseigné » devient « 8 »." in text


def test_frozen_report_cannot_change_even_in_sql(supervisor):
    report = freeze_report(make_2014(), by=supervisor, dated=DATED)
    with pytest.raises(IntegrityError, match="outcomereport_never_changed"), transaction.atomic():
        OutcomeReport.objects.filter(pk=report.pk).update(author="Quelqu’un d’autre")
    with pytest.raises(ValidationError, match="Un rapport figé ne change pas"):
        report.full_clean()


def test_cohort_with_a_report_cannot_be_deleted(supervisor):
    cohort = make_2014()
    freeze_report(cohort, by=supervisor, dated=DATED)
    with pytest.raises(ProtectedError):
        cohort.delete()


@pytest.mark.django_db(transaction=True)
def test_two_exits_recorded_at_once_leave_one():
    person = make_beneficiary()
    make_contract(person)
    reason = ExitReason.objects.get(code="3")

    def record(_):
        try:
            save_exit(Exit(beneficiary_id=person.pk, left_on=dt.date(2024, 12, 31), reason=reason), by=None)
        except ValidationError as error:
            return " ".join(error.messages)
        else:
            return "enregistrée"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(record, range(2)))
    assert Exit.objects.count() == 1
    assert outcomes[1] == "enregistrée"
    assert "a déjà une sortie" in outcomes[0]


def test_empty_cohort_can_be_frozen(supervisor):
    report = freeze_report(make_cohort(), by=supervisor, dated=DATED)
    assert report.snapshot["figures"]["reached"] is None
