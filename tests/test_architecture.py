"""The two tables of imports: inside an app, and between apps. Each rule is shown to fail on a tree that breaks it."""

from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from tests.imports import Import, own_imports, python_files

ROOT = Path(settings.BASE_DIR)

# An app may import these apps; all may import the base.
MAY_IMPORT = {
    "confluences": set(),
    "beneficiaries": set(),
    "partners": {"beneficiaries"},
    "trainings": {"beneficiaries", "partners"},
    "worksites": {"beneficiaries", "partners", "trainings"},  # a morning's presence shows who is in training
    "outcomes": {"beneficiaries", "partners", "worksites", "trainings"},
    "funding": {"beneficiaries", "partners", "worksites", "trainings", "outcomes"},
}
APPS = tuple(MAY_IMPORT)

# What joins the apps, above all of them; the rest of confluences/ is the base that they stand on.
JOINING = {
    "settings",
    "urls",
    "wsgi",
    "home",
    "home_steering",
    "home_ground",
    "home_support",
    "journey",
    "person_papers",
    "reminders",
    "search",
    "views",
    "management",
    "demo",
}

# Inside an app: a module may import those of its own level and below.
LEVELS = [
    {"enums", "rules"},
    {"models"},
    {"permissions"},
    {"actions", "reports"},
    {"forms", "resources"},  # what comes in: from a page, from a file
    {"views", "admin"},
    {"urls"},
]
LEVEL = {name: level for level, names in enumerate(LEVELS) for name in names}
# Modules that one app alone has, each beside the module of the table that it resembles.
BESIDE = {
    "outcomes.profile": "rules",  # conditions on an exit, as data: the models count with them
    "outcomes.results": "rules",  # a cohort's figures as plain values
    "outcomes.figures": "rules",  # those figures as JSON
    "outcomes.statements": "rules",  # those figures as printed lines
    "outcomes.snapshot": "reports",  # the facts that a report stands on
    "outcomes.paper": "reports",  # a snapshot as PDF
    "outcomes.changes": "reports",  # what a corrected report changes
    "outcomes.recount": "reports",  # the figures counted again from a report's own rows
    "outcomes.pictures": "reports",  # those figures as charts
    "outcomes.documents": "reports",  # a cohort as PDF, XLSX and JSON files
    "outcomes.verification": "reports",  # a PDF against its own rows
    "partners.national_files": "rules",  # the national directory's files as rows: no database
    "partners.national_json": "rules",  # the same of JSON alone
}
# Django's own places, outside the table.
OUTSIDE = {"apps", "migrations", "management", "templatetags"}

# Imports inside a function, each with its reason.
LATE_IMPORTS = {
    ("confluences.apps", "confluences.audit"): "models exist once every app is loaded, in ready()",
    ("confluences.apps", "confluences.rights"): "same",
}

MAX_LINES = 400


def folder_of(module: str) -> str:
    return module.partition(".")[0]


def part_of(module: str) -> str:
    """The second word of a module's name: outcomes.models.exits is in “models”."""
    return (*module.split("."), "")[1]


def place_of(app: str, part: str) -> str:
    """The name in the table that a module goes by: exit_views is one of the views."""
    return BESIDE.get(f"{app}.{part}") or part.rpartition("_")[2]


def level_of(module: str) -> int | None:
    return LEVEL.get(place_of(folder_of(module), part_of(module)))


def is_joining(module: str) -> bool:
    return folder_of(module) == "confluences" and part_of(module) in JOINING


def climbs_between_apps(found: Import) -> bool:
    if is_joining(found.importer):
        return False
    if is_joining(found.imported):
        return True
    importer, imported = folder_of(found.importer), folder_of(found.imported)
    return imported not in {importer, "confluences"} | MAY_IMPORT[importer]


def climbs_inside_app(found: Import) -> bool:
    folder = folder_of(found.importer)
    if folder != folder_of(found.imported) or folder == "confluences":
        return False
    importer, imported = level_of(found.importer), level_of(found.imported)
    return importer is not None and imported is not None and imported > importer


def unlisted_late_import(found: Import) -> bool:
    return found.in_function and (found.importer, found.imported) not in LATE_IMPORTS


def described(imports: list[Import], rule) -> list[str]:
    return [str(found) for found in imports if rule(found)]


def long_files(root: Path) -> list[str]:
    counted = [(path, len(path.read_text().splitlines())) for path in python_files(root, (*APPS, "tests"))]
    return [f"{path.relative_to(root)}: {count} lines" for path, count in counted if count > MAX_LINES]


def unplaced_modules(root: Path) -> list[str]:
    """Modules of an app that the table of levels does not know."""
    paths = [path.relative_to(root) for path in python_files(root, APPS[1:])]
    parts = {(path.parts[0], path.parts[1].removesuffix(".py")) for path in paths}
    known = {*LEVEL, *OUTSIDE, ""}
    return sorted(f"{app}.{part}" for app, part in parts if place_of(app, part) not in known)


