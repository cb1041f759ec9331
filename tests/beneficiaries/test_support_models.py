"""Follow-ups, steps, freins, projects, documents: what the database and the models refuse, who sees what."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    ConfidentialNote,
    Document,
    FollowUp,
    FollowUpTopic,
    Step,
)
from beneficiaries.models.person import phone_digits
from beneficiaries.support_actions import NoteText, Outcomes, assess_barrier, save_follow_up
from beneficiaries.support_enums import BarrierLevel, Criterion, DocumentKind, FollowUpKind, StepStatus, Theme
from confluences.actions import Conflict
from confluences.enums import Role
from confluences.models import User
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_document,
    make_follow_up,
    make_project,
    make_running_contract,
    make_step,
    today,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("minutes", [0, 601, 2000])
def test_minutes_out_of_range(minutes):
    with pytest.raises(ValidationError) as refused:
        make_follow_up(minutes=minutes)
    assert list(refused.value.error_dict) == ["minutes"]


@pytest.mark.parametrize("minutes", [0, 601])
def test_the_database_refuses_such_minutes_too(minutes):
    follow_up = make_follow_up()
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.filter(pk=follow_up.pk).update(minutes=minutes)


def test_a_follow_up_to_come_is_refused():
    with pytest.raises(ValidationError, match="n’est pas encore passée"):
        make_follow_up(on=today() + DAY)


def test_a_follow_up_before_the_entry_is_refused_unless_a_reception():
    contract = make_running_contract()
    before = contract.start - DAY
    with pytest.raises(ValidationError, match="avant l’entrée"):
        make_follow_up(contract.beneficiary, on=before)
    assert make_follow_up(contract.beneficiary, on=before, kind=FollowUpKind.RECEPTION).on == before


def test_somebody_who_left_is_followed_after_the_exit_only():
    person = make_contract(start=today() - 300 * DAY, end=today() - 40 * DAY).beneficiary
    with pytest.raises(ValidationError, match="suivi après la sortie"):
        make_follow_up(person)
    assert make_follow_up(person, kind=FollowUpKind.AFTER_EXIT).pk


def test_a_novel_is_too_long_for_a_follow_up():
    with pytest.raises(ValidationError) as refused:
        make_follow_up(said="🌳" * 300_000)
    assert "300\u202f000 caractères, la limite est de 50\u202f000" in refused.value.messages[0]


def test_texts_keep_emoji_and_lines_and_lose_control_characters():
    follow_up = make_follow_up(said="Bien 🌳\r\nà revoir\x07")
    assert FollowUp.objects.get(pk=follow_up.pk).said == "Bien 🌳\nà revoir"


def test_one_save_writes_everything(social_worker):
    person = make_beneficiary()
    tomorrow = today() + DAY
    follow_up = save_follow_up(
        FollowUp(beneficiary=person, on=today(), minutes=45, said="Point"),
        by=social_worker,
        topics=[Theme.HOUSING, Theme.HEALTH],
        note=NoteText(text="Entre nous"),
        outcomes=Outcomes(
            appointment=Appointment(beneficiary=person, worker=social_worker, on=tomorrow),
            steps=[Step(beneficiary=person, theme=Theme.HOUSING, action="Appeler")],
            barriers=[BarrierAssessment(beneficiary=person, axis=Theme.HOUSING, level=BarrierLevel.LOW)],
        ),
    )
    assert list(follow_up.topics.values_list("theme", flat=True)) == [Theme.HOUSING, Theme.HEALTH]
    assert follow_up.confidential_note.text == "Entre nous"
    assert (follow_up.appointments_set.get().on, follow_up.steps.get().action) == (tomorrow, "Appeler")
    assert follow_up.barriers.get().level == BarrierLevel.LOW


def test_one_refused_part_writes_nothing(social_worker):
    person = make_beneficiary()
    with pytest.raises(ValidationError):
        save_follow_up(
            FollowUp(beneficiary=person, on=today(), minutes=45, said="Point"),
            by=social_worker,
            topics=[],
            note=NoteText(text="Entre nous"),
            outcomes=Outcomes(steps=[Step(beneficiary=person, theme=Theme.HOUSING, action="")]),
        )
    assert [model.objects.count() for model in (FollowUp, ConfidentialNote, Step)] == [0, 0, 0]


def test_a_changed_note_is_a_conflict_for_whoever_opened_the_follow_up_before(social_worker):
    follow_up = make_follow_up(by=social_worker)
    stale = FollowUp.objects.get(pk=follow_up.pk)
    save_follow_up(follow_up, by=social_worker, topics=[], note=NoteText(text="Nouveau"))
    with pytest.raises(Conflict):
        save_follow_up(stale, by=social_worker, topics=[], note=NoteText(text="Autre"))
    assert ConfidentialNote.objects.get().text == "Nouveau"


def test_an_emptied_note_is_removed(social_worker):
    follow_up = make_follow_up(by=social_worker, note="Entre nous")
    save_follow_up(follow_up, by=social_worker, topics=[], note=NoteText(text=" "))
    assert ConfidentialNote.objects.count() == 0


def test_a_follow_up_holds_the_appointment_of_its_day(social_worker):
    person = make_beneficiary()
    planned = make_appointment(social_worker, person, on=today())
    long_ago = make_appointment(social_worker, person, on=today() - 30 * DAY)
    follow_up = make_follow_up(person, by=social_worker)
    assert Appointment.objects.get(pk=planned.pk).held_as == follow_up
    assert list(Appointment.objects.late(today())) == [long_ago]


def test_assessing_an_axis_again_on_the_same_day_corrects_it(social_worker):
    first = make_barrier(level=BarrierLevel.HIGH, effect="Arrive en retard")
    again = BarrierAssessment(beneficiary=first.beneficiary, axis=first.axis, level=BarrierLevel.LOW)
    assess_barrier(again, by=social_worker)
    kept = BarrierAssessment.objects.get()
    assert (kept.level, kept.effect) == (BarrierLevel.LOW, "Arrive en retard")


def test_a_done_step_has_its_day():
    with pytest.raises(ValidationError, match="a sa date de fin"):
        make_step(status=StepStatus.DONE)


def test_overdue_steps(social_worker):
    person = make_beneficiary()
    late = make_step(person, due=today() - DAY)
    make_step(person, due=today())
    make_step(person, due=today() - DAY, status=StepStatus.DONE, closed_on=today())
    assert list(Step.objects.overdue(today())) == [late]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": DocumentKind.ELIGIBILITY, "issued_on": dt.date(2026, 1, 1)}, "indique son critère"),
        ({"kind": DocumentKind.ELIGIBILITY, "criterion": Criterion.RSA}, "le jour où il a été établi"),
        (
            {
                "kind": DocumentKind.ELIGIBILITY,
                "criterion": Criterion.AAH,
                "issued_on": dt.date(2026, 1, 1),
            },
            "seuls les travailleurs sociaux",
        ),
        (
            {"issued_on": dt.date(2026, 1, 2), "expires_on": dt.date(2026, 1, 1)},
            "expire avant d’être établi",
        ),
        ({"content": b"MZ disguised"}, "Le contenu de ce fichier"),
    ],
)
def test_documents_refused(fields, message):
    with pytest.raises(ValidationError, match=message):
        make_document(**fields)


def test_a_stored_name_tells_nothing():
    document = make_document(original_name="Dupont RQTH.pdf")
    assert document.file.name.startswith("documents/")
    assert "Dupont" not in document.file.name


def test_a_deleted_document_leaves_no_file(django_capture_on_commit_callbacks):
    document = make_document()
    name, storage = document.file.name, document.file.storage
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        document.delete()
    assert not storage.exists(name)


# Who sees what


@pytest.fixture
def everything(social_worker) -> None:
    person = make_beneficiary()
    make_follow_up(person, by=social_worker, topics=(Theme.HOUSING, Theme.HEALTH), note="Entre nous")
    make_follow_up(person, by=social_worker, note="Pour moi", author_only=True)
    for theme in (Theme.HOUSING, Theme.HEALTH, Theme.JUSTICE):
        make_step(person, theme=theme)
        make_barrier(person, axis=theme)
    make_project(person)
    make_appointment(social_worker, person)
    make_document(person)
    make_document(person, confidentiality="social")


def seen_by(user: User) -> dict[str, int]:
    models = (FollowUp, FollowUpTopic, ConfidentialNote, Step, BarrierAssessment, Appointment, Document)
    return {model.__name__: model.objects.visible_to(user).count() for model in models}


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        (Role.SOCIAL_WORKER, [2, 2, 2, 3, 3, 1, 2]),
        (Role.SUPERVISOR, [2, 1, 0, 1, 1, 1, 1]),
        (Role.INSTRUCTOR, [0] * 7),
        (Role.ADMINISTRATOR, [0] * 7),
    ],
)
def test_each_role_sees_its_part(everything, users, role, counts):
    assert list(seen_by(users[role]).values()) == counts


def test_a_note_closed_by_its_author_is_not_a_colleagues(everything, users):
    colleague = User.objects.create_user("collegue@example.org")
    colleague.groups.set(users[Role.SOCIAL_WORKER].groups.all())
    assert list(ConfidentialNote.objects.visible_to(colleague).values_list("text", flat=True)) == [
        "Entre nous"
    ]


@pytest.mark.parametrize(
    ("phone", "digits"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("+33 6.12.34.56.78", "0612345678"),
        ("", ""),
        ("+212 612345678", "212612345678"),
    ],
)
def test_phone_digits(phone, digits):
    assert phone_digits(phone) == digits
    assert make_beneficiary(phone=phone).phone_digits == digits
