"""In a real Chromium, a note of 2,000 words survives what happens in an office, to the character; without the check, it
does not."""

import re
from itertools import islice

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from beneficiaries.models import Beneficiary, FollowUp
from confluences.enums import Role
from confluences.models import Draft, User
from confluences.rights import grant
from tests.beneficiaries.factories import make_beneficiary, make_follow_up
from tests.browser.conftest import axe, eventually, fits, screenshot, watch
from tests.conftest import PASSWORD, user_of

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "Élodie a trouvé « la clé » — œuvre d’août, ça ira 🌳 dès lundi 👩🏽\u200d🌾 après l’hôpital ; naïf, 12 € :"
WORDS = SENTENCE.split(" ")
ENDING = " … et voilà la toute fin 🌻."


def note_of(words: int) -> str:
    """That many words, each with its number, in lines and paragraphs."""

    def numbered():
        number = 0
        while True:
            number += 1
            end = "\n\n" if number % 150 == 0 else "\n" if number % 40 == 0 else " "
            yield f"{WORDS[number % len(WORDS)]}{number}{end}"

    return "".join(islice(numbered(), words)).strip()


NOTE = note_of(2000)


def create_page(person: Beneficiary) -> str:
    return reverse("beneficiaries:follow-up-create", args=[person.pk])


def said(page: Page):
    return page.locator("textarea[name=said]")


def note(page: Page):
    """The confidential note, unfolded where it is folded away."""
    for folded in page.locator("details:not([open])", has=page.locator("textarea[name=note]")).all():
        folded.locator("summary").click()
    return page.locator("textarea[name=note]")


def status(page: Page):
    return page.locator(".draft-status")


def save_button(page: Page):
    return page.get_by_role("button", name="Enregistrer")


def open_form(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[name=minutes]").fill("45")


def add(page: Page, text: str) -> None:
    """Types at the end of the note."""
    said(page).focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def drafted(field: str = "said") -> str | None:
    """What the only draft holds of a field, None as long as it holds nothing."""
    draft = Draft.objects.first()
    texts = draft.content["fields"].get(field) if draft else None
    return texts[0].replace("\r\n", "\n") if texts else None


def sign_in(tab: Page, user: User) -> None:
    tab.locator("input[name=login]").fill(user.email)
    tab.locator("input[name=password]").fill(PASSWORD)
    tab.get_by_role("button", name=re.compile("connecter|connexion", re.IGNORECASE)).first.click()
    tab.wait_for_url(lambda url: "/login/" not in url)


def expected_faults(faults: list[str], *codes: int) -> None:
    """Clears the refusals that the test asked for, and only those."""
    others = [fault for fault in faults if not fault.startswith(tuple(f"{code} " for code in codes))]
    assert others == []
    faults.clear()


def without_drafts(context: BrowserContext) -> None:
    """The control: the same browser, the same server, no check."""
    context.route("**/drafts*.js", lambda route: route.abort())


def kill_sessions() -> None:
    Session.objects.all().delete()


# A session killed on the server


def test_a_session_killed_while_typing_loses_nothing(signed_in, faults):
    person = make_beneficiary()
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(person))
    said(page).fill(NOTE[:6000])
    expect(status(page)).to_have_text(re.compile(r"^Brouillon enregistré à \d+\sh\s\d\d$"))
    kill_sessions()
    add(page, NOTE[6000:])
    expect(status(page)).to_contain_text("Votre session a expiré")
    screenshot(page, "drafts-expired-1280")
    save_button(page).click()
    expect(status(page)).to_contain_text("Rien n’est encore enregistré.")
    assert (page.url.endswith(create_page(person)), FollowUp.objects.count()) == (True, 0)

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="reconnectez-vous dans un autre onglet").click()
    watch(opened.value, faults)
    sign_in(opened.value, user_of(Role.SOCIAL_WORKER))
    page.bring_to_front()
    eventually(page, lambda: drafted() == NOTE)
    add(page, ENDING)
    eventually(page, lambda: drafted() == NOTE + ENDING)
    expect(status(page)).to_have_text(re.compile("^Brouillon enregistré"))
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert (FollowUp.objects.get().said, Draft.objects.count()) == (NOTE + ENDING, 0)


