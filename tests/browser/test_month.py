"""The month grid in Chromium: keyboard, paste, a whole month at once, faults, closing; at 1280 and 360 px."""

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from beneficiaries.models import MonthClosing, TimeEntry
from beneficiaries.time_actions import close_month
from confluences.enums import Role
from confluences.working_days import days_between, public_holiday
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_time
from tests.browser.conftest import axe, fits, screenshot
from tests.conftest import user_of
from tests.trainings.factories import attend, make_enrolment, make_programme, make_session
from tests.worksites.factories import make_assignment, make_worksite

pytestmark = pytest.mark.django_db(transaction=True)

D = dt.date
NAMES = [
    "Amari", "Benali", "Cissé", "Diallo", "Étienne", "Fofana", "Garcia", "Haddad",
    "Ibrahim", "Jasmin", "Kaya", "Lopez", "Mendes", "N’Diaye", "Okafor", "Petit",
]  # fmt: skip


def make_team(worksite, count: int):
    people = []
    for name in NAMES[:count]:
        person = make_beneficiary(last_name=name, first_name="Camille")
        make_contract(person, weekly_minutes=35 * 60)
        make_assignment(person, worksite)
        people.append(person)
    return people


def month_of(worksite, code="2024-05"):
    return f"{reverse('worksites:presence-month', args=[worksite.pk])}?mois={code}"


def cell(page, person, day):
    return page.locator(f"#c-{person.pk}-{day:02d}")


def paste(locator, text):
    """What the browser does with a copied block."""
    locator.evaluate(
        """(input, text) => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
            if (input.dispatchEvent(event)) throw new Error("the page let the browser paste");
        }""",
        text,
    )


@pytest.mark.parametrize("width", [1280, 360])
def test_a_month_is_typed_by_keyboard(signed_in, width):
    worksite = make_worksite(name="Fresnes")
    first, second = make_team(worksite, 2)
    make_time(second, D(2024, 5, 6))
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(month_of(worksite))
    axe(page)
    fits(page)
    screenshot(page, f"month-{width}-open")
    cell(page, first, 2).focus()
    page.keyboard.type("7")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Alt+ArrowUp")  # what is planned
    page.keyboard.press("Alt+ArrowDown")
    expect(cell(page, first, 3)).to_have_value("6,75")
    page.keyboard.press("Enter")
    expect(cell(page, second, 3)).to_be_focused()
    page.keyboard.type("cp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowLeft")
    expect(cell(page, first, 2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(cell(page, first, 3)).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="3 cases modifiées")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("Mai 2024 : 3 jours enregistrés pour 2 personnes.")).to_be_visible()
    assert set(TimeEntry.objects.values_list("beneficiary", "day__day", "kind", "minutes")) == {
        (first.pk, 2, "work", 420),
        (first.pk, 3, "work", 405),
        (second.pk, 3, "paid_absence", 420),
        (second.pk, 6, "work", 420),
    }


def test_a_block_is_pasted_into_cells(signed_in):
    worksite = make_worksite()
    first, _second = make_team(worksite, 2)
    page = signed_in(Role.INSTRUCTOR)
    worksite.instructors.add(user_of(Role.INSTRUCTOR))
    page.goto(month_of(worksite))
    paste(cell(page, first, 30), "7\t3,5 F3,5\thors\n6h30\tCP\n7")
    expect(page.get_by_role("status").filter(has_text="4 cases collées. 2 hors du tableau")).to_be_visible()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("4 jours enregistrés pour 2 personnes")).to_be_visible()
    assert sum(TimeEntry.objects.values_list("minutes", flat=True)) == 420 + 420 + 390 + 420


