"""Programmes, sessions, enrolments and attendance in the admin."""

import datetime as dt

import pytest
from zeal import zeal_ignore

from confluences.imports import import_file
from tests.confluences.test_admin import page
from tests.conftest import signed_in_client
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from trainings.models import Attendance, Enrolment, Module, Programme, Session
from trainings.resources import EnrolmentResource, ProgrammeResource
from trainings.session_resources import AttendanceResource, SessionResource

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def post(client, address: str, data: dict):
    """Django's own inline rows ask for each row's choices, and its deletion page names each row."""
    with zeal_ignore():
        return client.post(address, data)


def make_attendance() -> Attendance:
    session = make_session()
    return attend(session, make_enrolment(session.programme))


LISTS = [
    ("trainings_programme_changelist", make_programme, 8),
    ("trainings_enrolment_changelist", make_enrolment, 12),
    ("trainings_session_changelist", make_session, 13),
    ("trainings_attendance_changelist", make_attendance, 11),
]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    Programme.objects.all().delete()
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


@pytest.mark.parametrize("name", ["programme", "enrolment", "session", "attendance"])
def test_search_finds_nothing_without_a_crash(administrator_client, name):
    make_attendance()
    response = administrator_client.get(page(f"trainings_{name}_changelist"), {"q": "introuvable"})
    assert list(response.context["cl"].result_list) == []


# Programmes


def modules(*rows: dict) -> dict[str, str]:
    standing = sum("id" in row for row in rows)
    data = {"modules-TOTAL_FORMS": len(rows), "modules-INITIAL_FORMS": standing}
    return data | {
        f"modules-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()
    }


def module(position: int, minutes: int, **fields) -> dict:
    return {"position": position, "name": f"M{position}", "minutes": minutes} | fields


def programme_data(*rows: dict, **fields) -> dict:
    typed = {"name": "Tonte", "kind": "trade", "minutes": "420", "required_percent": "90"} | fields
    return typed | modules(*rows)


def test_programme_is_added_with_its_modules(administrator_client, administrator):
    data = programme_data(module(2, 210), module(1, 210))
    assert post(administrator_client, page("trainings_programme_add"), data).status_code == 302
    programme = Programme.objects.get(name="Tonte")
    assert [each.name for each in programme.modules.all()] == ["M1", "M2"]
    assert (programme.created_by, programme.modules.first().created_by) == (administrator, administrator)


def test_programme_that_does_not_add_up_is_refused_whole(administrator_client):
    programme = make_programme(210, 210, name="Tonte")
    first, second = programme.modules.all()
    rows = [
        module(1, 200, id=first.pk, opened_version=1),
        module(2, 210, id=second.pk, opened_version=1),
    ]
    data = programme_data(*rows, opened_version=1)
    response = post(administrator_client, page("trainings_programme_change", programme.pk), data)
    assert response.context["adminform"].form.non_field_errors() == [
        "Les modules font 6\u00a0h\u00a050 en tout et le programme dure 7\u00a0h : il manque 10\u00a0min."
    ]
    assert list(Module.objects.filter(programme=programme).values_list("minutes", flat=True)) == [210, 210]
    right = modules(*[row | {"minutes": 210 + change} for row, change in zip(rows, (10, -10), strict=True)])
    response = post(administrator_client, page("trainings_programme_change", programme.pk), data | right)
    assert response.status_code == 302
    assert list(programme.modules.values_list("minutes", flat=True)) == [220, 200]


def test_module_is_removed_in_the_admin(administrator_client):
    programme = make_programme(210, 210, name="Tonte")
    first, second = programme.modules.all()
    data = programme_data(
        module(1, 210, id=first.pk, opened_version=1),
        module(2, 210, id=second.pk, opened_version=1, DELETE="on"),
        opened_version=1,
        minutes=210,
    )
    assert (
        post(administrator_client, page("trainings_programme_change", programme.pk), data).status_code == 302
    )
    assert list(programme.modules.all()) == [first]


# Sessions


def session_data(programme: Programme, *rows: tuple[Module, int], **fields) -> dict:
    typed = {"programme": programme.pk, "day": "04/03/2024", "start": "09:00", "end": "12:30"} | fields
    typed |= {"taught-TOTAL_FORMS": len(rows), "taught-INITIAL_FORMS": 0}
    for number, (taught, minutes) in enumerate(rows):
        typed |= {f"taught-{number}-module": taught.pk, f"taught-{number}-minutes": minutes}
    return typed


def test_session_is_added_with_its_modules(administrator_client):
    programme = make_programme(210, 210)
    first, second = programme.modules.all()
    refused = post(
        administrator_client,
        page("trainings_session_add"),
        session_data(programme, (first, 60), (second, 100)),
    )
    assert refused.context["adminform"].form.non_field_errors() == [
        "Les modules font 2\u00a0h\u00a040 en tout et la séance dure 3\u00a0h\u00a030 : il manque 50\u00a0min."
    ]
    data = session_data(programme, (first, 60), (second, 150))
    assert post(administrator_client, page("trainings_session_add"), data).status_code == 302
    assert list(Session.objects.get().taught.values_list("minutes", flat=True)) == [60, 150]
    again = post(
        administrator_client, page("trainings_session_add"), data | {"start": "10:00", "end": "13:30"}
    )
    assert again.context["adminform"].form.errors == {
        "day": ["4 mars 2024 : ce groupe a déjà une séance de 9\u00a0h à 12\u00a0h\u00a030."]
    }


def test_session_with_attendance_is_not_deleted(administrator_client):
    session = make_attendance().session
    post(administrator_client, page("trainings_session_delete", session.pk), {"post": "yes"})
    assert Session.objects.get() == session
    free = make_session(session.programme, dt.date(2024, 3, 6))
    post(administrator_client, page("trainings_session_delete", free.pk), {"post": "yes"})
    assert Session.objects.get() == session


# Attendance and exports


def test_attendance_is_only_read(administrator_client):
    attendance = make_attendance()
    assert administrator_client.get(page("trainings_attendance_change", attendance.pk)).status_code == 200
    assert (
        administrator_client.post(page("trainings_attendance_change", attendance.pk), {}).status_code == 403
    )
    assert administrator_client.get(page("trainings_attendance_add")).status_code == 403
    assert administrator_client.get(page("trainings_attendance_delete", attendance.pk)).status_code == 403
    assert administrator_client.get(page("trainings_attendance_import")).status_code == 200


EXPORTED = [
    ("programme", ProgrammeResource),
    ("enrolment", EnrolmentResource),
    ("session", SessionResource),
    ("attendance", AttendanceResource),
]


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize(("name", "resource"), EXPORTED, ids=[name for name, _resource in EXPORTED])
def test_exports_import_again(administrator_client, name, resource, file_format):
    make_attendance()
    content = administrator_client.post(page(f"trainings_{name}_export"), {"format": file_format}).content
    assert import_file(resource, content, by=None) == 0


def test_enrolment_is_recorded(administrator_client):
    enrolment = make_enrolment()
    data = {
        "programme": enrolment.programme.pk,
        "beneficiary": enrolment.beneficiary.pk,
        "enrolled_on": "01/01/2024",
        "group": "B",
        "opened_version": 1,
    }
    response = administrator_client.post(page("trainings_enrolment_change", enrolment.pk), data)
    assert response.status_code == 302
    assert Enrolment.objects.get().group == "B"
