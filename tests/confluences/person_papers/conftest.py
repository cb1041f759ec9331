"""Somebody of whom everything is known, and who asks for papers."""

import pytest

from beneficiaries.enums import Prescriber
from beneficiaries.models import Beneficiary, ProtectedSituation
from beneficiaries.support_enums import (
    Confidentiality,
    ProjectStage,
    StepStatus,
    Theme,
)
from confluences.actions import save_recorded
from confluences.enums import Role
from tests.beneficiaries.factories import (
    DAY,
    make_appointment,
    make_barrier,
    make_beneficiary,
    make_document,
    make_follow_up,
    make_pass,
    make_project,
    make_running_contract,
    make_situation,
    make_step,
    today,
)
from tests.confluences.person_papers.reading import NOTE
from tests.partners.factories import make_partner, make_referral


@pytest.fixture
def person(social_worker) -> Beneficiary:
    """Somebody of whom everything is known."""
    found = make_beneficiary(last_name="Exemple Complet", file_number="EX-99", referent=social_worker)
    make_running_contract(found, days_left=20)
    make_pass(found, start=today() - 100 * DAY)
    situation = make_situation(found, entered_on=today() - 100 * DAY, prescriber=Prescriber.SPIP)
    save_recorded(ProtectedSituation(situation=situation, rqth=True), by=social_worker)
    first = make_follow_up(
        found, by=social_worker, on=today() - 5 * DAY, said="canaridit", note=NOTE, topics=(Theme.HEALTH,)
    )
    first.decisions = "canaridecision"
    first.save()
    make_barrier(found, effect="canarifrein", assessed_on=today() - 5 * DAY)
    make_barrier(found, axis=Theme.HEALTH, effect="canarisante", assessed_on=today() - 5 * DAY)
    make_step(found, action="canariaction", need="canarilogement", partner="canaripartenaire")
    make_step(
        found,
        action="canarifaite",
        result="canariresultat",
        status=StepStatus.DONE,
        closed_on=today(),
    )
    make_step(found, theme=Theme.JUSTICE, action="canarijustice", need="canaribesoin")
    partner = make_partner(name="canaripartenaire")
    make_referral(found, partner, reason="canarilogement", on=today() - DAY, result_text="canariresultat")
    make_referral(found, partner, reason="canarijustice", theme=Theme.JUSTICE, on=today())
    make_project(found, job="canarimetier", detail="canaritravail", stage=ProjectStage.VALIDATED)
    make_appointment(social_worker, found, on=today() + 2 * DAY, purpose="canariobjet")
    make_document(found, title="canaridoc", confidentiality=Confidentiality.SOCIAL)
    return found


@pytest.fixture
def social(clients):
    return clients[Role.SOCIAL_WORKER]


@pytest.fixture
def supervising(clients):
    return clients[Role.SUPERVISOR]