@pytest.mark.parametrize("width", [1280, 360])
def test_a_month_for_16_people_is_pasted_in_one_go(signed_in, width):
    worksite = make_worksite(name="Champigny-sur-Marne")
    people = make_team(worksite, 16)
    days = [day for day in days_between(D(2024, 5, 1), D(2024, 5, 31)) if day.isoweekday() < 6]
    header = "\t".join(["Salarié", *(str(day.day) for day in days)])
    rows = [
        "\t".join(
            [f"Camille {person.last_name.upper()}", *("JF" if public_holiday(day) else "7" for day in days)]
        )
        for person in people
    ]
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(month_of(worksite))
    box = page.get_by_label("Tableau copié dans un tableur")
    wrong = rows[3].replace("DIALLO", "DIALO")
    box.fill("\n".join([header, *rows[:3], wrong, *rows[4:]]))
    page.get_by_role("button", name="Coller et enregistrer").click()
    expect(
        page.get_by_text("Ligne 5 : « Camille DIALO » n’est pas dans ce tableau (« Diallo Camille » ?).")
    ).to_be_visible()
    axe(page)
    screenshot(page, f"month-{width}-refused")
    assert not TimeEntry.objects.exists()
    assert "Camille DIALO" in box.input_value()
    box.fill("\n".join([header, *rows]))
    page.get_by_role("button", name="Coller et enregistrer").click()
    expect(page.get_by_text("Mai 2024 : 368 jours enregistrés pour 16 personnes.")).to_be_visible()
    assert TimeEntry.objects.count() == 368
    fits(page)
    axe(page)
    screenshot(page, f"month-{width}-pasted")


@pytest.mark.parametrize("width", [1280, 360])
def test_faults_keep_what_was_typed_and_both_values_of_a_conflict(signed_in, width):
    worksite = make_worksite()
    first, second = make_team(worksite, 2)
    enrolment = make_enrolment(make_programme(), first)
    attend(make_session(enrolment.programme, D(2024, 5, 6)), enrolment)
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(month_of(worksite))
    cell(page, first, 6).fill("3,5")
    cell(page, second, 7).fill("x7")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(cell(page, second, 7)).to_have_attribute("aria-invalid", "true")
    expect(cell(page, first, 6)).to_have_value("3,5")
    axe(page)
    make_time(second, D(2024, 5, 7), 300)
    cell(page, second, 7).fill("7")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    link = page.get_by_role("link", name="« 5 » vient d’être enregistré, votre saisie est « 7 »")
    link.click()
    expect(cell(page, second, 7)).to_be_focused()
    fits(page)
    screenshot(page, f"month-{width}-conflict")
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text("2 jours enregistrés pour 2 personnes")).to_be_visible()
    assert sum(TimeEntry.objects.filter(day=D(2024, 5, 7)).values_list("minutes", flat=True)) == 420


@pytest.mark.parametrize("width", [1280, 360])
def test_a_month_is_closed_and_reopened(signed_in, width):
    worksite = make_worksite(name="Fresnes")
    first, _second = make_team(worksite, 2)
    make_time(first, D(2024, 5, 6))
    page = signed_in(Role.SUPERVISOR, width)
    page.goto(month_of(worksite))
    page.get_by_role("link", name="Clôture").click()
    expect(page.get_by_role("button", name="Clore mai 2024 quand même")).to_be_visible()
    axe(page)
    fits(page)
    screenshot(page, f"month-{width}-close")
    page.get_by_role("button", name="Clore mai 2024 quand même").click()
    expect(page.get_by_text("Mai 2024 est clos pour tous les chantiers.")).to_be_visible()
    page.get_by_role("link", name="Fresnes").click()
    expect(page.get_by_text("mois clos")).to_be_visible()
    expect(page.locator(".month-grid input")).to_have_count(0)
    axe(page)
    screenshot(page, f"month-{width}-closed")
    page.get_by_role("link", name="Clôture").click()
    page.get_by_role("link", name="Rouvrir mai 2024").click()
    expect(page.get_by_label("Pourquoi rouvrir")).to_be_visible()
    axe(page)
    page.get_by_label("Pourquoi rouvrir").fill("Un arrêt de travail reçu en retard")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("Mai 2024 est rouvert")).to_be_visible()
    expect(page.get_by_text("Un arrêt de travail reçu en retard")).to_be_visible()
    axe(page)
    screenshot(page, f"month-{width}-reopened")
    assert not MonthClosing.objects.in_force().exists()


def test_a_month_prints_on_a_landscape_page(signed_in, tmp_path):
    worksite = make_worksite(name="Fresnes")
    for person in make_team(worksite, 16):
        for day in (6, 7, 10, 13, 14):
            make_time(person, D(2024, 5, day))
    close_month(D(2024, 5, 1), D(2024, 5, 31), by=user_of(Role.SUPERVISOR), today=D(2024, 6, 1))
    page = signed_in(Role.SUPERVISOR)
    page.goto(month_of(worksite))
    pdf = page.pdf(prefer_css_page_size=True)
    Path("var").mkdir(exist_ok=True)
    Path("var/month.pdf").write_bytes(pdf)
    sheets = pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page ")
    assert sheets <= 2
