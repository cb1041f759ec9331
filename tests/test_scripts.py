"""The commands refuse what they do not understand, and production refuses to start half-configured."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)


def run(*command: str, **variables: str) -> subprocess.CompletedProcess:
    environment = {"PATH": os.environ["PATH"], **variables}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments", [["--serve"], ["--port"], ["--port", "http"], ["--port", "70000"], ["2014"]]
)
def test_demo_explains_itself_when_it_does_not_understand(arguments):
    result = run("script/demo", *arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("Usage : script/demo [--no-serve] [--port N]")


def test_demo_help():
    assert run("script/demo", "--help").returncode == 0


@pytest.mark.parametrize(
    "name", ["script/demo", "script/test", "script/fix", "script/quality", "script/lock", ".ci/run"]
)
def test_commands_are_executable(name):
    assert os.access(ROOT / name, os.X_OK)


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 50}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "a.example"}, "SECRET_KEY"),
    ],
)
def test_production_says_what_to_set(variables, missing):
    result = run(sys.executable, "-c", "import confluences.settings", **variables)
    assert result.returncode == 1
    assert f"Set the environment variable {missing}: " in result.stderr
