"""What a certificate says: its facts, as they are frozen, shown and printed, and whether a paper is one of ours."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, QuerySet, prefetch_related_objects

from confluences.exports import Column
from confluences.models import Structure, User
from confluences.pdf import Attachment, render_pdf
from trainings.certificate_rules import (
    NO_SIGNATORY,
    CertificateStanding,
    Facts,
    agrees,
    digest_of,
    grouped,
    refusal,
    short_refusal,
)
from trainings.enums import CertificateKind
from trainings.hours_reports import hours, hours_by_module
from trainings.models import Attendance, Certificate, Enrolment, Session

# The version of what is frozen, and the template that prints it: a paper is printed as it was issued.
FORMAT = 1
TEMPLATES = {1: "pdf/certificate.html"}
FACTS_FILE = "certificat.json"


@dataclass(frozen=True)
class Prospect:
    """A paper before it is issued: what it would certify, or why it is not issued yet."""

    enrolment: Enrolment
    kind: CertificateKind
    standing: CertificateStanding
    first_day: dt.date | None
    last_day: dt.date | None
    refusal: str | None


@dataclass(frozen=True)
class PaperState:
    """One kind of paper for one enrolment: issued, or what would happen if one asked for it."""

    kind: CertificateKind
    certificate: Certificate | None
    refusal: str | None


@dataclass(frozen=True)
class Verified:
    """A certificate that agrees with what was copied from a paper; `is_intact` unless its stored content was altered."""

    certificate: Certificate
    is_intact: bool


def standing_of(enrolment: Enrolment, today: dt.date) -> CertificateStanding:
    return CertificateStanding(
        modules=hours_by_module([enrolment])[enrolment.pk],
        required_percent=enrolment.programme.required_percent,
        has_left=enrolment.left_on is not None and enrolment.left_on <= today,
    )


def prospect_of(enrolment: Enrolment, kind: CertificateKind, today: dt.date) -> Prospect:
    standing = standing_of(enrolment, today)
    attended = Attendance.objects.filter(enrolment=enrolment, attended__isnull=False)
    days = attended.aggregate(first=Min("session__day"), last=Max("session__day"))
    structure = Structure.current()
    unsigned = None if structure.pk and structure.name and structure.signatory_name else NO_SIGNATORY
    return Prospect(
        enrolment, kind, standing, days["first"], days["last"], refusal(kind, standing) or unsigned
    )


def paper_states(enrolment: Enrolment, today: dt.date) -> list[PaperState]:
    """Both papers of an enrolment, for its page."""
    issued = {row.kind: row for row in enrolment.certificates.all()}
    standing = standing_of(enrolment, today)
    return [PaperState(kind, issued.get(kind), short_refusal(kind, standing)) for kind in CertificateKind]


def unrecorded_sessions(enrolment: Enrolment, today: dt.date) -> list[Session]:
    """The sessions that expected this person until today and have no line for him or her: their hours would not count."""
    unwritten = Session.objects.filter(programme=enrolment.programme_id, day__lte=today).exclude(
        attendances__enrolment=enrolment
    )
    prefetch_related_objects([enrolment], "beneficiary__contracts")
    return [session for session in unwritten.select_related("programme") if session.expects(enrolment)]


def certificate_facts(prospect: Prospect, *, number: int, today: dt.date) -> Facts:
    """All that the paper prints, as plain JSON: names, dates and minutes as they are on that day."""
    structure, programme = Structure.current(), prospect.enrolment.programme
    person = prospect.enrolment.beneficiary
    assert prospect.first_day
    assert prospect.last_day
    return {
        "format": FORMAT,
        "kind": prospect.kind.value,
        "number": number,
        "date": today.isoformat(),
        "place": structure.city,
        "organisation": {
            "name": structure.name,
            "address": structure.full_address,
            "siret": structure.siret,
        },
        "signatory": {"name": structure.signatory_name, "title": structure.signatory_title},
        "demonstration": structure.is_demonstration,
        "person": {"last_name": person.last_name, "first_name": person.first_name},
        "programme": {
            "name": programme.name,
            "kind": programme.get_kind_display(),
            "minutes": programme.minutes,
            "goals": programme.goals,
            "certification": programme.certification,
            "required_percent": programme.required_percent,
        },
        "first_day": prospect.first_day.isoformat(),
        "last_day": prospect.last_day.isoformat(),
        "minutes": prospect.standing.done,
        "modules": [
            {
                "name": module.name,
                "minutes": module.minutes,
                "done": module.done,
                "required": module.required,
            }
            for module in prospect.standing.modules
        ],
    }


def certificate_pdf(certificate: Certificate) -> bytes:
    """The paper, from its frozen facts alone, which it carries as a file."""
    facts = certificate.facts
    return render_pdf(
        TEMPLATES[facts["format"]],
        certificate_context(certificate),
        title=CertificateKind(facts["kind"]).label.capitalize(),
        attachments=[
            Attachment(
                name=FACTS_FILE,
                content=_json(facts),
                description="Le contenu de ce papier, dont l’empreinte imprimée est le SHA-256",
            )
        ],
    )


def certificate_context(certificate: Certificate) -> dict[str, Any]:
    """The facts as a template reads them: dates as dates, and the association as it was on that day."""
    facts = certificate.facts
    organisation = facts["organisation"]
    return {
        "facts": facts,
        "is_completion": facts["kind"] == CertificateKind.COMPLETION,
        "dated": certificate.dated,
        "first_day": dt.date.fromisoformat(facts["first_day"]),
        "last_day": dt.date.fromisoformat(facts["last_day"]),
        "digest": grouped(certificate.digest),
        "structure": Structure(
            name=organisation["name"],
            address=organisation["address"],
            siret=organisation["siret"],
            is_demonstration=facts["demonstration"],
        ),
    }


def verified(certificates: QuerySet[Certificate], number: int, typed: str) -> Verified | None:
    """The certificate that a paper's number and digest name, among those that may be seen; None says no more than that."""
    certificate = certificates.filter(number=number).first()
    if certificate is None or not agrees(certificate.digest, typed):
        return None
    return Verified(certificate, is_intact(certificate))


def is_intact(certificate: Certificate) -> bool:
    """Whether the digest counted again from the stored facts is the one that was printed."""
    return digest_of(certificate.facts) == certificate.digest


def register_of(user: User) -> QuerySet[Certificate]:
    """The register, as its page and its spreadsheet list it."""
    return Certificate.objects.visible_to(user).select_related(
        "enrolment__beneficiary", "enrolment__programme", "issued_by"
    )


REGISTER_COLUMNS = [
    Column("Numéro", lambda row: row.number),
    Column("Nature", lambda row: row.get_kind_display()),
    Column("Nom", lambda row: row.facts["person"]["last_name"]),
    Column("Prénom", lambda row: row.facts["person"]["first_name"]),
    Column("Programme", lambda row: row.facts["programme"]["name"]),
    Column("Heures suivies", lambda row: hours(row.facts["minutes"])),
    Column("Daté du", lambda row: row.dated),
    Column("Délivré par", lambda row: row.issued_by),
    Column("Empreinte", lambda row: row.digest),
]


def _json(facts: Facts) -> bytes:
    return json.dumps(facts, ensure_ascii=False, indent=1).encode()
