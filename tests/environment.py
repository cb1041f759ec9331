"""What tests run under. pytest loads this before Django (see pyproject.toml), since settings.py reads it once."""

import datetime as dt
import os
import shutil
import tempfile
from pathlib import Path
from zoneinfo import ZoneInfo

import time_machine

from tests.undefined_variables import UndefinedVariable

IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ

if not IN_WORKER:  # workers share the folder of the process that starts them
    os.environ["CONFLUENCES_VAR_DIR"] = tempfile.mkdtemp(prefix="confluences-tests-")
VAR_DIR = Path(os.environ["CONFLUENCES_VAR_DIR"])
(VAR_DIR / "static").mkdir(exist_ok=True)

os.environ["DJANGO_SETTINGS_MODULE"] = "confluences.settings"
os.environ["CONFLUENCES_MODE"] = "test"
# Playwright keeps an event loop in the thread of the tests, where Django would refuse its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# The caller's own database is never a test's.
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")

# Every process starts on the same ordinary Thursday, at ten: no test meets midnight, a holiday or the end of a month unless
# it travels there. TEST_DAY=2024-02-29 tries the suite on another working day gone by; files keep the machine's own time.
DAY = dt.date.fromisoformat(os.environ.get("TEST_DAY", "2026-11-19"))
time_machine.travel(dt.datetime.combine(DAY, dt.time(10), ZoneInfo("Europe/Paris"))).start()

from django.conf import settings  # noqa: E402  reads the variables above

# A file, as in real use: the browser's server has its own connections, and two writers really compete.
settings.DATABASES["default"].setdefault("TEST", {})
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["TEST"]["NAME"] = str(VAR_DIR / "test.sqlite3")
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # a slow hash protects nothing here
settings.TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = UndefinedVariable()
# Between two tests that commit, the reference data comes back as raw rows: nobody changed anything.
settings.AUDITLOG_DISABLE_ON_RAW_SAVE = True
# A query repeated per row fails the request that makes it.
settings.INSTALLED_APPS.append("zeal")
settings.MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")
# Read once per model and process: a form that writes many kinds of rows only looks like a loop before that.
settings.ZEAL_ALLOWLIST = [{"model": "contenttypes.ContentType", "field": "get()"}]


def pytest_unconfigure() -> None:
    if not IN_WORKER:
        shutil.rmtree(VAR_DIR, ignore_errors=True)
