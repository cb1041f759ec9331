"""What is typed about client jobs, and what their writing refuses."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from confluences.actions import Conflict, save_recorded
from tests.beneficiaries.factories import today
from tests.beneficiaries.test_forms import posted
from tests.worksites.factories import make_assignment, make_job, make_work, make_worksite
from worksites.job_actions import save_job
from worksites.job_forms import JobForm, ProgressForm
from worksites.models import JobOrder

D = dt.date
TYPED = {
    "title": "Taille des haies",
    "new_client": "Ville d’Exemple",
    "quoted_minutes": "120:30",
    "quoted_amount": "4 250,50",
    "hourly_cost": "14,2",
    "start": "2024-03-01",
    "deadline": "2024-05-31",
}


def form_of(worksite=None, **typed) -> JobForm:
    return JobForm(posted(TYPED | typed), instance=JobOrder(worksite=worksite or make_worksite()))


def test_job_is_written_as_people_type_it(instructor):
    job = form_of().save_by(instructor)
    job.refresh_from_db()
    assert (job.quoted_minutes, job.quoted_amount, job.hourly_cost) == (
        7230,
        Decimal("4250.50"),
        Decimal("14.20"),
    )
    assert (job.start, job.deadline, job.created_by) == (D(2024, 3, 1), D(2024, 5, 31), instructor)


@pytest.mark.parametrize(
    ("typed", "field", "message"),
    [
        ({"quoted_minutes": ""}, "quoted_minutes", "Ce champ est obligatoire."),
        ({"quoted_minutes": "0"}, "quoted_minutes", "Le devis compte au moins une minute."),
        (
            {"quoted_minutes": "un mois"},
            "quoted_minutes",
            "Écrivez des heures et des minutes, par exemple 230 ou 120:30.",
        ),
        (
            {"quoted_amount": "cher"},
            "quoted_amount",
            "Ce n’est pas un montant. Écrivez par exemple 12 500,50.",
        ),
        (
            {"hourly_cost": "-1"},
            "hourly_cost",
            "Un montant n’est pas négatif.",
        ),
        (
            {"start": "3024-03-01", "deadline": ""},
            "start",
            "Cette date est dans plus d’un an : vérifiez l’année.",
        ),
        ({"deadline": "2024-02-29"}, "deadline", "La commande est à rendre avant d’avoir commencé."),
        (
            {"deadline": "2204-05-31"},
            "deadline",
            "Cette date est plus de dix ans après le début : vérifiez l’année.",
        ),
        ({"progress": "101"}, "progress", "Assurez-vous que cette valeur est inférieure ou égale à 100."),
    ],
)
def test_bad_input_is_refused_in_words_and_comes_back(instructor, typed, field, message):
    form = form_of(**typed)
    assert form.save_by(instructor) is None
    assert form.errors == {field: [message]}
    assert form["title"].value() == "Taille des haies"
    assert not JobOrder.objects.exists()


def test_an_hour_costs_what_it_cost_on_the_last_job_of_the_worksite(db):
    worksite = make_worksite()
    assert JobForm(instance=JobOrder(worksite=worksite))["hourly_cost"].value() is None
    make_job(worksite, hourly_cost="13.10", start=D(2023, 1, 1))
    make_job(worksite, hourly_cost="14.20", start=D(2024, 1, 1))
    make_job(worksite, start=D(2024, 2, 1))
    make_job(hourly_cost="99.00", start=D(2024, 3, 1))
    assert JobForm(instance=JobOrder(worksite=worksite))["hourly_cost"].value() == Decimal("14.20")


def test_a_job_is_finished_on_its_page_of_changes_not_at_its_creation(instructor):
    assert "finished_on" not in form_of().fields
    job = make_job()
    data = TYPED | {
        "opened_version": job.version,
        "finished_on": f"{today() + dt.timedelta(days=1):%Y-%m-%d}",
    }
    form = JobForm(posted(data), instance=job)
    assert form.save_by(instructor) is None
    assert form.errors == {"finished_on": ["Cette date n’est pas encore passée : vérifiez-la."]}


def test_an_end_before_the_start_is_refused_beside_its_field(instructor):
    job = make_job()
    form = JobForm(posted(TYPED | {"opened_version": job.version, "finished_on": "2024-02-29"}), instance=job)
    assert form.save_by(instructor) is None
    assert form.errors == {"finished_on": ["La commande est terminée avant d’avoir commencé."]}


def test_two_people_see_both_texts(instructor, supervisor):
    job = make_job(quoted_minutes=6000)
    JobForm(posted(TYPED | {"opened_version": job.version}), instance=job).save_by(supervisor)
    data = TYPED | {"quoted_minutes": "200", "opened_version": 1}
    form = JobForm(posted(data), instance=JobOrder.objects.get())
    assert form.save_by(instructor) is None
    assert [(each.label, each.theirs, each.yours) for each in form.conflicts] == [
        ("Heures du devis", "120\u00a0h\u00a030", "200\u00a0h")
    ]


@pytest.mark.parametrize("typed", ["-1", "101", "beaucoup"])
def test_progress_outside_its_scale_is_refused(instructor, typed):
    job = make_job()
    form = ProgressForm(posted({"progress": typed, "opened_version": job.version}), instance=job)
    assert form.save_by(instructor) is None
    assert list(form.errors) == ["progress"]


# The hours recorded stay inside the job


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"start": D(2024, 6, 21)}, {"start": ["Des heures y sont pointées dès le 20 juin 2024."]}),
        (
            {"finished_on": D(2024, 6, 19)},
            {"finished_on": ["Des heures y sont pointées jusqu’au 20 juin 2024."]},
        ),
    ],
)
def test_dates_that_would_leave_hours_outside_are_refused(db, change, message):
    job = make_job()
    make_work(job, D(2024, 6, 20))
    for name, value in change.items():
        setattr(job, name, value)
    with pytest.raises(ValidationError) as refusal:
        save_job(job, by=None)
    assert refusal.value.message_dict == message
    assert JobOrder.objects.get().version == 1


def test_dates_around_the_hours_are_accepted(db):
    job = make_job()
    make_work(job, D(2024, 6, 20))
    job.start = job.finished_on = D(2024, 6, 20)
    assert save_job(job, by=None).version == 2


def test_a_job_with_hours_stays_on_its_worksite(db):
    job = make_job()
    make_work(job, D(2024, 6, 20))
    job.worksite = make_worksite()
    with pytest.raises(ValidationError, match="créez plutôt une autre commande"):
        save_job(job, by=None)


def test_a_job_without_hours_may_move(db):
    job = make_job()
    make_assignment(worksite=job.worksite)
    job.worksite = make_worksite()
    assert save_job(job, by=None).worksite == job.worksite


def test_somebody_else_s_save_is_not_overwritten(db):
    job = make_job()
    stale = JobOrder.objects.get()
    save_recorded(job, by=None)
    with pytest.raises(Conflict):
        save_job(stale, by=None)
