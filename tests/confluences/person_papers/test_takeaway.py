"""The paper to take away: plain words, and nothing that should not lie around."""

import datetime as dt

import pytest

from beneficiaries.support_enums import (
    Medium,
    ProjectStage,
    StepStatus,
)
from confluences.models import Structure
from confluences.person_papers import takeaway
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_beneficiary,
    make_contract,
    make_pass,
    make_project,
    make_running_contract,
    make_step,
    today,
)
from tests.confluences.person_papers.reading import (
    NOTE,
    PROTECTED,
    TAKEN_AWAY,
    TEAM,
    address,
    asked,
    everything,
    found_in,
    text_of,
)

pytestmark = pytest.mark.django_db


def test_takeaway_holds_what_the_person_can_read(social, person):
    text = text_of(social.post(address(person), asked("takeaway")))
    never = (NOTE, *PROTECTED, *TEAM)
    assert (found_in(text, never), found_in(text, TAKEN_AWAY)) == ([], list(TAKEN_AWAY))


def test_takeaway_with_health_and_justice_holds_the_action_alone(social, person):
    text = text_of(social.post(address(person), everything("takeaway")))
    assert found_in(text, (NOTE, *PROTECTED, *TEAM)) == ["canarijustice"]


def test_takeaway_of_a_supervisor_holds_no_health_nor_justice(supervising, person):
    text = text_of(supervising.post(address(person), everything("takeaway")))
    assert found_in(text, (NOTE, *PROTECTED, *TEAM)) == []


def test_takeaway_in_plain_words(social, social_worker):
    Structure.objects.create(name="Confluences", address="28 rue Joachim du Bellay", city="Arcueil")
    person = make_beneficiary(first_name="Moussa", last_name="Exemple Acacia", referent=social_worker)
    make_running_contract(person, days_left=20)
    make_appointment(social_worker, person, on=dt.date(2030, 10, 1), at=dt.time(9, 5), medium=Medium.PHONE)
    make_appointment(social_worker, person, on=dt.date(2030, 10, 2), purpose="Relire le CV")
    make_step(person, action="Écrire au bailleur", due=dt.date(2030, 1, 1), worker=social_worker)
    make_step(person, action="Appeler la CAF", due=today() - DAY, opened_on=today() - 2 * DAY)
    make_project(person)
    text = text_of(social.post(address(person), asked("takeaway"))).replace("\u00a0", " ")
    lines = [
        "Pour Moussa Exemple Acacia",
        f"Mardi 1er octobre 2030, à 9 h 05 Avec {social_worker}, par téléphone : nous vous appelons.",
        f"Mercredi 2 octobre 2030, heure à confirmer Avec {social_worker}, à notre bureau (adresse en bas). Relire le CV",
        f"Écrire au bailleur {social_worker} s’en charge. À faire avant le 1er janvier 2030.",
        "Appeler la CAF C’est à vous de le faire. C’était prévu pour le",
        "Nous cherchons ensemble le métier qui vous convient.",
        ", dans 20 jours.",
        f"Nous joindre {social_worker}, {social_worker.email} Confluences, 28 rue Joachim du Bellay, Arcueil",
    ]
    assert [line for line in lines if line not in text] == []


def test_takeaway_leaves_out_what_is_past_or_dropped(social, social_worker):
    person = make_beneficiary()
    make_appointment(social_worker, person, on=today() - DAY, purpose="hier")
    make_appointment(social_worker, person, on=today() + DAY, purpose="annulé", outcome="cancelled")
    long_ago = today() - 400 * DAY
    make_step(person, action="ancienne", opened_on=long_ago, status=StepStatus.DONE, closed_on=long_ago)
    make_step(person, action="abandonnée", status=StepStatus.DROPPED, closed_on=today())
    text = text_of(social.post(address(person), asked("takeaway")))
    assert found_in(text, ("hier", "annulé", "ancienne", "abandonnée")) == []


@pytest.mark.parametrize(
    ("contract", "line"),
    [
        ({"start": today() - 364 * DAY, "end": today()}, ", c’est aujourd’hui."),
        ({"start": today() - 363 * DAY, "end": today() + DAY}, ", c’est demain."),
        ({"start": dt.date(2024, 1, 1), "end": dt.date(2024, 12, 31)}, "a pris fin le 31 décembre 2024."),
        ({"start": dt.date(2024, 1, 1), "end": None, "kind": "cdi_inclusion"}, "n’a pas de date de fin."),
    ],
)
def test_end_of_the_contract_in_words(contract, line):
    person = make_beneficiary(birth_date=dt.date(1960, 1, 1))
    make_contract(person, **contract)
    [words] = takeaway.rights_lines(person, today())
    assert words.startswith("Votre contrat ")
    assert words.endswith(line)


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (dt.date(2020, 1, 1), "a pris fin le 30 décembre 2021 : parlons-en."),
        (dt.date(2099, 1, 1), "va jusqu’au 31 décembre 2100."),
    ],
)
def test_end_of_the_pass_in_words(start, words):
    person = make_pass(start=start).beneficiary
    [line] = takeaway.rights_lines(person, today())
    assert line == f"Votre PASS IAE (votre droit de travailler en insertion) {words}"


@pytest.mark.parametrize("stage", ProjectStage)
def test_every_stage_of_a_project_has_plain_words(stage):
    project = make_project(job="jardinier", stage=stage)
    assert takeaway.project_lines(project)[1:] == ["Métier visé : jardinier."]


def test_every_medium_has_plain_words():
    assert set(takeaway.PLACES) == set(Medium)


def test_whom_to_reach_without_referent(person, social_worker, supervisor):
    person.referent = None
    assert [takeaway.contact_of(person, user) for user in (social_worker, supervisor)] == [
        social_worker,
        None,
    ]