def test_a_session_renewed_before_the_page_noticed_loses_nothing(signed_in, faults):
    """The token has changed: the page asks for the new one."""
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(make_beneficiary()))
    kill_sessions()
    tab = page.context.new_page()
    tab.goto("/compte/login/")
    sign_in(tab, user_of(Role.SOCIAL_WORKER))
    page.bring_to_front()
    said(page).fill(NOTE)
    eventually(page, lambda: drafted() == NOTE)
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert FollowUp.objects.get().said == NOTE
    expected_faults(faults, 403)


def test_control_without_the_check_a_killed_session_loses_the_note(signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    without_drafts(page.context)
    open_form(page, create_page(make_beneficiary()))
    said(page).fill(NOTE)
    kill_sessions()
    save_button(page).click()
    sign_in(page, user_of(Role.SOCIAL_WORKER))
    expect(said(page)).to_have_value("")
    assert (FollowUp.objects.count(), Draft.objects.count()) == (0, 0)


# A tab closed


def test_a_tab_closed_right_after_typing_loses_nothing(signed_in):
    person = make_beneficiary()
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(person))
    said(page).fill(NOTE)
    note(page).fill("Note à part 🌻")
    add(page, ENDING)
    page.close()
    again = page.context.new_page()
    eventually(again, lambda: drafted() == NOTE + ENDING)
    again.goto(create_page(person))
    expect(again.get_by_text(re.compile(r"^Brouillon de \d+\sh\s\d\d\.$"))).to_be_visible()
    assert said(again).input_value() == NOTE + ENDING
    assert note(again).input_value() == "Note à part 🌻"
    assert again.locator("[name=minutes]").input_value() == "45"


def test_control_without_the_check_a_closed_tab_loses_the_note(signed_in):
    person = make_beneficiary()
    page = signed_in(Role.SOCIAL_WORKER)
    without_drafts(page.context)
    open_form(page, create_page(person))
    said(page).fill(NOTE)
    page.wait_for_timeout(1000)
    page.close()
    again = page.context.new_page()
    again.goto(create_page(person))
    expect(said(again)).to_have_value("")
    assert Draft.objects.count() == 0


# A network cut


def test_a_network_cut_while_typing_loses_nothing(signed_in):
    page = signed_in(Role.SOCIAL_WORKER, 360)
    open_form(page, create_page(make_beneficiary()))
    said(page).fill(NOTE[:6000])
    eventually(page, lambda: drafted() == NOTE[:6000])
    page.context.set_offline(True)
    add(page, NOTE[6000:])
    words = re.compile(r"Hors ligne\s: votre texte reste sur cette page, nouvel essai dans \d+\ss\.")
    expect(status(page)).to_have_text(words)
    screenshot(page, "drafts-offline-360")
    save_button(page).click()
    expect(status(page)).to_contain_text("Rien n’est encore enregistré.")
    assert said(page).input_value() == NOTE
    page.context.set_offline(False)
    eventually(page, lambda: drafted() == NOTE)
    expect(status(page)).to_have_text(re.compile("^Brouillon enregistré"))
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert FollowUp.objects.get().said == NOTE


def test_a_server_that_answers_nothing_is_tried_again_by_itself(signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, create_page(make_beneficiary()))
    page.context.route("**/brouillons/**", lambda route: route.abort())
    said(page).fill(NOTE)
    expect(status(page)).to_contain_text("nouvel essai dans 5 s")
    page.context.unroute("**/brouillons/**")
    eventually(page, lambda: drafted() == NOTE)
    expect(status(page)).to_have_text(re.compile("^Brouillon enregistré"))


def test_control_without_the_check_a_network_cut_loses_the_note(signed_in):
    person = make_beneficiary()
    page = signed_in(Role.SOCIAL_WORKER)
    without_drafts(page.context)
    open_form(page, create_page(person))
    said(page).fill(NOTE)
    page.context.set_offline(True)
    save_button(page).click()
    expect(said(page)).to_have_count(0)
    page.context.set_offline(False)
    page.goto(create_page(person))
    expect(said(page)).to_have_value("")


# Two tabs on one follow-up


