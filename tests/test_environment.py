"""The tests' own surroundings notice what they are there to notice."""

import pytest
from django.conf import settings
from django.template import Context, Engine, Origin, Template

from tests import undefined_variables
from tests.undefined_variables import OUR_TEMPLATES, UndefinedVariable

ENGINE = Engine(string_if_invalid=UndefinedVariable())


def render(source: str, folder=OUR_TEMPLATES) -> str:
    return Template(source, origin=Origin(str(folder / "page.html")), engine=ENGINE).render(
        Context({"known": ""})
    )


@pytest.mark.parametrize(
    "source",
    ["{{ absent }}", "{{ known.absent }}", "{{ absent|upper }}", "{% if 1 %}{{ absent }}{% endif %}"],
)
def test_an_undefined_variable_is_noted(source):
    assert render(source) == ""
    assert [note.partition(" in ")[0] for note in undefined_variables.noted] == [
        source.removeprefix("{% if 1 %}").removesuffix("{% endif %}")
    ]
    undefined_variables.noted.clear()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ known }}", ""),
        ('{{ absent|default:"-" }}', "-"),
        ("{% if absent %}yes{% endif %}", ""),
        ("{% for one in absent %}yes{% endfor %}", ""),
    ],
)
def test_a_variable_that_may_be_absent_is_not_noted(source, text):
    assert render(source) == text
    assert undefined_variables.noted == []


def test_a_library_may_print_what_it_likes(tmp_path):
    assert render("{{ absent }}", tmp_path) == ""
    assert undefined_variables.noted == []


def test_repeated_queries_fail_a_request():
    assert settings.MIDDLEWARE[0] == "zeal.middleware.zeal_middleware"
    assert "zeal" in settings.INSTALLED_APPS
