"""A person whose whole support says a word that nobody else may find, and the words of its lists."""

import datetime as dt

from auditlog.context import set_actor
from django.urls import reverse

from beneficiaries.models import (
    Appointment,
    BarrierAssessment,
    Beneficiary,
    CareerProject,
    Document,
    FollowUp,
    Step,
)
from beneficiaries.support_enums import (
    BarrierStatus,
    Confidentiality,
    Criterion,
    DocumentKind,
    ProjectStage,
    Theme,
)
from confluences.models import Draft, User
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_document,
    make_follow_up,
    make_project,
    make_step,
    today,
)
from tests.confluences.test_admin import page

SUPPORT = (FollowUp, Appointment, Step, BarrierAssessment, CareerProject, Document)
CANARY = "ZXCANARI"
# Neither what was typed, nor what was chosen from a list.
CONTENT = [
    CANARY,
    "zxcanari",
    Theme.HEALTH.label,
    Theme.JUSTICE.label,
    Theme.MOBILITY.label,
    BarrierStatus.REFERRED.label,
    ProjectStage.ENGAGED.label,
    DocumentKind.ELIGIBILITY.label,
    Criterion.DISABLED.label,
    Confidentiality.SOCIAL.label,
    "K2204",
]
HIDDEN = ["note confidentielle", "notes confidentielles", "thème de suivi", "thèmes de suivi"]


def make_canary(worker: User) -> Beneficiary:
    """Zoé Élan, whose support this worker wrote: every text holds the canary."""
    person = make_beneficiary(last_name="Élan", first_name="Zoé")
    with set_actor(worker):
        make_follow_up(
            person,
            by=worker,
            topics=(Theme.HEALTH, Theme.MOBILITY),
            note=f"Note {CANARY}",
            said=f"Dit {CANARY}",
            decisions=f"Décidé {CANARY}",
            participants=f"Avec {CANARY}",
        )
        # Another day: the follow-up would hold it.
        make_appointment(worker, person, on=today() + DAY, at=dt.time(14, 30), purpose=f"Objet {CANARY}")
        make_step(
            person,
            theme=Theme.JUSTICE,
            need=f"Besoin {CANARY}",
            action=f"Action {CANARY}",
            partner=f"Partenaire {CANARY}",
            result=f"Résultat {CANARY}",
            minutes=20,
        )
        make_barrier(person, axis=Theme.HEALTH, status=BarrierStatus.REFERRED, effect=f"Effet {CANARY}")
        make_project(
            person,
            stage=ProjectStage.ENGAGED,
            job=f"Métier {CANARY}",
            rome_code="K2204",
            detail=f"Détail {CANARY}",
        )
        make_document(
            person,
            kind=DocumentKind.ELIGIBILITY,
            criterion=Criterion.DISABLED,
            confidentiality=Confidentiality.SOCIAL,
            issued_on=today(),
            title=f"Titre {CANARY}",
            original_name=f"{CANARY}.pdf",
        )
    Draft.objects.create(
        user=worker,
        page=reverse("beneficiaries:follow-up-create", args=[person.pk]),
        title=f"Suivi {CANARY}",
        content={"said": f"Brouillon {CANARY}"},
    )
    return person


def url(model, kind: str, *args) -> str:
    return page(f"{model._meta.app_label}_{model._meta.model_name}_{kind}", *args)


def found(response) -> list:
    return list(response.context["cl"].result_list)


def told(response, words: list[str] = CONTENT) -> list[str]:
    """Which of these words an answer says."""
    assert response.status_code == 200
    text = response.content.decode().replace("&#x27;", "'")
    return [word for word in words if word in text]
