"""What is typed after a talk: all of it saved or nothing, and each mistake said on its own field."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from beneficiaries.appointment_forms import AppointmentForm
from beneficiaries.follow_up_forms import FollowUpForm, MinutesField
from beneficiaries.models import Appointment, BarrierAssessment, ConfidentialNote, FollowUp, Step
from beneficiaries.support_enums import BarrierLevel, BarrierStatus, FollowUpKind, Theme
from confluences.enums import Role
from confluences.models import User
from confluences.rights import grant
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_contract,
    make_follow_up,
    make_running_contract,
    today,
)
from tests.conftest import user_of


def typed(**fields) -> dict[str, object]:
    """A talk of 45 minutes today, as a browser sends it."""
    return {
        "on": today().isoformat(),
        "kind": "interview",
        "minutes": "45",
        "medium": "office",
        "said": "Exemple de suivi.",
    } | fields


def new_form(person, user, **fields) -> FollowUpForm:
    return FollowUpForm(typed(**fields), instance=FollowUp(beneficiary=person), user=user)


def edit_form(follow_up, user, **fields) -> FollowUpForm:
    fields = {"opened_version": follow_up.version} | fields
    return FollowUpForm(typed(**fields), instance=FollowUp.objects.get(pk=follow_up.pk), user=user)


def another_social_worker() -> User:
    user = User.objects.create_user("autre@example.org", "x", first_name="Exemple", last_name="Autre")
    grant(user, Role.SOCIAL_WORKER)
    return user


@pytest.fixture
def person(db):
    person = make_beneficiary()
    make_running_contract(person)
    return person


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("45", 45),
        (" 45 min ", 45),
        ("45 mn", 45),
        ("90 minutes", 90),
        ("1 h 30", 90),
        ("1:15", 75),
        ("2h", 120),
    ],
)
def test_minutes_as_people_write_them(text, minutes):
    assert MinutesField().clean(text) == minutes


@pytest.mark.parametrize("text", ["une heure", "1,5", "-3", "1:75", "9" * 5000])
def test_minutes_that_are_none(text):
    with pytest.raises(ValidationError, match="Écrivez une durée en minutes"):
        MinutesField().clean(text)


def test_all_of_it_is_saved(person, social_worker):
    soon = today() + 10 * DAY
    form = new_form(
        person,
        social_worker,
        topics=["housing", "health"],
        note="Exemple de note.",
        author_only="on",
        decisions="Appeler.",
        next_on=soon.isoformat(),
        next_at="14:30",
        next_worker=social_worker.pk,
        next_kind="midterm",
        step_2_action="Appeler le bailleur",
        step_2_theme="housing",
        step_2_due=soon.isoformat(),
        barrier_mobility="3",
    )
    follow_up = form.save_by(social_worker)
    assert form.errors == {}
    assert sorted(follow_up.topics.values_list("theme", flat=True)) == ["health", "housing"]
    note = ConfidentialNote.objects.get()
    assert (note.text, note.author_only, note.created_by) == ("Exemple de note.", True, social_worker)
    appointment = Appointment.objects.get()
    assert (appointment.on, appointment.at, appointment.worker, appointment.kind, appointment.set_by) == (
        soon,
        dt.time(14, 30),
        social_worker,
        FollowUpKind.MIDTERM,
        follow_up,
    )
    step = Step.objects.get()
    assert (step.action, step.theme, step.due, step.worker, step.opened_on, step.follow_up) == (
        "Appeler le bailleur",
        Theme.HOUSING,
        soon,
        social_worker,
        today(),
        follow_up,
    )
    barrier = BarrierAssessment.objects.get()
    assert (barrier.axis, barrier.level, barrier.status, barrier.follow_up) == (
        Theme.MOBILITY,
        BarrierLevel.MEDIUM,
        BarrierStatus.IDENTIFIED,
        follow_up,
    )


def test_the_least_that_is_typed_sets_nothing_else_going(person, social_worker):
    # A browser sends what the closed parts propose.
    form = new_form(person, social_worker, next_worker=social_worker.pk, next_kind="interview")
    assert form.save_by(social_worker).minutes == 45
    assert [model.objects.count() for model in (Appointment, Step, BarrierAssessment, ConfidentialNote)] == [
        0
    ] * 4


FAULTS = [
    ({"said": ""}, "said", "Écrivez ce qui s’est dit, même en une phrase."),
    ({"said": " \n "}, "said", "Écrivez ce qui s’est dit, même en une phrase."),
    ({"said": "\x01\x02"}, "said", "Écrivez ce qui s’est dit, même en une phrase."),
    ({"minutes": ""}, "minutes", "Indiquez la durée : ses minutes font les heures d’accompagnement."),
    ({"minutes": "0"}, "minutes", "Indiquez la durée en minutes : au moins 1."),
    (
        {"minutes": "2000"},
        "minutes",
        "Une durée est en minutes : au plus 600, dix heures. Pour plusieurs jours, saisissez un suivi par jour.",
    ),
    ({"on": ""}, "on", "Indiquez le jour de l’entretien."),
    (
        {"on": (today() + DAY).isoformat()},
        "on",
        "Cette date n’est pas encore passée : un suivi raconte ce qui a eu lieu. Donnez un rendez-vous plutôt.",
    ),
    (
        {"next_on": (today() - DAY).isoformat()},
        "next_on",
        "Cette date est déjà passée : un rendez-vous est à venir. Ce qui a eu lieu est un suivi.",
    ),
    (
        {"next_on": (today() + 400 * DAY).isoformat()},
        "next_on",
        "Cette date est dans plus d’un an : vérifiez l’année.",
    ),
    ({"next_at": "14:30"}, "next_on", "Vous donnez une heure : donnez aussi la date, ou effacez l’heure."),
    (
        {"step_3_due": today().isoformat()},
        "step_3_action",
        "Écrivez ce qui est à faire, ou effacez le reste de la ligne.",
    ),
    (
        {"step_1_theme": "budget"},
        "step_1_action",
        "Écrivez ce qui est à faire, ou effacez le reste de la ligne.",
    ),
    ({"step_1_action": "Appeler"}, "step_1_theme", "Choisissez le thème de cette démarche."),
    (
        {"step_1_action": "Appeler", "step_1_theme": "budget", "step_1_due": (today() - DAY).isoformat()},
        "step_1_due",
        "Cette date est déjà passée : donnez-en une à venir.",
    ),
]


@pytest.mark.parametrize(("fields", "name", "fault"), FAULTS)
def test_a_mistake_is_said_on_its_field_and_saves_nothing(person, social_worker, fields, name, fault):
    good = {"step_2_action": "Écrire", "step_2_theme": "rights", "barrier_budget": "2", "note": "Gardée."}
    form = new_form(person, social_worker, **(good | fields))
    assert form.save_by(social_worker) is None
    assert dict(form.errors) == {name: [fault]}
    assert [model.objects.count() for model in (FollowUp, Step, BarrierAssessment, ConfidentialNote)] == [
        0
    ] * 4
    assert form["note"].value() == "Gardée."


@pytest.mark.parametrize("name", ["said", "decisions", "note"])
def test_a_very_long_text_is_kept_and_said_to_be_too_long(person, social_worker, name):
    text = "été 🌿" * 60_000
    form = new_form(person, social_worker, **{name: text})
    assert form.save_by(social_worker) is None
    [fault] = form.errors[name]
    assert fault.startswith(
        "Ce texte compte 300\u202f000 caractères, la limite est de 50\u202f000 : rien n’est perdu"
    )
    assert form[name].value() == text


def test_a_day_before_the_entry(person, social_worker):
    first = person.contracts.get().start
    form = new_form(person, social_worker, on=(first - DAY).isoformat())
    assert form.save_by(social_worker) is None
    assert form.errors["on"] == [
        f"Cette date est avant l’entrée, le {first:%d/%m/%Y} : seul un accueil peut la précéder, de 6 mois au plus."
    ]


def test_somebody_who_left_last_year(db, social_worker):
    left_on = today() - 300 * DAY
    person = make_beneficiary()
    make_contract(person, start=left_on - 364 * DAY, end=left_on)
    form = new_form(person, social_worker)
    assert form.save_by(social_worker) is None
    assert form.errors["on"] == [
        f"À cette date la personne est sortie (fin de contrat le {left_on:%d/%m/%Y}) : choisissez « suivi après la "
        "sortie » ou « bilan de sortie », ou saisissez d’abord le nouveau contrat."
    ]
    assert new_form(person, social_worker, kind="after_exit").save_by(social_worker).kind == "after_exit"


def test_todays_level_is_the_empty_choice_and_what_was_said_of_it_stays(person, social_worker):
    make_barrier(
        person, level=4, status="in_progress", effect="Ne dort pas chez lui.", assessed_on=today() - DAY
    )
    form = new_form(person, social_worker, barrier_housing="2")
    assert form.fields["barrier_housing"].choices[0] == ("", "inchangé (fort)")
    assert form.fields["barrier_budget"].choices[0] == ("", "inchangé (non évalué)")
    form.save_by(social_worker)
    latest = BarrierAssessment.objects.get(level=2)
    assert (latest.status, latest.effect, latest.assessed_on) == (
        "in_progress",
        "Ne dort pas chez lui.",
        today(),
    )


def test_a_frein_that_is_none_any_more_has_no_effect(person, social_worker):
    make_barrier(person, level=4, effect="Ne dort pas chez lui.", assessed_on=today() - DAY)
    new_form(person, social_worker, barrier_housing="1").save_by(social_worker)
    assert BarrierAssessment.objects.get(level=1).effect == ""


def test_without_the_right_health_and_justice_are_no_choice(person, supervisor):
    form = FollowUpForm(instance=FollowUp(beneficiary=person), user=supervisor)
    themes = {value for value, _label in form.fields["topics"].choices}
    assert themes == {theme.value for theme in Theme} - {"health", "justice"}
    assert {"barrier_health", "barrier_justice"} & set(form.fields) == set()


def test_appointments_are_with_active_social_workers(person, social_worker, supervisor):
    other = another_social_worker()
    gone = User.objects.create_user("parti@example.org", "x", is_active=False)
    grant(gone, Role.SOCIAL_WORKER)
    form = FollowUpForm(instance=FollowUp(beneficiary=person), user=social_worker)
    assert set(form.fields["next_worker"].queryset) == {social_worker, other}
    assert form["next_worker"].value() == social_worker.pk


def test_it_holds_the_appointment_it_was_opened_from(person, social_worker):
    old = make_appointment(social_worker, person, on=today() - 20 * DAY)
    recent = make_appointment(social_worker, person, on=today() - DAY)
    form = FollowUpForm(typed(), instance=FollowUp(beneficiary=person), user=social_worker, planned=old)
    follow_up = form.save_by(social_worker)
    assert list(Appointment.objects.filter(held_as=follow_up)) == [old]
    assert list(Appointment.objects.planned()) == [recent]


# Correcting


def test_correcting_keeps_only_what_the_follow_up_itself_says(person, social_worker):
    follow_up = make_follow_up(person, by=social_worker, topics=("housing",), note="Exemple de note.")
    form = FollowUpForm(instance=follow_up, user=social_worker)
    assert not [name for name in form.fields if name.startswith(("next_", "step_", "barrier_"))]
    assert (form["note"].value(), form["topics"].value(), form["minutes"].value()) == (
        "Exemple de note.",
        ["housing"],
        30,
    )
    edit_form(follow_up, social_worker, topics=["budget"], note="").save_by(social_worker)
    assert list(follow_up.topics.values_list("theme", flat=True)) == ["budget"]
    assert ConfidentialNote.objects.count() == 0


def test_a_note_closed_to_its_author_is_out_of_reach_and_stays(person, social_worker):
    other = another_social_worker()
    follow_up = make_follow_up(person, by=other, note="Exemple de note.", author_only=True)
    form = edit_form(follow_up, social_worker, note="Remplacée", minutes="50")
    assert "note" not in form.fields
    assert form.save_by(social_worker).minutes == 50
    assert ConfidentialNote.objects.get().text == "Exemple de note."


def test_only_its_author_closes_a_note(person, social_worker):
    other = another_social_worker()
    follow_up = make_follow_up(person, by=other, note="Exemple de note.")
    form = edit_form(follow_up, social_worker, note="Complétée.", author_only="on")
    assert "author_only" not in form.fields
    form.save_by(social_worker)
    note = ConfidentialNote.objects.get()
    assert (note.text, note.author_only) == ("Complétée.", False)


def test_the_duration_has_the_focus_on_a_first_visit_alone(person, social_worker):
    first = FollowUpForm(instance=FollowUp(beneficiary=person), user=social_worker)
    assert "autofocus" in str(first["minutes"])
    assert "autofocus" not in str(new_form(person, social_worker)["minutes"])


# Appointments


def appointment_form(appointment, user, **fields) -> AppointmentForm:
    data = {
        "on": today().isoformat(),
        "at": "",
        "worker": user.pk,
        "kind": "interview",
        "medium": "office",
        "purpose": "",
        "opened_version": appointment.version,
    }
    return AppointmentForm(data | fields, instance=appointment, user=user)


@pytest.mark.parametrize(
    ("on", "fault"),
    [
        (
            today() - DAY,
            "Cette date est déjà passée : un rendez-vous est à venir. Ce qui a eu lieu est un suivi.",
        ),
        (today() + 400 * DAY, "Cette date est dans plus d’un an : vérifiez l’année."),
    ],
)
def test_a_day_no_appointment_can_have(person, social_worker, on, fault):
    form = appointment_form(Appointment(beneficiary=person), social_worker, on=on.isoformat())
    assert form.save_by(social_worker) is None
    assert dict(form.errors) == {"on": [fault]}


def test_a_missed_appointment_is_planned_again(person, social_worker):
    past = today() - DAY
    missed = make_appointment(social_worker, person, on=past, outcome="missed")
    form = appointment_form(missed, social_worker, on=past.isoformat(), outcome="")
    assert form.save_by(social_worker) == missed
    assert list(Appointment.objects.planned()) == [missed]


def test_a_worker_who_left_stays_on_an_old_appointment(person, social_worker):
    other = another_social_worker()
    appointment = make_appointment(other, person)
    User.objects.filter(pk=other.pk).update(is_active=False)
    form = AppointmentForm(instance=appointment, user=social_worker)
    assert set(form.fields["worker"].queryset) == {social_worker, other}
    assert user_of(Role.SUPERVISOR) not in form.fields["worker"].queryset
