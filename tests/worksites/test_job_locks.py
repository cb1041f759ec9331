"""A file of jobs imported while a team's morning holds the same jobs: neither waits for the other in a circle."""

from threading import Event

import pytest
from django.db import transaction

from confluences.imports import import_file
from tests.threads import at_once
from tests.worksites.factories import make_job, make_worksite
from worksites import job_resources
from worksites.job_actions import lock_jobs
from worksites.job_resources import JobResource
from worksites.models import JobOrder

pytestmark = pytest.mark.django_db(transaction=True)

WAIT = 2  # seconds that a thread leaves to the other


def test_an_import_takes_its_jobs_in_the_order_of_mornings(monkeypatch):
    worksite = make_worksite(name="Fresnes")
    first, second = make_job(worksite, title="A"), make_job(worksite, title="B")
    began, waiting = Event(), Event()
    save_job = job_resources.save_job

    def slow(job, *, by):
        saved = save_job(job, by=by)
        began.set()
        waiting.wait(WAIT)
        return saved

    monkeypatch.setattr(job_resources, "save_job", slow)
    lines = [
        f"Fresnes;{job.title};{job.client};230;{job.start:%d/%m/%Y};Remarque\n" for job in (second, first)
    ]
    text = "Chantier;Travaux;Client;Heures du devis;Début;Remarques\n" + "".join(lines)

    def morning():
        began.wait(WAIT)
        with transaction.atomic():
            return len(lock_jobs([first.pk, second.pk]))

    assert at_once(lambda: import_file(JobResource, text.encode(), by=None), morning) == [2, 2]
    assert set(JobOrder.objects.values_list("notes", flat=True)) == {"Remarque"}
