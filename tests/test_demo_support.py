"""The demonstration's social support: plausible, marked as an example, and inside each person's stay."""

import csv
import datetime as dt
from collections import Counter

import pytest
import time_machine
from django.db import connection

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    ConfidentialNote,
    Document,
    FollowUp,
    Step,
)
from beneficiaries.support_enums import BarrierStatus, FollowUpKind, ProjectStage, StepSide, StepStatus
from beneficiaries.support_rules import DIAGNOSIS_DAYS, RECEPTION_MONTHS_BEFORE_ENTRY
from confluences import demo
from confluences.dates import add_days, add_months
from confluences.demo.files import FILES
from confluences.enums import Role
from confluences.models import Draft, Recorded, User
from confluences.uploads import content_type

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 23)
MODELS = (FollowUp, ConfidentialNote, BarrierAssessment, Step, CareerProject, Appointment, Document)
# What somebody typed, by model: all but closed lists, dates and figures.
TEXTS = [
    (FollowUp, "said"),
    (FollowUp, "decisions"),
    (FollowUp, "participants"),
    (ConfidentialNote, "text"),
    (BarrierAssessment, "effect"),
    (Step, "need"),
    (Step, "action"),
    (Step, "partner"),
    (Step, "result"),
    (CareerProject, "job"),
    (CareerProject, "detail"),
    (Appointment, "purpose"),
    (Document, "title"),
]


@pytest.fixture(autouse=True)
def loaded() -> demo.Loaded:
    with time_machine.travel(TODAY):
        return demo.load(TODAY)


def present() -> list[Beneficiary]:
    return list(Beneficiary.objects.present(TODAY).prefetch_related("contracts", "follow_ups", "projects"))


