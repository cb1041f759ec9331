"""Programmes written with their modules: what adds up."""

import pytest
from django.core.exceptions import ValidationError

from tests.trainings.factories import make_programme, make_session
from trainings.models import CertificateRegister, Module, Programme
from trainings.programme_actions import save_programme


@pytest.mark.django_db
def test_the_programmes_that_ship_add_up():
    programmes = Programme.objects.prefetch_related("modules")
    assert {
        programme.name: (programme.minutes, sum(module.minutes for module in programme.modules.all()))
        for programme in programmes
    } == {
        "Espaces verts, 230 heures": (230 * 60, 230 * 60),
        "Français langue étrangère": (60 * 60, 60 * 60),
        "Langue étrangère": (30 * 60, 30 * 60),
        "Savoirs de base": (60 * 60, 60 * 60),
    }
    assert CertificateRegister.objects.get().last_number == 0


@pytest.mark.django_db
@pytest.mark.parametrize(("minutes", "gap"), [(599, "1.*min de trop"), (660, "il manque 1.*h")])
def test_modules_that_do_not_add_up(minutes, gap):
    before = Programme.objects.count()
    with pytest.raises(ValidationError, match=gap):
        make_programme(300, 300, minutes=minutes)
    assert (Programme.objects.count(), Module.objects.filter(name="Module 1").count()) == (before, 0)


@pytest.mark.django_db
def test_a_module_that_was_taught_stays():
    programme = make_programme(210, 210)
    make_session(programme)
    first, second = programme.modules.all()
    programme.minutes = second.minutes
    with pytest.raises(ValidationError, match="a déjà des séances"):
        save_programme(programme, [second], by=None, removed=[first])
    assert programme.modules.count() == 2
