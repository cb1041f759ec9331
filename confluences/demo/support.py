"""The demonstration's social support: follow-ups, freins, steps, projects, appointments, papers, one draft.

Every text says that it is an example. All is typed by the social worker's account, through the actions that pages call.
"""

import datetime as dt
import io
from pathlib import Path

from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image, ImageDraw, ImageFont

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    Document,
    FollowUp,
    Step,
)
from beneficiaries.support_actions import NoteText, assess_barrier, save_follow_up, save_project
from confluences.actions import save_recorded
from confluences.demo.files import day, rows
from confluences.drafts import Writer, save_draft
from confluences.models import User

OWN_STEP = "la personne"
SATURDAY = 5


def add_support(today: dt.date, by: User) -> None:
    """Appointments come last: a follow-up would hold those of its days."""
    people = {person.file_number: person for person in Beneficiary.objects.all()}
    _add_referents(people, today, by)
    _add_follow_ups(people, today, by)
    _add_barriers(people, today, by)
    _add_steps(people, today, by)
    _add_projects(people, today, by)
    _add_appointments(people, today, by)
    _add_documents(people, today, by)
    _add_drafts(people, today, by)


def _add_referents(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    users = {user.email: user for user in User.objects.all()}
    for row in rows("referents.csv", today):
        person = people[row["dossier"]]
        person.referent = users[row["referent"]]
        save_recorded(person, by=by)


def _add_follow_ups(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("suivis.csv", today):
        follow_up = FollowUp(
            beneficiary=people[row["dossier"]],
            on=day(row["date"]),
            kind=row["type"],
            minutes=int(row["minutes"]),
            medium=row["lieu"],
            participants=row["participants"],
            said=row["dit"],
            decisions=row["decisions"],
        )
        note = NoteText(text=row["note"], author_only=row["pour_moi_seul"] == "oui")
        save_follow_up(follow_up, by=by, topics=row["themes"].split(), note=note)


def _add_barriers(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("freins.csv", today):
        assessment = BarrierAssessment(
            beneficiary=people[row["dossier"]],
            axis=row["axe"],
            assessed_on=day(row["date"]),
            level=int(row["niveau"]),
            status=row["etat"],
            effect=row["effet"],
        )
        assess_barrier(assessment, by=by)


def _add_steps(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("demarches.csv", today):
        step = Step(
            beneficiary=people[row["dossier"]],
            theme=row["theme"],
            need=row["besoin"],
            action=row["action"],
            worker=None if row["qui"] == OWN_STEP else by,
            side=row["accompagnement"],
            partner=row["partenaire"],
            opened_on=day(row["ouverte"]),
            due=day(row["echeance"]),
            status=row["etat"],
            closed_on=day(row["terminee"]),
            result=row["resultat"],
            minutes=int(row["minutes"]),
        )
        save_recorded(step, by=by)


def _add_projects(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("projets.csv", today):
        project = CareerProject(
            beneficiary=people[row["dossier"]],
            decided_on=day(row["depuis"]),
            stage=row["etape"],
            job=row["metier"],
            rome_code=row["rome"],
            detail=row["reste"],
        )
        save_project(project, by=by)


def _add_appointments(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("rendez_vous.csv", today):
        appointment = Appointment(
            beneficiary=people[row["dossier"]],
            worker=by,
            on=_working_day(day(row["date"]), today),
            at=dt.time.fromisoformat(row["heure"]) if row["heure"] else None,
            kind=row["type"],
            medium=row["lieu"],
            purpose=row["objet"],
            outcome=row["issue"],
        )
        save_recorded(appointment, by=by)


def _add_documents(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    for row in rows("documents.csv", today):
        document = Document(
            beneficiary=people[row["dossier"]],
            kind=row["nature"],
            criterion=row["critere"],
            title=row["titre"],
            file=ContentFile(_paper(row["fichier"]), name=row["fichier"]),
            original_name=row["fichier"],
            issued_on=day(row["etabli"]),
            expires_on=day(row["expire"]),
            confidentiality=row["lu_par"],
        )
        save_recorded(document, by=by)


def _add_drafts(people: dict[str, Beneficiary], today: dt.date, by: User) -> None:
    """What the social worker has begun to type, as the page of a new follow-up keeps it."""
    for row in rows("brouillons.csv", today):
        person = people[row["dossier"]]
        save_draft(
            by,
            reverse("beneficiaries:follow-up-create", args=[person.pk]),
            title=f"Nouveau suivi, {person}",
            fields={
                "on": [f"{day(row['date']):%Y-%m-%d}"],
                "minutes": [row["minutes"]],
                "said": [row["dit"]],
                "opened_version": ["1"],
            },
            writer=Writer(),
        )


def _working_day(planned: dt.date, today: dt.date) -> dt.date:
    """Nobody receives at the weekend, except somebody who looks at the demonstration that day."""
    if planned <= today or planned.weekday() < SATURDAY:
        return planned
    return planned + dt.timedelta(days=7 - planned.weekday())


def _paper(name: str) -> bytes:
    """A sheet that says that it is an example, as PDF or PNG."""
    sheet = Image.new("RGB", (620, 877), "white")
    words = "EXEMPLE\n\nDocument fictif"  # no accents: Pillow's own font has none
    ImageDraw.Draw(sheet).text((60, 60), words, font=ImageFont.load_default(40), fill="black")
    stream = io.BytesIO()
    sheet.save(stream, Path(name).suffix[1:].upper())
    return stream.getvalue()
