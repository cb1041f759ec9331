"""What the database refuses, said in French."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError


def constraint_messages() -> dict[str, str]:
    """The French message of each named constraint of our models."""
    return {
        constraint.name: str(constraint.violation_error_message)
        for model in apps.get_models()
        for constraint in model._meta.constraints
    }


@contextmanager
def refusals_in_french() -> Iterator[None]:
    """Turns a refusal of the database into a ValidationError with the constraint's own message.

    Validation has already looked for the fault; only somebody who saved in the same instant leads here.
    """
    try:
        yield
    except IntegrityError as error:
        report = str(error)
        messages = constraint_messages()
        # The longest name first: one name can begin another.
        for name in sorted(messages, key=len, reverse=True):
            if name in report:
                raise ValidationError(messages[name]) from error
        raise ValidationError(
            "Quelqu’un vient d’enregistrer la même chose. Rechargez la page pour voir ce qui a changé."
        ) from error
