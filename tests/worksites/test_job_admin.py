"""Client jobs in the admin, and their imports."""

import datetime as dt
from decimal import Decimal

import pytest

from confluences.admin_imports import EXAMPLES
from confluences.imports import Fault, import_file
from tests.confluences.test_admin import page
from tests.confluences.test_imports import faults_of
from tests.conftest import signed_in_client
from tests.worksites.factories import make_job, make_work, make_worksite
from worksites.job_resources import JobResource
from worksites.models import JobOrder

D = dt.date
pytestmark = pytest.mark.django_db
HEADINGS = (
    "Chantier;Travaux;Client;Heures du devis;Montant du devis (€);Début;À rendre le;Avancement constaté (%)"
)


@pytest.fixture
def administrator_client(administrator):
    return signed_in_client(administrator)


def worked():
    return make_work(make_job(), D(2024, 6, 20)).shares.get()


LISTS = [("worksites_joborder_changelist", make_job, 11), ("worksites_jobshare_changelist", worked, 11)]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "make", "queries"), LISTS, ids=[name for name, *_others in LISTS])
def test_list_queries(administrator_client, django_assert_num_queries, name, make, queries, count):
    for _number in range(count):
        make()
    with django_assert_num_queries(queries):
        assert len(administrator_client.get(page(name)).context["cl"].result_list) == count


def test_list_shows_hours(administrator_client):
    make_work(make_job(), D(2024, 6, 20), 450)
    text = administrator_client.get(page("worksites_joborder_changelist")).content.decode()
    assert "100\u00a0h" in text
    assert "7\u00a0h\u00a030" in text


def test_parts_are_found_by_person_and_by_job_and_are_read_alone(administrator_client):
    share = worked()
    worked()
    name = page("worksites_jobshare_changelist")
    for text in (str(share.entry.beneficiary), share.job.title):
        assert list(administrator_client.get(name, {"q": text}).context["cl"].result_list) == [share]
    assert administrator_client.get(page("worksites_jobshare_change", share.pk)).status_code == 200
    assert administrator_client.get(page("worksites_jobshare_add")).status_code == 403
    assert administrator_client.post(page("worksites_jobshare_delete", share.pk)).status_code == 403


def test_a_date_that_leaves_hours_outside_comes_back_as_an_error(administrator_client):
    job = worked().job
    data = {
        "worksite": job.worksite_id,
        "title": job.title,
        "client": job.client_id,
        "quoted_minutes": 6000,
        "start": "2024-07-01",
        "opened_version": 1,
    }
    response = administrator_client.post(page("worksites_joborder_change", job.pk), data)
    assert response.context["adminform"].form.errors == {
        "start": ["Des heures y sont pointées dès le 20 juin 2024."]
    }


# Imports


def test_example_imports_as_it_is():
    make_worksite(name="Exemple de chantier")
    content = (EXAMPLES / "commandes.csv").read_bytes()
    assert import_file(JobResource, content, by=None) == 2
    job = JobOrder.objects.get(title="Taille des haies")
    assert (job.quoted_minutes, job.quoted_amount, job.hourly_cost, job.progress) == (
        13_800,
        Decimal("4250.50"),
        Decimal("14.20"),
        40,
    )
    assert JobOrder.objects.get(title="Nettoyage des berges").quoted_minutes == 7230
    assert import_file(JobResource, content, by=None) == 0


def test_a_job_is_known_by_its_worksite_its_works_and_its_client():
    job = make_job(make_worksite(name="Fresnes"), title="Taille des haies", client="Ville")
    text = f"{HEADINGS}\nFRESNES;taille des haies;VILLE;120,5;;01/01/2024;;80\nFresnes;Taille des haies;Lycée;7;;01/01/2024;;\n"
    assert import_file(JobResource, text.encode(), by=None) == 2
    job.refresh_from_db()
    assert (job.quoted_minutes, job.progress, JobOrder.objects.count()) == (7230, 80, 2)


def test_faults_say_where_and_what():
    make_worksite(name="Fresnes")
    text = (
        f"{HEADINGS}\n"
        "Paris;A;B;7;;01/01/2024;;\n"
        "Fresnes;C;D;une semaine;cher;01/01/2024;;\n"
        "Fresnes;E;F;7;;01/02/2024;01/01/2024;\n"
        "Fresnes;G;H;7;;01/02/2024;;120\n"
        "Fresnes;I;J;0;NaN;01/02/2024;;\n"
    )
    assert faults_of(text, JobResource) == [
        Fault(2, "Chantier", "« Paris » n’est pas dans la liste. Valeurs acceptées : Fresnes."),
        Fault(
            3,
            "Heures du devis",
            "« une semaine » n’est pas une durée. Écrivez des heures, par exemple 230 ou 120:30.",
        ),
        Fault(3, "Montant du devis (€)", "« cher » n’est pas un montant. Écrivez par exemple 349,90."),
        Fault(4, "À rendre le", "La commande est à rendre avant d’avoir commencé."),
        Fault(5, "Avancement constaté (%)", "Assurez-vous que cette valeur est inférieure ou égale à 100."),
        Fault(6, "Heures du devis", "Le devis compte au moins une minute."),
        Fault(6, "Montant du devis (€)", "« NaN » n’est pas un montant. Écrivez par exemple 349,90."),
    ]
    assert not JobOrder.objects.exists()


@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_export_imports_again(administrator_client, file_format):
    make_job(
        quoted_minutes=7230,
        quoted_amount="4250.50",
        hourly_cost="14.20",
        deadline=D(2024, 5, 1),
        notes="=1+1",
    )
    content = administrator_client.post(page("worksites_joborder_export"), {"format": file_format}).content
    assert import_file(JobResource, content, by=None) == 0
    JobOrder.objects.all().delete()
    assert import_file(JobResource, content, by=None) == 1
