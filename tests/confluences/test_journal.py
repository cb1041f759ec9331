"""The audit log as people read it."""

import datetime as dt

import pytest
from auditlog.context import set_actor
from auditlog.models import LogEntry
from django.utils import timezone

from beneficiaries.models import ProtectedSituation
from confluences import audit
from confluences.actions import save_recorded
from confluences.journal import Change, JournalFilter, lines
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_pass, make_situation
from tests.worksites.factories import make_assignment, make_worksite

D = dt.date

pytestmark = pytest.mark.django_db


def last_line():
    return lines(LogEntry.objects.order_by("-pk")[:1])[0]


def found(**chosen) -> list[str]:
    chosen = JournalFilter(chosen, LogEntry.objects.order_by("pk"))
    assert chosen.is_valid(), chosen.errors
    return [entry.object_repr for entry in chosen.qs]


def test_change_in_french(social_worker):
    contract = make_contract()
    with set_actor(social_worker):
        contract.hours_derogation = "individual"
        contract.ended_early_on = D(2024, 11, 30)
        contract.assumed = True
        save_recorded(contract, by=social_worker)
    line = last_line()
    assert (line.who, line.event, line.kind, line.is_creation) == (
        "Exemple Travailleur social",
        "modification",
        "contrat",
        False,
    )
    assert line.person == contract.beneficiary
    assert line.changes == [
        Change("Rompu le", "", "30/11/2024"),
        Change("Dérogation d’horaire", "", "grande exclusion, décision individuelle"),
        Change("Dates supposées", "non", "oui"),
    ]


def test_creation_names_the_rows_it_points_to():
    assignment = make_assignment(
        make_beneficiary(last_name="Traoré", first_name="Moussa"), make_worksite(name="Fresnes")
    )
    line = last_line()
    assert (line.event, line.who, line.what) == ("création", "le système", str(assignment))
    assert line.changes == [
        Change("Salarié en insertion", "", "Traoré Moussa"),
        Change("Chantier", "", "Fresnes"),
        Change("Début", "", "01/01/2024"),
    ]


def test_row_that_exists_no_more_is_called_by_its_number():
    assignment = make_assignment()
    worksite = assignment.worksite.pk
    assignment.delete()
    type(assignment.worksite).objects.all().delete()
    [line] = lines(LogEntry.objects.filter(action=LogEntry.Action.DELETE, content_type__model="assignment"))
    assert (line.event, line.person) == ("suppression", None)
    assert Change("Chantier", f"n° {worksite}", "") in line.changes


def test_masked_values_stay_masked():
    save_recorded(ProtectedSituation(situation=make_situation(), rqth=True), by=None)
    entry = LogEntry.objects.order_by("-pk").first()
    entry.changes = {"rqth": ["•••", "••••"]}
    [line] = lines([entry])
    assert line.changes == [Change("Travailleur handicapé reconnu (RQTH)", "•••", "••••")]


def test_list_changes(instructor):
    make_worksite().instructors.add(instructor)
    assert last_line().changes == [Change("Encadrants techniques", "", "Exemple Encadrant technique")]
    instructor.worksites.get().instructors.remove(instructor)
    assert last_line().changes == [Change("Encadrants techniques", "Exemple Encadrant technique", "")]


def test_fields_and_tables_of_former_versions_are_passed_over():
    make_worksite()
    entry = LogEntry.objects.order_by("-pk").first()
    entry.changes = {"former": ["a", "b"], "opened_on": ["hier", "demain"]}
    assert lines([entry])[0].changes == [Change("Ouvert le", "hier", "demain")]


def test_export_says_how_much_left_the_house():
    audit.log_list_export(ProtectedSituation, file_format="xlsx", rows=1, filters="2014")
    line = last_line()
    assert (line.event, line.details, line.person) == ("export", "XLSX, 1 ligne, filtres : 2014", None)


def test_filter_by_person_finds_the_whole_file():
    person = make_beneficiary(last_name="Traoré", first_name="Moussa")
    contract, situation, pass_iae = make_contract(person), make_situation(person), make_pass(person)
    make_contract()
    assert found(q="moussa traore") == [str(person), str(contract), str(situation), str(pass_iae)]


def test_filter_by_object():
    make_worksite(name="Fresnes")
    make_worksite(name="Arcueil")
    assert found(q="fresn") == ["Fresnes"]


def test_filter_by_user_and_event(social_worker, administrator):
    worksite = make_worksite(name="Fresnes")
    LogEntry.objects.all().delete()
    with set_actor(administrator):
        audit.log_read(worksite)
        worksite.city = "Fresnes"
        save_recorded(worksite, by=None)
    assert found(user=administrator.pk) == ["Fresnes", "Fresnes"]
    assert found(user=social_worker.pk) == []
    assert found(event="read") == ["Fresnes"]
    assert found(event="update") == ["Fresnes"]
    assert found(event="print") == []


def test_filter_by_period_counts_days_of_paris():
    make_worksite(name="Fresnes")
    just_before_midnight = dt.datetime(2026, 6, 30, 21, 59, tzinfo=dt.UTC)
    LogEntry.objects.filter(object_repr="Fresnes").update(timestamp=just_before_midnight)
    assert timezone.localtime(just_before_midnight).date() == D(2026, 6, 30)
    assert found(since="2026-06-30", until="2026-06-30") == ["Fresnes"]
    assert found(since="2026-07-01", q="Fresnes") == []
    assert found(until="2026-06-29") == []
