"""Rules of certificates, on plain values: when one may be issued, and how its digest is made, printed and read back."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from confluences.formats import HARD_SPACE, duration
from trainings.enums import CertificateKind
from trainings.rules import ModuleHours, missing_sentence

Facts = dict[str, Any]

DIGEST_LENGTH = 64  # SHA-256, in hexadecimal
# Fewer characters than that would let somebody guess.
SHORTEST_DIGEST = 8
GROUP = 4
NAMED_MODULES = 3

NOTHING_ATTENDED = "Aucune heure suivie n’est enregistrée : remplissez d’abord les feuilles de présence."
NO_SIGNATORY = (
    "Le nom ou le signataire de la structure manque, et un papier délivré ne se corrige plus : un administrateur les "
    "complète d’abord dans l’administration, page « structure »."
)


@dataclass(frozen=True, kw_only=True)
class CertificateStanding:
    """Where somebody stands in a programme on a day, as far as certificates ask."""

    modules: Sequence[ModuleHours]
    required_percent: int
    has_left: bool

    @property
    def done(self) -> int:
        return sum(module.done for module in self.modules)


def refusal(kind: CertificateKind, standing: CertificateStanding) -> str | None:
    """Why this paper is not issued yet, with what to do; None where it may be.

    The attestation of completion asks for the required part of every module. The certificate of realisation attests the
    hours really done, so it waits until the training is over for that person: complete, or left.
    """
    if not standing.done:
        return NOTHING_ATTENDED
    missing = missing_sentence(standing.modules)
    if missing is None:
        return None
    if kind == CertificateKind.COMPLETION:
        return (
            f"{missing} L’attestation demande {standing.required_percent}{HARD_SPACE}% de chaque module : prévoyez des "
            "séances de rattrapage."
        )
    if standing.has_left:
        return None
    return (
        f"La formation n’est pas finie pour cette personne. {missing} Prévoyez des séances de rattrapage ou, si la formation "
        "s’arrête là, indiquez son dernier jour sur l’inscription : le certificat attestera les heures suivies."
    )


def short_refusal(kind: CertificateKind, standing: CertificateStanding) -> str | None:
    """The refusal where the modules stand on the same page: many missing ones are a sum.

    >>> modules = [ModuleHours(name, 120, done=12, required=108) for name in "ABCD"]
    >>> standing = CertificateStanding(modules=modules, required_percent=90, has_left=False)
    >>> short_refusal(CertificateKind.COMPLETION, standing).replace(HARD_SPACE, " ")
    'Il manque 6 h 24, dans 4 modules.'
    """
    refused = refusal(kind, standing)
    missing = [module.missing for module in standing.modules if module.missing]
    if refused is None or not standing.done or len(missing) <= NAMED_MODULES:
        return refused
    return f"Il manque {duration(sum(missing))}, dans {len(missing)} modules."


def digest_of(facts: Facts) -> str:
    """SHA-256 of the facts in one canonical writing, whatever order their keys come in.

    >>> digest_of({"b": 1, "a": "é"}) == digest_of({"a": "é", "b": 1})
    True
    """
    canonical = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def grouped(digest: str) -> str:
    """A digest as it is printed, in groups of four.

    >>> grouped("0123456789abcdef")
    '0123 4567 89ab cdef'
    """
    return " ".join(digest[start : start + GROUP] for start in range(0, len(digest), GROUP))


def read_digest(typed: str) -> str | None:
    """What somebody copied from a paper, without the spaces; None where it is too short or is no digest.

    >>> read_digest("0123 4567 89AB")
    '0123456789ab'
    >>> read_digest("0123 45")
    """
    letters = re.sub(r"[\s.·-]", "", typed).lower()
    if not SHORTEST_DIGEST <= len(letters) <= DIGEST_LENGTH:
        return None
    return letters if re.fullmatch(r"[0-9a-f]+", letters) else None


def agrees(digest: str, typed: str) -> bool:
    """Whether what was typed is this digest, or its beginning."""
    read = read_digest(typed)
    return read is not None and hmac.compare_digest(digest[: len(read)], read)
