"""The dossier: what stands in it for each reader, and what never does."""

import re
from http import HTTPStatus

import pytest

from beneficiaries.enums import LengthDerogation, ProlongationReason
from beneficiaries.models import Prolongation
from confluences.actions import save_recorded
from confluences.enums import AuditEvent
from confluences.person_papers import dossier
from confluences.person_papers.dossier import particulars, pass_changes
from confluences.person_papers.selection import Choices, Selection
from tests.beneficiaries.factories import (
    DAY,
    make_beneficiary,
    make_contract,
    make_follow_up,
    make_step,
    today,
)
from tests.confluences.person_papers.reading import (
    CLOSED_NOTE,
    NOTE,
    PROTECTED,
    TAKEN_AWAY,
    TEAM,
    address,
    asked,
    everything,
    found_in,
    logged,
    said,
    text_of,
)
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session

pytestmark = pytest.mark.django_db


def test_dossier_with_every_box(social, person):
    text = text_of(social.post(address(person), everything("dossier")))
    words = (NOTE, *PROTECTED, *TEAM, *TAKEN_AWAY)
    assert found_in(text, words) == list(words)


def test_dossier_without_a_box_holds_no_health_nor_justice_nor_note(social, person):
    text = text_of(social.post(address(person), asked("dossier")))
    assert (found_in(text, (NOTE, *PROTECTED)), found_in(text, TEAM)) == ([], list(TEAM))


@pytest.mark.parametrize("sent", [asked("dossier"), everything("dossier")], ids=["plain", "every box forged"])
def test_dossier_of_a_supervisor_holds_no_trace_of_what_is_not_his(supervising, person, sent):
    text = text_of(supervising.post(address(person), sent))
    assert (found_in(text, (NOTE, *PROTECTED)), found_in(text, TEAM)) == ([], list(TEAM))


def test_note_closed_to_its_author_is_printed_for_the_author_alone(social, person, django_user_model):
    other = django_user_model.objects.create_user("autre@example.org")
    make_follow_up(person, by=other, note=CLOSED_NOTE, author_only=True)
    text = text_of(social.post(address(person), everything("dossier")))
    assert found_in(text, (NOTE, CLOSED_NOTE)) == [NOTE]


def test_dossier_holds_one_person_only(social, person):
    make_follow_up(said="canariautre", note="canariautrenote")
    make_step(action="canariautredemarche")
    text = text_of(social.post(address(person), everything("dossier")))
    assert found_in(text, ("canariautre",)) == []


def test_dossier_tells_follow_ups_in_the_order_of_time(social):
    person = make_beneficiary()
    for days in (3, 9, 6):
        make_follow_up(person, on=today() - days * DAY, said=f"il y a {days} jours")
    text = text_of(social.post(address(person), asked("dossier")))
    assert re.findall(r"il y a (\d) jours", text) == ["9", "6", "3"]


def test_dossier_of_a_period(social):
    person = make_beneficiary()
    for days in (3, 6, 9):
        make_follow_up(person, on=today() - days * DAY, said=f"il y a {days} jours")
    sent = asked("dossier", since=str(today() - 7 * DAY), until=str(today() - 5 * DAY))
    assert re.findall(r"il y a (\d) jours", text_of(social.post(address(person), sent))) == ["6"]


def test_dossier_of_a_period_that_ends_before_it_begins(social, person):
    sent = asked("dossier", since=str(today()), until=str(today() - DAY), notes="on")
    response = social.post(address(person), sent)
    form = response.context["dossier_form"]
    assert (response.status_code, dict(form.errors)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        {"until": ["La période finit avant de commencer : vérifiez les deux dates."]},
    )
    assert form["notes"].value()


def test_dossier_too_long_for_one_paper(social, person, monkeypatch):
    monkeypatch.setattr(dossier, "MAX_WORDS", 1)
    response = social.post(address(person), asked("dossier"))
    assert (response.status_code, said(response)) == (
        HTTPStatus.UNPROCESSABLE_ENTITY,
        [
            "Ces suivis comptent 2 mots, un dossier en porte 1 au plus : imprimez-le en plusieurs fois, par périodes."
        ],
    )
    assert logged(AuditEvent.PRINT) == []


@pytest.fixture
def selection(person, social_worker):
    def select(**choices) -> Selection:
        return Selection(person=person, user=social_worker, today=today(), choices=Choices(**choices))

    return select


def test_reasons_that_tell_of_health_or_justice_need_the_box(selection, person):
    contract = person.contracts.get()
    contract.length_derogation = LengthDerogation.SENTENCE
    pass_iae = person.passes.get()
    row = Prolongation(
        pass_iae=pass_iae,
        start=pass_iae.end + DAY,
        end=pass_iae.end + 30 * DAY,
        reason=ProlongationReason.RQTH,
        requested_on=pass_iae.end,
        opinion_by="x",
    )
    save_recorded(row, by=None)
    told, kept = selection(protected=True), selection()
    assert particulars(contract, told) == "Dérogation : aménagement de peine (moins de 4 mois)."
    assert particulars(contract, kept) == ""
    assert pass_changes(pass_iae, told) == [f"{row} : travailleur handicapé"]
    assert pass_changes(pass_iae, kept) == [str(row)]


def test_dossier_tells_the_trainings_with_their_hours(social):
    person = make_contract(make_beneficiary()).beneficiary
    programme = make_programme(420, name="Espaces verts, essai")
    attend(make_session(programme), make_enrolment(programme, person))
    text = text_of(social.post(address(person), asked("dossier"))).replace("\u00a0", " ")
    assert "Espaces verts, essai" in text
    assert "3 h 30 / 7 h" in text
