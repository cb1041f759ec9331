"""Somebody's whole file on paper, for the team: what its reader may read, in the order of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from beneficiaries.barrier_reports import barrier_picture
from beneficiaries.enums import LengthDerogation, Prescriber, ProlongationReason
from beneficiaries.models import (
    ConfidentialNote,
    Contract,
    EntrySituation,
    FollowUp,
    FollowUpTopic,
    Pass,
    ProtectedSituation,
)
from beneficiaries.reports import FILE_PARTS, PassState, identity_facts, person_row, situation_facts
from beneficiaries.rules import age_on
from confluences.formats import number, short_date
from confluences.journey import journey_of
from confluences.pdf import render_pdf
from confluences.person_papers.selection import Selection
from partners.referral_reports import referral_layer, referral_rows
from trainings.matrix_reports import training_layer

# Being sent by one of them tells of justice.
JUSTICE_SERVICES = {Prescriber.SPIP, Prescriber.PJJ}
# A paper of some 200 pages, made in a few seconds: a longer one would keep the server from answering others.
MAX_WORDS = 100_000


class TooLong(Exception):
    """The follow-ups hold more words than one paper can carry, and the message says what to do."""


@dataclass(frozen=True)
class Talk:
    """A follow-up as it is printed: with the topics and the note that its reader may read."""

    follow_up: FollowUp
    topics: str
    note: ConfidentialNote | None


@dataclass(frozen=True)
class PassPart:
    """A PASS on a day, with what moved its end."""

    state: PassState
    changes: Sequence[str]


@dataclass(frozen=True)
class Dossier:
    """The PDF, and what it holds that each reading of is logged."""

    pdf: bytes
    confidential: Sequence[ConfidentialNote | ProtectedSituation]


def print_dossier(chosen: Selection) -> Dossier:
    """The dossier as PDF. Raises TooLong where the follow-ups would fill too many pages."""
    person, today = chosen.person, chosen.today
    follow_ups, notes = list(chosen.follow_ups()), list(chosen.notes())
    _check_length(follow_ups, notes)
    prefetch_related_objects([person], *FILE_PARTS)
    exits, trainings = chosen.exits(), chosen.trainings()
    protected = list(chosen.protected_situations())
    steps, axes = list(chosen.steps()), chosen.axes()
    referrals = referral_rows(chosen.referrals(), today)
    more = [training_layer(trainings), referral_layer(referrals)]
    context = {
        "person": person,
        "choices": chosen.choices,
        "with_protected": chosen.with_protected,
        "with_notes": chosen.with_notes,
        "author": str(chosen.user),
        "today": today,
        "age": age_on(person.birth_date, today),
        "row": person_row(person, today),
        "identity": [fact for fact in identity_facts(person) if fact[1]],
        "journey": journey_of(person, exits, axes, follow_ups, today, more),
        "contracts": [(each, particulars(each, chosen)) for each in person.contracts.all()],
        "assignments": person.assignments.all(),
        "passes": [
            PassPart(PassState(each, today), pass_changes(each, chosen)) for each in person.passes.all()
        ],
        "situations": [(each, *entry_facts(each, chosen)) for each in chosen.situations()],
        "protected": [(each, protected_facts(each)) for each in protected],
        "axes": axes,
        "picture": barrier_picture(axes),
        "trainings": trainings,
        "projects": chosen.projects(),
        "talks": talks_of(follow_ups, chosen.topics(), notes),
        "talk_minutes": sum(each.minutes for each in follow_ups),
        "steps": steps,
        "referrals": referrals,
        "step_minutes": sum(step.minutes for step in steps),
        "appointments": chosen.appointments(),
        "documents": chosen.documents(),
        "exits": exits,
    }
    pdf = render_pdf("pdf/dossier.html", context, title=f"Dossier {person.file_number}")
    return Dossier(pdf, [*notes, *protected])


def talks_of(
    follow_ups: Iterable[FollowUp], topics: Iterable[FollowUpTopic], notes: Iterable[ConfidentialNote]
) -> list[Talk]:
    """Each follow-up with its own topics and note."""
    note_of = {note.follow_up_id: note for note in notes}
    themes: dict[int, list[str]] = {}
    for topic in topics:
        themes.setdefault(topic.follow_up_id, []).append(topic.get_theme_display())
    return [Talk(each, ", ".join(themes.get(each.pk, ())), note_of.get(each.pk)) for each in follow_ups]


def particulars(contract: Contract, chosen: Selection) -> str:
    """What a contract has of its own."""
    length = contract.length_derogation
    told = chosen.with_protected or length != LengthDerogation.SENTENCE
    said = [
        f"Rompu le {short_date(contract.ended_early_on)}." if contract.ended_early_on else "",
        f"Dérogation : {contract.get_length_derogation_display()}." if length and told else "",
        f"Horaire : {contract.get_hours_derogation_display()}." if contract.hours_derogation else "",
        "Dates supposées." if contract.assumed else "",
    ]
    return " ".join(sentence for sentence in said if sentence)


def pass_changes(pass_iae: Pass, chosen: Selection) -> list[str]:
    """The suspensions, then the prolongations of a PASS."""
    return [f"{row} : {row.get_reason_display()}" for row in pass_iae.suspensions.all()] + [
        f"{row} : {row.get_reason_display()}"
        if chosen.with_protected or row.reason != ProlongationReason.RQTH
        else str(row)
        for row in pass_iae.prolongations.all()
    ]


def entry_facts(situation: EntrySituation, chosen: Selection) -> tuple[list[tuple[str, str]], list[str]]:
    """The answers known of a situation, then the questions without one."""
    known, unknown = situation_facts(situation)
    if situation.prescriber in JUSTICE_SERVICES and not chosen.with_protected:
        known = [fact for fact in known if fact[1] != situation.get_prescriber_display()]
    return known, unknown


def protected_facts(protected: ProtectedSituation) -> list[tuple[str, str]]:
    """The three answers; one that nobody gave says so."""
    words = {True: "oui", False: "non", None: "non renseigné"}
    asked = [
        field for field in protected._meta.fields if field.name in ProtectedSituation.CONFIDENTIAL_FIELDS
    ]
    return [(str(field.verbose_name), words[getattr(protected, field.name)]) for field in asked]


def _check_length(follow_ups: Sequence[FollowUp], notes: Sequence[ConfidentialNote]) -> None:
    texts = [text for each in follow_ups for text in (each.said, each.decisions)]
    words = sum(len(text.split()) for text in (*texts, *(note.text for note in notes)))
    if words > MAX_WORDS:
        raise TooLong(
            f"Ces suivis comptent {number(words)} mots, un dossier en porte {number(MAX_WORDS)} au plus : imprimez-le en "
            "plusieurs fois, par périodes."
        )
