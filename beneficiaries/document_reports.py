"""What the pages show of the papers of a person's file."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from django.utils import timezone

from beneficiaries.deadline_rules import SOON_DAYS
from beneficiaries.models import Beneficiary, Document
from beneficiaries.reports import Status
from beneficiaries.support_enums import Confidentiality, Criterion
from beneficiaries.support_rules import LONGER_PROOF_MONTHS, PROOF_MONTHS, proof_valid_until
from confluences.formats import HARD_SPACE, french_date
from confluences.models import User


@dataclass(frozen=True)
class DocumentRow:
    """One paper on a day."""

    document: Document
    today: dt.date

    @property
    def is_confidential(self) -> bool:
        return self.document.confidentiality == Confidentiality.SOCIAL

    @property
    def added_on(self) -> dt.date:
        return timezone.localdate(self.document.created_at)

    @property
    def state(self) -> Status | None:
        """Whether it has expired, or soon will."""
        return expiry(self.document.expires_on, self.today)

    @property
    def proves_until(self) -> dt.date | None:
        """The last day on which this proof of eligibility is young enough to hire the person."""
        if not (self.document.criterion and self.document.issued_on):
            return None
        return proof_valid_until(self.document.criterion, self.document.issued_on)


def document_rows(user: User, person: Beneficiary, today: dt.date) -> list[DocumentRow]:
    """The papers of somebody's file that this user may open, the last added first: one query, none for others."""
    documents = Document.objects.visible_to(user).filter(beneficiary=person)
    return [DocumentRow(document, today) for document in documents]


def document_facts(row: DocumentRow) -> list[tuple[str, str]]:
    """What is known of a paper, without opening it."""
    document = row.document
    facts = [("Nature", document.get_kind_display())]
    if document.criterion:
        facts.append(("Critère", document.get_criterion_display()))
    facts += [
        ("Établi le", french_date(document.issued_on)),
        ("Valable jusqu’au", french_date(document.expires_on)),
    ]
    if row.proves_until:
        facts.append(("Accepté pour une embauche jusqu’au", french_date(row.proves_until)))
    author = f" par {document.created_by}" if document.created_by else ""
    return [
        *facts,
        ("Lu par", document.get_confidentiality_display()),
        ("Ajouté", f"le {french_date(row.added_on)}{author}"),
        ("Nom du fichier", document.original_name),
    ]


def expiry(last_day: dt.date | None, today: dt.date) -> Status | None:
    """Says that a paper has expired, or will within 60 days."""
    if last_day is None:
        return None
    days = (last_day - today).days
    if days < 0:
        return Status("expiré", "late")
    if days > SOON_DAYS:
        return None
    words = {0: "expire aujourd’hui", 1: "expire demain"}
    return Status(words.get(days, f"expire dans {days}{HARD_SPACE}jours"), "soon")


def proof_ages() -> str:
    """How old each proof may be on the day of hiring, in words."""
    longer: dict[int, list[str]] = defaultdict(list)
    for criterion, months in LONGER_PROOF_MONTHS.items():
        longer[months].append(Criterion(criterion).label)
    others = [f"{months}{HARD_SPACE}mois pour {quoted(labels)}" for months, labels in sorted(longer.items())]
    return " ; ".join([f"{PROOF_MONTHS}{HARD_SPACE}mois", *others])


def protected_criteria() -> str:
    """The criteria that tell of health or justice, in words."""
    return quoted([each.label for each in Criterion if each in Criterion.protected()])


def quoted(words: list[str]) -> str:
    """« a », « b » et « c »."""
    *first, last = (f"«{HARD_SPACE}{word}{HARD_SPACE}»" for word in words)
    return f"{', '.join(first)} et {last}" if first else last
