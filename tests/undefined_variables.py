"""Notes the variables that our templates print without their being defined."""

import inspect
from pathlib import Path

from django.template.base import FilterExpression, Node

OUR_TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
WITH_DEFAULT = {"default", "default_if_none"}

noted: list[str] = []


class UndefinedVariable(str):
    """Behaves as the empty string that Django prints for an undefined variable, and notes who asked for it.

    Django asks whether string_if_invalid is true at one place alone: where it found a variable undefined.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        frame = inspect.currentframe().f_back
        expression = frame.f_locals.get("self")
        if frame.f_code is FilterExpression.resolve.__code__ and not has_default(expression):
            template = template_of(frame)
            if template and OUR_TEMPLATES in Path(template).parents:
                noted.append(f"{{{{ {expression.token} }}}} in {template}")
        return False


def has_default(expression: FilterExpression) -> bool:
    return any(function.__name__ in WITH_DEFAULT for function, _arguments in expression.filters)


def template_of(frame) -> str | None:
    """The file of the innermost template node being rendered."""
    while frame:
        node = frame.f_locals.get("self")
        if isinstance(node, Node) and getattr(node, "origin", None):
            return node.origin.name
        frame = frame.f_back
    return None
