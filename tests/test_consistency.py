"""What holds for the whole code base: French names, named constraints, templates in use, reasons, a true README."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import BaseConstraint, Field, Model
from django.template.utils import get_app_template_dirs
from django.urls import reverse

from tests.test_architecture import APPS

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"
# Django looks these up by name.
ERROR_PAGES = {"400.html", "403.html", "404.html", "500.html"}

MODELS = [model for model in apps.get_models() if model._meta.app_label in APPS]
FIELDS = [field for model in MODELS for field in model._meta.local_fields + model._meta.local_many_to_many]
TYPED_FIELDS = [field for field in FIELDS if not field.auto_created]


def templates() -> dict[str, str]:
    """Our templates by the name that others call them."""
    return {
        path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in sorted(TEMPLATES.rglob("*.*"))
    }


def python_texts() -> list[str]:
    return [path.read_text() for app in APPS for path in (ROOT / app).rglob("*.py")]


# Names


def is_french_label(label: str) -> bool:
    """Lower-case, as Django expects of it, unless it begins with an acronym: PASS IAE, SIRET."""
    first = re.split(r"[\s’'/(-]", label)[0]
    return label[:1].islower() or label[:1].isdigit() or (len(first) > 1 and first.isupper())


@pytest.mark.parametrize("label", ["date de sortie", "PASS IAE", "SIRET", "éléments", "État"])
def test_is_french_label(label):
    assert is_french_label(label) == (label != "État")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_models_are_named_in_french(model: type[Model]):
    assert {"verbose_name", "verbose_name_plural"} <= set(model._meta.original_attrs)
    assert is_french_label(str(model._meta.verbose_name))
    assert is_french_label(str(model._meta.verbose_name_plural))


@pytest.mark.parametrize("field", TYPED_FIELDS, ids=str)
def test_fields_are_named_in_french(field: Field):
    assert field._verbose_name, "a verbose_name of its own, not Django's from the field's English name"
    assert is_french_label(str(field.verbose_name))


CONSTRAINTS = [
    pytest.param(model, constraint, id=constraint.name)
    for model in MODELS
    for constraint in model._meta.constraints
]


@pytest.mark.parametrize(("model", "constraint"), CONSTRAINTS)
def test_constraints_are_named_after_their_model_and_say_what_to_do(
    model: type[Model], constraint: BaseConstraint
):
    assert constraint.name.startswith(f"{model._meta.model_name}_")
    message = str(constraint.violation_error_message)
    assert message != str(BaseConstraint.default_violation_error_message)
    assert message.endswith((".", "?", "!"))


# Templates


def framework_templates() -> set[str]:
    """Templates of the libraries, which one of ours with the same name replaces."""
    folders = [
        folder
        for folder in get_app_template_dirs("templates")
        if ROOT not in Path(folder).parents or ".venv" in str(folder)
    ]
    return {
        path.relative_to(folder).as_posix() for folder in map(Path, folders) for path in folder.rglob("*.*")
    }


def test_every_template_is_used():
    texts = templates()
    callers = "\n".join([*texts.values(), *python_texts()])
    known = ERROR_PAGES | framework_templates()
    assert [name for name in texts if name not in known and f'"{name}"' not in callers] == []


def test_every_component_is_in_the_gallery(client, social_worker):
    client.force_login(social_worker)
    shown = {template.name for template in client.get(reverse("gallery")).templates}
    assert sorted(name for name in templates() if name.startswith("components/") and name not in shown) == []


INLINE = {
    "style attribute": r"<[^>]*\sstyle\s*=",
    "style element": r"<style\b",
    "event attribute": r"<[^>]*\son[a-z]+\s*=",
    "script without a file": r"<script(?![^>]*\ssrc=)",
    "javascript address": r"javascript:",
    "htmx script attribute": r"\shx-on",
}


@pytest.mark.parametrize(("kind", "pattern"), INLINE.items(), ids=INLINE)
def test_templates_hold_nothing_inline(kind, pattern):
    """The content policy would refuse it, and only in the browser."""
    assert [name for name, text in templates().items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("style attribute", '<p class="a" style="color:red">'),
        ("style element", "<style>p{}</style>"),
        ("event attribute", '<button type="button" onclick="go()">'),
        ("script without a file", '<script type="module">go()</script>'),
        ("javascript address", '<a href="javascript:go()">'),
        ("htmx script attribute", '<p hx-on:click="go()">'),
    ],
)
def test_inline_code_is_found(kind, text):
    assert re.search(INLINE[kind], text)


def test_templates_are_written_in_french_without_translation():
    assert [name for name, text in templates().items() if re.search(r"{%\s*(block)?trans", text)] == []


# Dependencies


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.in")), ids=lambda path: path.name)
def test_every_dependency_says_why_it_is_here(path: Path):
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith(("#", "-r"))]
    assert [line for line in lines if not re.search(r"\S\s+# \S", line)] == []


@pytest.mark.parametrize("path", sorted(ROOT.glob("requirements*.txt")), ids=lambda path: path.name)
def test_locks_name_no_host_and_no_folder(path: Path):
    assert [
        line for line in path.read_text().splitlines() if re.search(r"://|file:|^-|/home/|index-url", line)
    ] == []


# Documents


def settings_read() -> set[str]:
    """The environment variables that settings.py reads."""
    tree = ast.parse((ROOT / "confluences" / "settings.py").read_text())
    calls = [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func.value, ast.Name) and call.func.value.id == "environment"
    }


def test_readme_lists_every_setting():
    listed = re.findall(r"^\| `([A-Z_]+)` \|", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(settings_read())


def test_ignored_rules_say_why():
    configuration = (ROOT / "pyproject.toml").read_text()
    ignored = re.findall(r'^    "[A-Z]+[0-9]*",[^"\n]*$', configuration, re.MULTILINE)
    assert ignored
    assert [line for line in ignored if "# " not in line] == []
