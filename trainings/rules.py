"""Rules of trainings, on plain values: how minutes fall on modules, and what is still missing for the attestation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from confluences.formats import duration


@dataclass(frozen=True)
class ModuleHours:
    """One module for one person: the minutes it counts, those done, and those that the attestation asks for."""

    name: str
    minutes: int
    done: int
    required: int

    @property
    def missing(self) -> int:
        """Minutes still to follow before the attestation."""
        return max(self.required - self.done, 0)

    @property
    def left(self) -> int:
        """Minutes still to follow before the whole module."""
        return max(self.minutes - self.done, 0)


def required_minutes(minutes: int, percent: int) -> int:
    """The minutes of a module that the attestation asks for, rounded up.

    >>> required_minutes(24 * 60, 90)
    1296
    """
    return -(-minutes * percent // 100)


def spread(minutes: int, shares: Mapping[int, int]) -> dict[int, int]:
    """Minutes over modules in proportion to the minutes that a session gives each; the parts add up exactly.

    What does not divide goes to the largest remainders, the first module before the others.

    >>> spread(100, {1: 60, 2: 150})
    {1: 29, 2: 71}
    """
    total = sum(shares.values())
    parts = {key: minutes * share // total for key, share in shares.items()}
    rest = minutes - sum(parts.values())
    by_remainder = sorted(shares, key=lambda key: -(minutes * shares[key] % total))
    for key in by_remainder[:rest]:
        parts[key] += 1
    return {key: part for key, part in parts.items() if part}


def sum_fault(expected: int, parts: Sequence[int], whole: str) -> str | None:
    """Why parts do not make the whole, in French; `whole` is « le programme dure » or « la séance dure »."""
    total = sum(parts)
    if total == expected:
        return None
    gap = (
        f"il manque {duration(expected - total)}"
        if total < expected
        else f"{duration(total - expected)} de trop"
    )
    return f"Les modules font {duration(total)} en tout et {whole} {duration(expected)} : {gap}."


def missing_sentence(modules: Sequence[ModuleHours]) -> str | None:
    """What the attestation still asks for, module by module; None where nothing is missing."""
    missing = [module for module in modules if module.missing]
    if not missing:
        return None
    named = ", ".join(f"{duration(module.missing)} de « {module.name} »" for module in missing)
    return f"Il manque {named}."


def is_expected(session_group: str, own_group: str) -> bool:
    """Whether a session awaits somebody of a group: one without a group awaits everybody.

    >>> [is_expected(*groups) for groups in (("", "A"), ("A", "A"), ("B", "A"), ("A", ""))]
    [True, True, False, False]
    """
    return session_group in {"", own_group}
