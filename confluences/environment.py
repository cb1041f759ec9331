"""Typed readers of environment variables, each of whose errors says what to set."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE_WORDS = {"1", "true", "yes", "on"}
FALSE_WORDS = {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def required_text(name: str, purpose: str) -> str:
    """The variable's value; raises ImproperlyConfigured, naming its purpose, where it is missing."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"Set the environment variable {name}: {purpose}.")
    return value


def boolean(name: str, default: bool = False) -> bool:
    value = text(name).lower()
    if name not in os.environ:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ImproperlyConfigured(f"{name} is “{value}”: set it to true or false.")


def integer(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to a whole number.") from None


def words(name: str) -> list[str]:
    """The variable's comma-separated values, without blanks."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name) or default
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} is “{value}”: set it to one of {', '.join(allowed)}.")
    return value
