"""Browser tests: a real Chromium on a real server, one signed-in page per role and width."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page, Response, expect

from confluences.enums import Role
from tests.conftest import signed_in_client, user_of

SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

SignedIn = Callable[..., Page]
PATIENCE = 20  # seconds: a loaded machine may be slow without being wrong
expect.set_options(timeout=PATIENCE * 1000)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    # Without a Chromium of the system, Playwright takes its own.
    return browser_type_launch_args | {"executable_path": shutil.which("chromium"), "args": ARGUMENTS}


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What a page complained of while a test looked at it; the test fails unless this is empty."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def open_page(live_server, new_context, django_db_serialized_rollback, faults) -> SignedIn:
    """open_page(width) opens a page that nobody is signed in on; addresses are relative to the site."""

    def open_at(width: int = 1280, **options) -> Page:
        context = new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            locale="fr-FR",
            timezone_id="Europe/Paris",
            **options,
        )
        page = context.new_page()
        watch(page, faults)
        return page

    return open_at


@pytest.fixture
def signed_in(open_page, live_server) -> SignedIn:
    """signed_in(role, width) opens a page as the user of that role, through the session's cookie."""

    def open_as(role: Role, width: int = 1280, **options) -> Page:
        page = open_page(width, **options)
        cookie = signed_in_client(user_of(role)).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
        return page

    return open_as


def watch(page: Page, faults: list[str]) -> None:
    """Notes script errors, violations of the content policy, and files that are missing."""

    def on_console(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def on_response(response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            faults.append(f"{response.status} {response.url}")

    page.on("console", on_console)
    page.on("response", on_response)
    page.on("pageerror", lambda error: faults.append(str(error)))


def axe(page: Page) -> None:
    """Fails, naming each element and what is wrong with it, unless axe finds the page accessible."""
    page.wait_for_load_state()  # its styles may be on their way
    violations = Axe().run(page).response["violations"]
    assert [described(violation) for violation in violations] == []


def fits(page: Page) -> None:
    """Fails where a page scrolls sideways, and says by how much."""
    page.wait_for_load_state()
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} scrolls sideways by {wider} px"


def settled(page: Page) -> None:
    """Waits until what htmx brought listens, some 20 ms after it is seen."""
    expect(page.locator(".htmx-added, .htmx-settling, .htmx-swapping, .htmx-request")).to_have_count(0)


def eventually(page: Page, holds: Callable[[], bool]) -> None:
    """Waits until something holds that the page itself does not show."""
    for _ in range(PATIENCE * 10):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came true")


def described(violation: dict) -> str:
    nodes = "".join(
        f"\n    {' '.join(node['target'])}: {node['failureSummary']}" for node in violation["nodes"]
    )
    return f"{violation['id']} ({violation['impact']}): {violation['help']}{nodes}"


def screenshot(page: Page, name: str) -> Path:
    """Keeps a picture of the whole page as var/screenshots/NAME.png."""
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path, full_page=True)
    return path
