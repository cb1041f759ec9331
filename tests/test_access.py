"""Every address refuses strangers: the resolver is walked, and nothing it knows may be missing from confluences.access."""

import re
from collections.abc import Iterator
from http import HTTPStatus

import pytest
from django.contrib.auth.models import Permission
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, resolve, reverse

from confluences.access import NAMESPACES, PAGES, PUBLIC, SIGNED_IN, right_of
from confluences.enums import Role
from confluences.rights import ROLE_PERMISSIONS

EXAMPLES = {
    "int": "999999",
    "str": "exemple",
    "slug": "exemple",
    "path": "exemple",
    "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12,
}

# Pages that a library brings and nobody needs: undeclared, so closed. Addresses are the administrator's to change.
KEPT_CLOSED = [
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
]


def patterns(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    """Each pattern with the name that Django gives its page."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        else:
            yield ":".join((*namespaces, entry.name or entry.lookup_str)), entry


def view_names() -> list[str]:
    return sorted({name for name, _pattern in patterns(get_resolver())})


def address(view_name: str) -> str:
    """An address of the page, with invented identifiers."""
    for arguments in possible_arguments(view_name):
        try:
            return reverse(view_name, kwargs=arguments)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address could be made for {view_name}")


def possible_arguments(view_name: str) -> Iterator[dict[str, str]]:
    for name, pattern in patterns(get_resolver()):
        if name != view_name:
            continue
        converters = {key: type(value).__name__ for key, value in pattern.pattern.converters.items()}
        kinds = {
            key: kind.removesuffix("Converter").lower().replace("string", "str")
            for key, kind in converters.items()
        }
        yield regex_examples(pattern) | {key: EXAMPLES.get(kind, "1") for key, kind in kinds.items()}


def regex_examples(pattern: URLPattern) -> dict[str, str]:
    """For each named group its first alternative where that is a plain word, as in (?P<app>auth|account)."""
    found = {}
    for name in pattern.pattern.regex.groupindex:
        word = re.search(rf"\(\?P<{name}>(\w*)", pattern.pattern.regex.pattern).group(1)
        found[name] = word or "1"
    return found


def reversible(view_name: str) -> bool:
    """Django's admin has a few patterns without a name, which forward to named ones."""
    return "." not in view_name.rpartition(":")[2]


def guarded_pages() -> list[tuple[str, str]]:
    rights = [(name, right_of(name)) for name in view_names() if reversible(name)]
    return [(name, right) for name, right in rights if right and right != PUBLIC]


def test_every_page_declares_its_right():
    assert [name for name in view_names() if right_of(name) is None and name not in KEPT_CLOSED] == []


@pytest.mark.parametrize("name", KEPT_CLOSED)
def test_pages_kept_closed_open_to_nobody(client, clients, name):
    answers = [one.get(address(name)).status_code for one in (client, *clients.values())]
    assert answers == [HTTPStatus.NOT_FOUND] * 5


def test_every_declared_page_exists():
    names = view_names()
    assert [name for name in PAGES if name not in names] == []
    assert [space for space in NAMESPACES if not any(name.startswith(f"{space}:") for name in names)] == []


def test_every_declared_right_exists(db):
    rights = {*PAGES.values(), *NAMESPACES.values()} - {PUBLIC, SIGNED_IN}
    permissions = Permission.objects.values_list("content_type__app_label", "codename")
    assert rights - {".".join(permission) for permission in permissions} == set()


def test_every_permission_of_a_role_exists(db):
    granted = set().union(*ROLE_PERMISSIONS.values())
    permissions = Permission.objects.values_list("content_type__app_label", "codename")
    assert granted - {".".join(permission) for permission in permissions} == set()


def test_every_page_opens_to_some_role():
    held = {SIGNED_IN, PUBLIC}.union(*ROLE_PERMISSIONS.values())
    assert [name for name, right in guarded_pages() if right not in held] == []


def test_addresses_lead_to_their_page():
    """What the tests below ask for is the page they mean."""
    assert [name for name, _right in guarded_pages() if resolve(address(name)).view_name != name] == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(db, client, method):
    login = reverse("account_login")
    admitted = []
    for name, _right in guarded_pages():
        response = getattr(client, method)(address(name))
        if response.status_code != HTTPStatus.FOUND or not response.url.startswith(f"{login}?next="):
            admitted.append(f"{name}: {response.status_code}")
    assert admitted == []


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("role", Role)
def test_pages_beyond_a_role_do_not_exist_for_it(clients, users, role, method):
    beyond = [
        name for name, right in guarded_pages() if right != SIGNED_IN and not users[role].has_perm(right)
    ]
    admitted = []
    for name in beyond:
        response = getattr(clients[role], method)(address(name))
        if response.status_code != HTTPStatus.NOT_FOUND:
            admitted.append(f"{name}: {response.status_code}")
    assert admitted == []
    assert beyond or role == Role.ADMINISTRATOR


def test_somebody_without_a_role_sees_only_what_all_see(db, client, django_user_model):
    client.force_login(django_user_model.objects.create_user("sans-role@example.org", "x"))
    for name, right in guarded_pages():
        if right != SIGNED_IN:
            assert client.get(address(name)).status_code == HTTPStatus.NOT_FOUND, name