def open_twice(page: Page) -> tuple[FollowUp, Page]:
    made = make_follow_up(said="Avant.")
    tab = page.context.new_page()
    for each in (page, tab):
        each.goto(reverse("beneficiaries:follow-up-edit", args=[made.pk]))
    return made, tab


def test_two_tabs_on_one_follow_up_keep_both_texts(signed_in, faults):
    page = signed_in(Role.SOCIAL_WORKER)
    made, tab = open_twice(page)
    other = NOTE.replace("Élodie", "Amina")
    said(page).fill(NOTE)
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    said(tab).fill(other)
    with tab.expect_response(lambda answer: answer.request.resource_type == "document") as answered:
        save_button(tab).click()
    assert answered.value.status == 409
    for width in (1280, 360):
        tab.set_viewport_size({"width": width, "height": 900})
        screenshot(tab, f"drafts-conflict-{width}")
        fits(tab)
        axe(tab)
    row = tab.get_by_role("row", name="Ce qui s’est dit")
    assert [cell.inner_text().split(":\n")[-1].strip() for cell in row.get_by_role("cell").all()] == [
        NOTE,
        other,
    ]
    assert (said(tab).input_value(), FollowUp.objects.get(pk=made.pk).said) == (other, NOTE)
    save_button(tab).click()
    expect(tab.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert (FollowUp.objects.get(pk=made.pk).said, Draft.objects.count()) == (other, 0)


def test_control_without_the_version_two_tabs_lose_the_first_text(signed_in):
    page = signed_in(Role.SOCIAL_WORKER)
    made, tab = open_twice(page)
    said(page).fill(NOTE)
    save_button(page).click()
    expect(page.get_by_text("Le suivi est enregistré.")).to_be_visible()
    said(tab).fill("Court.")
    tab.evaluate("document.querySelector('[name=opened_version]').value = '2'")
    save_button(tab).click()
    expect(tab.get_by_text("Le suivi est enregistré.")).to_be_visible()
    assert FollowUp.objects.get(pk=made.pk).said == "Court."


def test_a_second_tab_on_one_form_is_told_so_and_covers_nothing(signed_in, faults):
    page = signed_in(Role.SOCIAL_WORKER)
    tab = page.context.new_page()
    address = create_page(make_beneficiary())
    for each in (page, tab):
        each.goto(address)
    said(page).fill("Premier onglet")
    eventually(page, lambda: drafted() == "Premier onglet")
    said(tab).fill("Second onglet")
    expect(status(tab)).to_contain_text("aussi en cours de saisie ailleurs")
    screenshot(tab, "drafts-elsewhere-1280")
    assert drafted() == "Premier onglet"
    tab.get_by_role("button", name="Garder le texte de cette page").click()
    eventually(page, lambda: drafted() == "Second onglet")
    expect(status(tab)).to_have_text(re.compile("^Brouillon enregistré"))


# Another account


def test_another_account_on_the_same_browser_never_gets_the_text(signed_in, faults):
    other = User.objects.create_user(
        "collegue@example.org", PASSWORD, first_name="Exemple", last_name="Collègue"
    )
    grant(other, Role.SOCIAL_WORKER)
    address = create_page(make_beneficiary())
    page = signed_in(Role.SOCIAL_WORKER)
    open_form(page, address)
    said(page).fill(NOTE)
    eventually(page, lambda: drafted() == NOTE)
    kill_sessions()
    tab = page.context.new_page()
    tab.goto("/compte/login/")
    sign_in(tab, other)
    page.bring_to_front()
    add(page, ENDING)
    expect(status(page)).to_contain_text("Un autre compte est maintenant connecté dans ce navigateur")
    save_button(page).click()
    expect(status(page)).to_contain_text("Rien n’est encore enregistré.")
    screenshot(page, "drafts-account-1280")
    tab.goto(address)
    expect(said(tab)).to_have_value("")
    assert (list(Draft.objects.values_list("user", flat=True)), FollowUp.objects.count()) == (
        [user_of(Role.SOCIAL_WORKER).pk],
        0,
    )
    page.close()
    tab.wait_for_timeout(500)
    assert drafted() == NOTE
    expected_faults(faults, 403, 409)
