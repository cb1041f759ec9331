"""Client jobs in a real browser: the list with its picture, a job's page, its forms, on a screen, a phone and paper."""

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from confluences.enums import Role
from confluences.working_days import days_between, is_working_day
from tests.beneficiaries.factories import DAY, make_contract, today
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.worksites.factories import make_assignment, make_job, make_work, make_worksite
from worksites.models import JobOrder

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = 45 * DAY


@pytest.fixture
def worksite(django_db_serialized_rollback, transactional_db):
    """A team of two whose jobs are late, in hand, without a deadline, to come and finished."""
    worksite = make_worksite(name="Fresnes, jardins et berges")
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    people = []
    for number in range(2):
        person = make_contract(
            start=today() - 200 * DAY, end=today() + (100 if number else 20) * DAY, weekly_minutes=35 * 60
        ).beneficiary
        make_assignment(person, worksite, start=today() - 60 * DAY)
        people.append(person)
    cost = {"hourly_cost": "14.20", "quoted_amount": "4250.50"}
    jobs = [
        make_job(
            worksite,
            title="Taille des haies du parc de la mairie",
            client="Ville de Fresnes",
            quoted_minutes=400 * 60,
            start=today() - LONG_AGO,
            deadline=today() + 12 * DAY,
            progress=30,
            **cost,
        ),
        make_job(
            worksite,
            title="Nettoyage des berges",
            client="Syndicat de rivière",
            place="Quai des Carrières",
            quoted_minutes=200 * 60,
            start=today() - LONG_AGO,
            deadline=today() + 60 * DAY,
        ),
        make_job(
            worksite,
            title="Plantations",
            client="Bailleur",
            start=today() + 20 * DAY,
            quoted_minutes=1200 * 60,
            deadline=today() + 50 * DAY,
        ),
        make_job(worksite, title="Potager partagé", client="Maison de quartier", start=today() - 10 * DAY),
    ]
    days = [day for day in days_between(today() - 40 * DAY, today() - DAY) if is_working_day(day)]
    for day in days:
        make_work(jobs[0], day, 420, people[0])
        make_work(jobs[1], day, 210, people[1])
    make_job(
        worksite,
        title="Désherbage du cimetière",
        client="Ville de Fresnes",
        start=today() - LONG_AGO,
        deadline=today() - 20 * DAY,
        finished_on=today() - 15 * DAY,
    )
    return worksite


@pytest.mark.parametrize("width", [1280, 360])
def test_list_and_page_of_a_job(worksite, signed_in, width):
    page = signed_in(Role.INSTRUCTOR, width)
    page.goto("/chantiers/")
    page.get_by_role("link", name="Commandes").click()
    expect(page.locator("main [role=status]")).to_have_text("4 commandes")
    fits(page)
    axe(page)
    screenshot(page, f"jobs-list-{width}")
    page.get_by_role("combobox", name="Commandes").select_option("terminées")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator("main [role=status]")).to_have_text("1 commande")
    screenshot(page, f"jobs-finished-{width}")
    job = JobOrder.objects.get(title__startswith="Taille")
    page.goto(job.get_absolute_url())
    fits(page)
    axe(page)
    screenshot(page, f"jobs-detail-{width}")


def progress_typed(page: Page, percentage: str) -> None:
    page.get_by_label("Avancement constaté (%)").fill(percentage)
    with page.expect_response("**/avancement/"):
        page.get_by_role("button", name="Enregistrer").click()


@pytest.mark.parametrize("width", [1280, 360])
def test_progress_is_typed_in_place(worksite, signed_in, width):
    job = JobOrder.objects.get(title__startswith="Taille")
    page = signed_in(Role.INSTRUCTOR, width)
    page.goto(job.get_absolute_url())
    for percentage in ("50", "60"):
        progress_typed(page, percentage)
        expect(page.locator("#avancement [role=status]")).to_have_text("L’avancement est enregistré.")
    fits(page)
    axe(page)
    job.refresh_from_db()
    assert job.progress == 60


@pytest.mark.parametrize("width", [1280, 360])
def test_a_progress_beyond_the_job_is_refused_in_place(worksite, signed_in, faults, width):
    page = signed_in(Role.INSTRUCTOR, width)
    page.goto(JobOrder.objects.get(title__startswith="Taille").get_absolute_url())
    progress_typed(page, "140")
    expect(page.get_by_role("alert")).to_contain_text("L’avancement va de 0 à 100 %.")
    expect(page.get_by_label("Avancement constaté (%)")).to_have_value("140")
    fits(page)
    axe(page)
    screenshot(page, f"jobs-progress-refused-{width}")
    # The refusal, which the page showed.
    assert [fault[:3] for fault in faults] == ["422"]
    faults.clear()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_job_is_created_from_its_worksite(worksite, signed_in, width):
    page = signed_in(Role.INSTRUCTOR, width)
    page.goto(f"/chantiers/{worksite.pk}/commandes/nouvelle/")
    expect(page.get_by_label("Coût d’une heure de travail (€)")).to_have_value("14,20")
    fits(page)
    axe(page)
    page.get_by_label("Travaux").fill("Taille de rosiers")
    page.get_by_label("Ou un autre client").fill("Hôpital")
    page.get_by_label("Heures du devis").fill("12 jours")
    page.get_by_label("Montant du devis (€)").fill("1 850,50")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("alert")).to_contain_text("par exemple 230 ou 120:30")
    fits(page)
    axe(page)
    screenshot(page, f"jobs-form-{width}")
    page.get_by_label("Heures du devis").fill("1 200")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_role("heading", name="Taille de rosiers")).to_be_visible()
    job = JobOrder.objects.get(title="Taille de rosiers")
    assert (job.quoted_minutes, str(job.quoted_amount), job.start) == (72_000, "1850.50", dt.date.today())


def test_a_job_on_paper(worksite, signed_in):
    page = signed_in(Role.SUPERVISOR)
    page.emulate_media(media="print")
    for name, address in (
        ("list", "/chantiers/commandes/"),
        ("detail", JobOrder.objects.get(title__startswith="Taille").get_absolute_url()),
    ):
        page.goto(address)
        expect(page.locator(".chart").first).to_be_visible()
        expect(page.locator(".rail")).to_be_hidden()
        screenshot(page, f"jobs-print-{name}")
