"""The demonstration's referrals: in every state, one late, one silent, two received from a prescriber."""

import datetime as dt

from django.utils import timezone

from beneficiaries.models import Beneficiary
from confluences.demo.files import day, rows
from confluences.models import User
from partners.enums import ReferralStatus
from partners.models import Partner, Referral
from partners.referral_actions import save_referral

NOON = dt.time(12)


def add_referrals(today: dt.date, by: User) -> None:
    """Each begins as sent, then goes on to where it stands: its history has the days of the file."""
    people = {person.file_number: person for person in Beneficiary.objects.all()}
    partners = {partner.name: partner for partner in Partner.objects.all()}
    for row in rows("orientations.csv", today):
        referral = Referral(
            beneficiary=people[row["dossier"]],
            partner=partners[row["partenaire"]],
            direction=row["sens"],
            theme=row["theme"],
            reason=row["motif"],
            on=day(row["date"]),
            due=day(row["attendue"]),
        )
        save_referral(referral, by=by)
        _date_last_change(referral, referral.on)
        if row["etat"] != ReferralStatus.SENT:
            _go_on(referral, row, by)


def _go_on(referral: Referral, row: dict[str, str], by: User) -> None:
    referral.status = row["etat"]
    referral.replied_on, referral.meeting_on = day(row["repondue"]), day(row["rendez_vous"])
    referral.closed_on = day(row["terminee"])
    referral.reply, referral.result_text = row["reponse"], row["obtenu"]
    referral.result, referral.effect = row["resultat"], row["effet"]
    save_referral(referral, by=by, words=row["mots"])
    _date_last_change(referral, referral.closed_on or referral.replied_on)


def _date_last_change(referral: Referral, on: dt.date) -> None:
    last = referral.changes.order_by("pk").last()
    referral.changes.filter(pk=last.pk).update(at=timezone.make_aware(dt.datetime.combine(on, NOON)))
