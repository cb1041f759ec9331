"""Sessions written with the minutes of their modules."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from trainings.models import Session
from trainings.session_actions import delete_session, save_session


@pytest.mark.django_db
def test_a_session_gives_all_its_minutes_to_modules():
    session = make_session()
    first, second = session.programme.modules.all()
    save_session(session, {first: 100, second: 110}, by=None)
    assert list(session.taught.values_list("module", "minutes")) == [(first.pk, 100), (second.pk, 110)]
    with pytest.raises(ValidationError, match=r"il manque 10.*min"):
        save_session(session, {first: 200}, by=None)
    stranger = make_programme().modules.first()
    with pytest.raises(ValidationError, match="autre programme"):
        save_session(session, {stranger: 210}, by=None)
    assert session.taught.count() == 2


@pytest.mark.django_db
def test_a_session_is_half_a_day():
    with pytest.raises(ValidationError, match="demi-journée, de 5 heures au plus"):
        make_session(end=dt.time(14, 1))


@pytest.mark.django_db
def test_a_session_with_attendance_keeps_its_time_and_stays():
    session = make_session()
    attend(session, make_enrolment(session.programme))
    with pytest.raises(ValidationError, match="ne se supprime plus"):
        delete_session(session)
    session.trainer = "Nadia Exemple"
    save_session(session, {session.programme.modules.first(): 210}, by=None)
    session.end = dt.time(12)
    with pytest.raises(ValidationError, match="déjà saisie"):
        save_session(session, {session.programme.modules.first(): 180}, by=None)
    assert Session.objects.get(pk=session.pk).trainer == "Nadia Exemple"
