"""How a test asks for a paper and reads it, and the words that it looks for."""

import io
import re
from http import HTTPStatus

from auditlog.models import LogEntry
from django.contrib.messages import get_messages
from django.urls import reverse
from pypdf import PdfReader

from beneficiaries.models import Beneficiary
from confluences.enums import AuditEvent

# One word per confidential field, which nobody else may ever read.
NOTE, CLOSED_NOTE = "canarinote", "canariferme"
PROTECTED = ("canarisante", "canaribesoin", "canarijustice", "canaridoc", "SPIP", "handicap", "détention")
TEAM = ("canaridit", "canaridecision", "canarifrein", "canariresultat", "canarilogement", "canaritravail")
TAKEN_AWAY = ("canaripartenaire", "canariaction", "canarifaite", "canariobjet", "canarimetier")


def address(person: Beneficiary) -> str:
    return reverse("person-papers", args=[person.pk])


def asked(kind: str, **boxes) -> dict[str, str]:
    """What the button of a paper sends."""
    return {f"{kind}-asked": "True"} | {f"{kind}-{name}": value for name, value in boxes.items()}


def everything(kind: str) -> dict[str, str]:
    return asked(kind, notes="on", protected="on")


def text_of(response) -> str:
    """A PDF's words, without the hyphens and line ends that its layout adds."""
    assert (response.status_code, response["Content-Type"]) == (HTTPStatus.OK, "application/pdf")
    pages = PdfReader(io.BytesIO(response.content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def found_in(text: str, words: tuple[str, ...]) -> list[str]:
    return [word for word in words if word.lower() in text.lower()]


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def logged(event: AuditEvent) -> list[str]:
    entries = LogEntry.objects.filter(additional_data__event=event).order_by("pk")
    return [entry.object_repr for entry in entries]
