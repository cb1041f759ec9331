"""« Ce que nous avons prévu ensemble »: what somebody takes home, in plain words and large type.

It may lie around: no frein, no level, no text of a follow-up, no result, no need.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.utils.formats import date_format

from beneficiaries.models import Appointment, Beneficiary, CareerProject, Step
from beneficiaries.support_enums import Medium, ProjectStage
from confluences.formats import HARD_SPACE, french_date
from confluences.models import User
from confluences.pdf import render_pdf
from confluences.person_papers.selection import Selection

TITLE = "Ce que nous avons prévu ensemble"
PLACES = {
    Medium.OFFICE: "à notre bureau (adresse en bas)",
    Medium.WORKSITE: "sur le chantier",
    Medium.PHONE: "par téléphone : nous vous appelons",
    Medium.VIDEO: "en visioconférence",
    Medium.HOME: "chez vous",
    Medium.PARTNER: "chez un partenaire",
    Medium.WRITTEN: "par écrit",
}
STAGES = {
    ProjectStage.TO_DEFINE: "Nous cherchons ensemble le métier qui vous convient.",
    ProjectStage.EXPLORED: "Vous découvrez des métiers.",
    ProjectStage.VALIDATED: "Votre projet est choisi.",
    ProjectStage.ENGAGED: "Votre projet a commencé : formation ou recherche d’emploi.",
    ProjectStage.ACHIEVED: "Votre projet est réalisé.",
}


@dataclass(frozen=True)
class Meeting:
    """An appointment as it is said to the person."""

    appointment: Appointment

    @property
    def when(self) -> str:
        day = day_in_words(self.appointment.on)
        hour = f"à {hour_in_words(self.appointment.at)}" if self.appointment.at else "heure à confirmer"
        return f"{day}, {hour}"

    @property
    def where(self) -> str:
        return PLACES[Medium(self.appointment.medium)]


@dataclass(frozen=True)
class ToDo:
    """A step still to be done."""

    step: Step
    today: dt.date

    @property
    def by_whom(self) -> str:
        return f"{self.step.worker} s’en charge" if self.step.worker else "C’est à vous de le faire"

    @property
    def by_when(self) -> str:
        due = self.step.due
        if due is None:
            return ""
        if due < self.today:
            return f"C’était prévu pour le {french_date(due)} : parlons-en."
        return f"À faire avant le {french_date(due)}."


def print_takeaway(chosen: Selection) -> bytes:
    """The PDF that the person takes away."""
    person, today = chosen.person, chosen.today
    prefetch_related_objects([person], "contracts", "passes")
    context = {
        "person": person,
        "today": today,
        "meetings": [Meeting(each) for each in chosen.appointments()],
        "to_do": [ToDo(each, today) for each in chosen.open_steps()],
        "done": chosen.recent_steps(),
        "project": project_lines(chosen.projects().last()),
        "rights": rights_lines(person, today),
        "contact": contact_of(person, chosen.user),
    }
    return render_pdf("pdf/takeaway.html", context, title=TITLE)


def day_in_words(day: dt.date) -> str:
    """« mardi 1er décembre 2026 »."""
    return f"{date_format(day, 'l')} {french_date(day)}"


def hour_in_words(hour: dt.time) -> str:
    """« 9 h » or « 14 h 05 »."""
    whole = f"{hour.hour}{HARD_SPACE}h"
    return f"{whole}{HARD_SPACE}{hour.minute:02d}" if hour.minute else whole


def project_lines(project: CareerProject | None) -> list[str]:
    """Where the project stands, then the job it aims at."""
    if project is None:
        return []
    stage = STAGES[ProjectStage(project.stage)]
    return [stage, f"Métier visé : {project.job}."] if project.job else [stage]


def rights_lines(person: Beneficiary, today: dt.date) -> list[str]:
    """Until when the contract and the PASS run."""
    return [line for line in (_contract_line(person, today), _pass_line(person, today)) if line]


def contact_of(person: Beneficiary, user: User) -> User | None:
    """Whom to ask for: the referent, else whoever prints the paper where that is a social worker."""
    if person.referent is not None:
        return person.referent
    return user if user.has_perm("beneficiaries.add_followup") else None


def _contract_line(person: Beneficiary, today: dt.date) -> str:
    contracts = list(person.contracts.all())
    if not contracts:
        return ""
    if any(contract.last_day_of is None for contract in contracts):
        return "Votre contrat n’a pas de date de fin."
    last = max(contract.last_day_of for contract in contracts if contract.last_day_of)
    if last < today:
        return f"Votre contrat a pris fin le {french_date(last)}."
    return f"Votre contrat va jusqu’au {french_date(last)}{_days_left(last, today)}."


def _pass_line(person: Beneficiary, today: dt.date) -> str:
    """The PASS is said in words: few people know what it is called."""
    last = max((each.end for each in person.passes.all()), default=None)
    if last is None:
        return ""
    if last < today:
        return f"Votre PASS IAE (votre droit de travailler en insertion) a pris fin le {french_date(last)} : parlons-en."
    return f"Votre PASS IAE (votre droit de travailler en insertion) va jusqu’au {french_date(last)}."


def _days_left(last: dt.date, today: dt.date) -> str:
    days = (last - today).days
    if days > 60:  # beyond two months a number of days says nothing
        return ""
    return {0: ", c’est aujourd’hui", 1: ", c’est demain"}.get(days, f", dans {days} jours")
