"""Issuing certificates: one number after the other without a gap, one paper of a kind for each enrolment."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction

from beneficiaries.time_actions import lock_people
from confluences.integrity import refusals_in_french
from confluences.models import User
from trainings.certificate_reports import certificate_facts, prospect_of
from trainings.certificate_rules import digest_of
from trainings.enums import CertificateKind
from trainings.models import Certificate, CertificateRegister, Enrolment


def issue_certificate(
    enrolment: Enrolment, kind: CertificateKind, *, by: User | None, today: dt.date
) -> tuple[Certificate, bool]:
    """The paper of that kind, and whether it was issued just now: asked for again, it is the one that exists.

    Raises ValidationError while it may not be issued, with what is missing and what to do.
    """
    with refusals_in_french(), transaction.atomic():
        # Whoever records this person's attendance holds the person too: the hours do not move while they are frozen.
        lock_people([enrolment.beneficiary_id])
        register = CertificateRegister.objects.select_for_update().get()
        standing = Certificate.objects.filter(enrolment=enrolment, kind=kind).first()
        if standing is not None:
            return standing, False
        current = Enrolment.objects.select_related("programme", "beneficiary").get(pk=enrolment.pk)
        prospect = prospect_of(current, kind, today)
        if prospect.refusal:
            raise ValidationError(prospect.refusal)
        # Where anything below fails, the number goes back with the transaction.
        register.last_number += 1
        register.save()
        facts = certificate_facts(prospect, number=register.last_number, today=today)
        certificate = Certificate(
            number=register.last_number,
            kind=kind,
            enrolment=current,
            issued_by=by,
            facts=facts,
            digest=digest_of(facts),
        )
        certificate.full_clean(exclude=["issued_by"])
        certificate.save()
        return certificate, True
