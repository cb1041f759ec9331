"""What is typed about worksites."""

import datetime as dt

from confluences.enums import Role
from tests.beneficiaries.factories import make_beneficiary
from tests.beneficiaries.test_forms import messages_of, posted
from tests.worksites.factories import make_assignment, make_worksite
from worksites.forms import AnnexForm, AssignmentForm, WorksiteForm
from worksites.models import Assignment

D = dt.date


def test_instructors_are_chosen_among_those_of_the_role(users, django_user_model):
    worksite = make_worksite()
    former = django_user_model.objects.create_user("ancien@example.org", "x", is_active=False)
    worksite.instructors.add(former)
    assert set(WorksiteForm().fields["instructors"].queryset) == {users[Role.INSTRUCTOR]}
    assert set(WorksiteForm(instance=worksite).fields["instructors"].queryset) == {
        users[Role.INSTRUCTOR],
        former,
    }


def test_worksite_keeps_its_instructors(supervisor, instructor):
    data = posted({"name": "Fresnes", "opened_on": "2014-12-08", "instructors": instructor.pk})
    worksite = WorksiteForm(data).save_by(supervisor)
    assert list(worksite.instructors.all()) == [instructor]


def test_open_assignment_is_closed_only_if_asked(social_worker):
    former = make_assignment()
    data = {"worksite": make_worksite().pk, "start": "2024-07-01", "end": ""}
    form = AssignmentForm(posted(data), instance=Assignment(beneficiary=former.beneficiary))
    assert form.fields["close_former"].label.startswith(
        "Terminer la veille l’affectation actuelle (Chantier "
    )
    assert form.save_by(social_worker) is None
    assert messages_of(form)[0].startswith("Cette personne est déjà affectée à un chantier")
    form = AssignmentForm(
        posted(data | {"close_former": "on"}), instance=Assignment(beneficiary=former.beneficiary)
    )
    assert form.save_by(social_worker).start == D(2024, 7, 1)


def test_first_assignment_closes_nothing(db):
    assert "close_former" not in AssignmentForm(instance=Assignment(beneficiary=make_beneficiary())).fields


def test_annex_of_a_year(supervisor):
    worksite = make_worksite()
    data = {
        "number": "ACI-2026",
        "kind": "aci",
        "start": "2026-01-01",
        "end": "2026-12-31",
        "worksites": worksite.pk,
        "agreed_etp": "10,5",
        "hours_per_etp": "1820",
    }
    annex = AnnexForm(posted(data)).save_by(supervisor)
    assert (str(annex.agreed_etp), list(annex.worksites.all())) == ("10.5", [worksite])
    form = AnnexForm(posted(data | {"expected_dynamic": "101"}))
    assert form.save_by(supervisor) is None
    assert "inférieure ou égale à 100" in " ".join(messages_of(form))