def file_rows(name: str) -> list[dict[str, str]]:
    with (FILES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def test_everything_in_the_files_is_loaded():
    files = ("suivis.csv", "freins.csv", "demarches.csv", "projets.csv", "rendez_vous.csv", "documents.csv")
    models = (FollowUp, BarrierAssessment, Step, CareerProject, Appointment, Document)
    assert [model.objects.count() for model in models] == [len(file_rows(name)) for name in files]


def test_counts():
    counted = {model.__name__: model.objects.count() for model in MODELS}
    assert counted == {
        "FollowUp": 66,
        "ConfidentialNote": 5,
        "BarrierAssessment": 64,
        "Step": 36,
        "CareerProject": 23,
        "Appointment": 11,
        "Document": 2,
    }


def test_every_text_says_that_it_is_an_example():
    # One loading for them all: it takes seconds.
    for model, name in TEXTS:
        texts = model.objects.exclude(**{name: ""}).values_list(name, flat=True)
        assert texts, (model, name)
        assert [text for text in texts if "exemple" not in text.lower()] == []


def test_every_text_of_support_is_one_of_those():
    """A text field that comes later is marked too, or leaves this test failing."""
    typed = {
        (model, field.name)
        for model in MODELS
        for field in model._meta.fields
        if field.get_internal_type() in {"CharField", "TextField"} and not field.choices and field.editable
    }
    assert typed - set(TEXTS) == {(CareerProject, "rome_code")}


def test_the_social_worker_typed_it_all():
    worker = User.objects.get(email=demo.ACCOUNTS[Role.SOCIAL_WORKER][0])
    authors = {row.created_by for model in MODELS for row in model.objects.select_related("created_by")}
    assert (authors, [model for model in MODELS if not issubclass(model, Recorded)]) == ({worker}, [])


def test_dates_lie_inside_each_stay():
    dated = {
        FollowUp: "on",
        BarrierAssessment: "assessed_on",
        Step: "opened_on",
        CareerProject: "decided_on",
    }
    for model, name in dated.items():
        outside = []
        for row in model.objects.prefetch_related("beneficiary__contracts"):
            day = getattr(row, name)
            if not any(period.contains(day) for period in row.beneficiary.contract_periods()):
                outside.append((row, day))
        assert [row for row, day in outside if not may_be_outside(row, day)] == []
        assert bool(outside) == (model is FollowUp)


def may_be_outside(row, day: dt.date) -> bool:
    """A reception comes just before the first contract, a talk after the exit just after the last."""
    periods = row.beneficiary.contract_periods()
    entry = min(period.first for period in periods)
    kind = getattr(row, "kind", None)
    if kind == FollowUpKind.RECEPTION:
        return add_months(entry, -RECEPTION_MONTHS_BEFORE_ENTRY) <= day < entry
    return kind == FollowUpKind.AFTER_EXIT and day > max(period.last for period in periods)


def test_minutes_of_support_recounted_by_hand_in_sql():
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT b.file_number,
                 (SELECT COALESCE(SUM(f.minutes), 0) FROM beneficiaries_followup f WHERE f.beneficiary_id = b.id),
                 (SELECT COALESCE(SUM(s.minutes), 0) FROM beneficiaries_step s WHERE s.beneficiary_id = b.id)
               FROM beneficiaries_beneficiary b"""
        )
        by_hand = {person: (int(talks), int(steps)) for person, talks, steps in cursor.fetchall()}
    typed = dict.fromkeys(by_hand, (0, 0))
    talks, steps = Counter(), Counter()
    for row in file_rows("suivis.csv"):
        talks[row["dossier"]] += int(row["minutes"])
    for row in file_rows("demarches.csv"):
        steps[row["dossier"]] += int(row["minutes"])
    typed |= {person: (talks[person], steps[person]) for person in talks | steps}
    assert by_hand == typed
    assert (sum(talks.values()), sum(steps.values())) == (3485, 900)


def test_home_has_something_to_say():
    """Somebody silent for more than 30 days, one diagnosis due, appointments of today and late, steps overdue."""
    last_talks = {
        person.file_number: max(talk.on for talk in person.follow_ups.all()) for person in present()
    }
    undiagnosed = [
        person.file_number
        for person in present()
        if FollowUpKind.DIAGNOSIS not in {talk.kind for talk in person.follow_ups.all()}
        and add_days(min(contract.start for contract in person.contracts.all()), DIAGNOSIS_DAYS) <= TODAY
    ]
    planned = Appointment.objects.planned()
    assert sorted(who for who, day in last_talks.items() if day < add_days(TODAY, -30)) == ["EX-07", "EX-14"]
    assert undiagnosed == ["EX-08"]
    assert [planned.filter(on=TODAY).count(), planned.late(TODAY).count()] == [3, 1]
    assert planned.filter(on__gt=TODAY, on__lte=add_days(TODAY, 7)).count() == 4
    assert Step.objects.overdue(TODAY).count() == 6


def test_all_that_a_screen_shows_is_there():
    assert {step.status for step in Step.objects.all()} == set(StepStatus)
    assert {step.side for step in Step.objects.all()} == set(StepSide)
    assert {project.stage for project in CareerProject.objects.all()} == set(ProjectStage) - {
        ProjectStage.ACHIEVED
    }
    assert BarrierAssessment.objects.filter(status=BarrierStatus.LIFTED).count() == 10
    assert [person.file_number for person in present() if not person.follow_ups.all()] == []


def test_everybody_present_but_one_has_a_referent():
    assert [person.file_number for person in present() if person.referent_id is None] == ["EX-15"]


def test_nobody_is_received_at_the_weekend():
    coming = Appointment.objects.filter(on__gt=TODAY)
    assert {appointment.on.weekday() for appointment in coming} <= {0, 1, 2, 3, 4}


def test_documents_are_what_they_say():
    found = sorted(content_type(document.file) for document in Document.objects.all())
    assert found == ["application/pdf", "image/png"]


def test_one_draft_of_the_social_worker():
    draft = Draft.objects.get()
    person = Beneficiary.objects.get(file_number="EX-04")
    assert (draft.user.email, draft.page) == ("social@exemple.fr", f"/salaries/{person.pk}/suivis/nouveau/")
    assert draft.content["fields"]["said"][0].startswith("Exemple : ")
