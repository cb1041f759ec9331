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
    assert annex.regularisation_months == ""  # no month is ticked
    form = AnnexForm(posted(data | {"expected_dynamic": "101"}))
    assert form.save_by(supervisor) is None
    assert "inférieure ou égale à 100" in " ".join(messages_of(form))


def annex_data(months: tuple[str, ...] = (), **fields):
    data = posted(
        {
            "number": "ACI-2026",
            "kind": "aci",
            "start": "2026-01-01",
            "end": "2026-12-31",
            "hours_per_etp": "1820",
        }
        | fields
    )
    data.setlist("regularisation_months", list(months))
    return data


def test_months_of_regularisation_are_ticked(supervisor):
    form = AnnexForm(annex_data(("11", "5", "8")))
    annex = form.save_by(supervisor)
    assert (annex.regularisation_months, annex.regularised_in) == ("5 8 11", [5, 8, 11])
    assert AnnexForm(instance=annex)["regularisation_months"].value() == ["5", "8", "11"]
    assert AnnexForm()["regularisation_months"].value() == ["5", "8", "11"]
    unchanged = AnnexForm(annex_data(("5", "8", "11")), instance=annex)
    assert "regularisation_months" not in unchanged.changed_data


def test_a_month_that_does_not_exist_is_refused(supervisor):
    form = AnnexForm(annex_data(("5", "13")))
    assert form.save_by(supervisor) is None
    assert list(form.errors) == ["regularisation_months"]
    assert form["regularisation_months"].value() == ["5", "13"]


def test_an_annex_that_nothing_can_be_counted_with_is_refused(supervisor):
    for fields, start in (
        ({"hours_per_etp": "0"}, "L’annexe donne 0 heure pour un ETP"),
        ({"end": "2036-12-31"}, "L’annexe dure plus de trois ans"),
    ):
        form = AnnexForm(annex_data(**fields))
        assert form.save_by(supervisor) is None
        assert messages_of(form)[0].startswith(start)


def test_two_people_who_tick_months_see_both_choices(supervisor):
    annex = AnnexForm(annex_data(("5",))).save_by(supervisor)
    both = [
        AnnexForm(
            annex_data((month,), opened_version=str(annex.version)),
            instance=type(annex).objects.get(),
        )
        for month in ("8", "10")
    ]
    assert both[0].save_by(supervisor).regularisation_months == "8"
    assert both[1].save_by(supervisor) is None
    assert [(each.label, each.theirs, each.yours) for each in both[1].conflicts] == [
        ("Mois de régularisation", "août", "octobre")
    ]
