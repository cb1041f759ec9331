"""What every test may ask for: one user and one signed-in client per role."""

import pytest
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import Client

from confluences.enums import Role
from confluences.models import User
from confluences.rights import grant
from tests import undefined_variables

COMMITTING_FIXTURES = {"live_server", "transactional_db"}
PASSWORD = "une phrase de passe pour les tests"


def user_of(role: Role) -> User:
    """The one user of that role in this test."""
    email = f"{role.value.replace('_', '-')}@example.org"
    user = User.objects.filter(email=email).first()
    if user:
        return user
    user = User.objects.create_user(email, PASSWORD, first_name="Exemple", last_name=role.label.capitalize())
    grant(user, role)
    return user


@pytest.hookimpl(trylast=True)  # after pytest has grouped the tests of one browser
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that really commits empties the database: the next such test gets the reference data back, and all
    others run before."""
    for item in filter(really_commits, items):
        marker = item.get_closest_marker("django_db")
        asked = marker.kwargs if marker else {}
        kept = pytest.mark.django_db(**asked | {"transaction": True, "serialized_rollback": True})
        item.add_marker(kept, append=False)
    items.sort(key=really_commits)


def really_commits(item: pytest.Item) -> bool:
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(marker and marker.kwargs.get("transaction")) or not fixtures.isdisjoint(COMMITTING_FIXTURES)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Playwright's event loop gives its thread a second connection, which must know the reference data too."""
    with django_db_blocker.unblock():
        kept = getattr(connection, "_test_serialized_contents", None)
        if kept is not None:
            type(connections[DEFAULT_DB_ALIAS])._test_serialized_contents = kept
    yield
    # That other connection, or a browser's last request, would keep PostgreSQL from dropping the database.
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def _no_rate_limit_left():
    cache.clear()


@pytest.fixture(autouse=True)
def _no_undefined_variable():
    undefined_variables.noted.clear()
    yield
    assert undefined_variables.noted == []


@pytest.fixture
def social_worker(db) -> User:
    return user_of(Role.SOCIAL_WORKER)


@pytest.fixture
def instructor(db) -> User:
    return user_of(Role.INSTRUCTOR)


@pytest.fixture
def supervisor(db) -> User:
    return user_of(Role.SUPERVISOR)


@pytest.fixture
def administrator(db) -> User:
    return user_of(Role.ADMINISTRATOR)


@pytest.fixture
def users(social_worker, instructor, supervisor, administrator) -> dict[Role, User]:
    """One user per role."""
    return dict(zip(Role, (social_worker, instructor, supervisor, administrator), strict=True))


@pytest.fixture
def clients(users) -> dict[Role, Client]:
    """One signed-in client per role."""
    return {role: signed_in_client(user) for role, user in users.items()}


def signed_in_client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