@pytest.fixture(scope="module")
def our_imports() -> list[Import]:
    return own_imports(ROOT, APPS)


def test_imports_between_apps_go_down(our_imports):
    assert described(our_imports, climbs_between_apps) == []


def test_imports_inside_an_app_go_left(our_imports):
    assert described(our_imports, climbs_inside_app) == []


def test_every_module_of_an_app_has_its_place():
    assert unplaced_modules(ROOT) == []


def test_imports_inside_functions_are_listed(our_imports):
    assert described(our_imports, unlisted_late_import) == []


def test_listed_imports_inside_functions_exist(our_imports):
    late = {(found.importer, found.imported) for found in our_imports if found.in_function}
    assert set(LATE_IMPORTS) - late == set()


def test_foreign_keys_go_down():
    """A foreign key is an import, even where a string names its model."""
    fields = [
        field
        for model in apps.get_models()
        if model._meta.app_label in MAY_IMPORT
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many) and not field.auto_created
    ]
    climbing = [
        str(field)
        for field in fields
        if field.related_model._meta.app_label
        in set(MAY_IMPORT) - {"confluences", field.model._meta.app_label}
        if field.related_model._meta.app_label not in MAY_IMPORT[field.model._meta.app_label]
    ]
    assert climbing == []


def test_files_stay_short():
    assert long_files(ROOT) == []


# The rules themselves, on a tree that breaks each of them.


@pytest.fixture
def tree(tmp_path):
    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


EMPTY_APPS = {
    f"{app}/{name}": ""
    for app in ("confluences", "worksites", "trainings")
    for name in ("__init__.py", "models.py")
}


@pytest.mark.parametrize(
    ("importer", "text", "imported"),
    [
        ("confluences/dates.py", "from worksites.models import Worksite", "worksites.models"),
        ("confluences/dates.py", "import worksites.models", "worksites.models"),
        ("trainings/actions.py", "from worksites import models", "worksites.models"),
        ("trainings/actions.py", "def f():\n    from worksites import models", "worksites.models"),
        ("worksites/actions.py", "from confluences.views import home", "confluences.views"),
        ("worksites/actions.py", "from confluences import views", "confluences.views"),
    ],
)
def test_an_import_that_climbs_between_apps_is_found(tree, importer, text, imported):
    root = tree(EMPTY_APPS | {"confluences/views.py": "", importer: text})
    found = [one.imported for one in own_imports(root, APPS) if climbs_between_apps(one)]
    assert found == [imported]


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        ("worksites/models.py", "from worksites.actions import assign"),
        ("worksites/models.py", "from worksites import actions"),
        ("worksites/models.py", "from .actions import assign"),
        ("worksites/models.py", "from . import actions"),
        ("worksites/models/site.py", "from ..actions import assign"),
        ("worksites/rules.py", "from worksites.actions import assign"),
    ],
)
def test_an_import_that_climbs_inside_an_app_is_found(tree, importer, text):
    root = tree({"worksites/__init__.py": "", "worksites/actions.py": "", importer: text})
    assert [one.imported for one in own_imports(root, APPS) if climbs_inside_app(one)] == [
        "worksites.actions"
    ]


@pytest.mark.parametrize(
    ("importer", "text"),
    [
        ("confluences/views.py", "from worksites import models"),
        (
            "worksites/views.py",
            "from worksites import models\nfrom confluences import models as base\nimport json",
        ),
        ("worksites/models/__init__.py", "from .site import Worksite"),
    ],
)
def test_an_import_that_goes_down_is_accepted(tree, importer, text):
    root = tree(
        {
            "confluences/models.py": "",
            "worksites/models/__init__.py": "",
            "worksites/models/site.py": "",
            importer: text,
        }
    )
    imports = own_imports(root, APPS)
    assert imports
    assert described(imports, climbs_between_apps) + described(imports, climbs_inside_app) == []


def test_an_import_inside_a_function_is_found(tree):
    root = tree(EMPTY_APPS | {"worksites/actions.py": "def f():\n    from worksites import models"})
    assert described(own_imports(root, APPS), unlisted_late_import) == [
        "worksites.actions:2 imports worksites.models"
    ]


def test_a_long_file_is_found(tree):
    root = tree(
        {"worksites/actions.py": "x = 1\n" * (MAX_LINES + 1), "worksites/migrations/0001.py": "x = 1\n" * 999}
    )
    assert long_files(root) == ["worksites/actions.py: 401 lines"]


def test_a_module_without_a_place_is_found(tree):
    root = tree(EMPTY_APPS | {"worksites/helpers.py": "", "worksites/models/site.py": ""})
    assert unplaced_modules(root) == ["worksites.helpers"]
