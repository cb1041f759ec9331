"""The demonstration's funders: the eight of the first year, of whom no amount is known, and two invented ones.

Nothing is invented for the real ones: what nobody knows stays empty. The invented ones say « Exemple ».
"""

import datetime as dt
from decimal import Decimal

from confluences.actions import save_recorded
from confluences.demo.files import day, rows
from confluences.models import User
from funding.models import Funder, Grant, Instalment, Obligation
from partners.enums import PartnerKind
from partners.models import Partner, PartnerName


def add_grants(today: dt.date, by: User) -> None:
    for row in rows("financeurs.csv", today):
        partner = _partner(row, by) if row["ancien_nom"] else None
        save_recorded(Funder(name=row["nom"], kind=row["nature"], partner=partner), by=by)
    for row in rows("subventions.csv", today):
        save_recorded(_grant(row), by=by)
    grants = {grant.title: grant for grant in Grant.objects.filter(title__startswith="Exemple")}
    for row in rows("versements.csv", today):
        instalment = Instalment(
            grant=grants[row["subvention"]],
            kind=row["nature"],
            expected=_amount(row["attendu"]),
            expected_on=day(row["attendu_le"]),
            condition=row["condition"],
            received=_amount(row["recu"]),
            received_on=day(row["recu_le"]),
        )
        save_recorded(instalment, by=by)
    for row in rows("echeances_financeurs.csv", today):
        obligation = Obligation(
            grant=grants[row["subvention"]],
            kind=row["nature"],
            title=row["precision"],
            due=day(row["avant_le"]),
            done_on=day(row["rendue_le"]),
        )
        save_recorded(obligation, by=by)


def _partner(row: dict[str, str], by: User) -> Partner:
    """Its page in the directory, where there is one already; it keeps the name it bore then."""
    partner = Partner.objects.filter(name=row["nom"]).first()
    if partner is None:
        partner = save_recorded(Partner(name=row["nom"], kind=PartnerKind.COMMUNITY), by=by)
    if not partner.former_names.exists():
        PartnerName.objects.create(partner=partner, name=row["ancien_nom"], valid_until=day(row["jusqu_au"]))
    return partner


def _grant(row: dict[str, str]) -> Grant:
    return Grant(
        funder=Funder.objects.get(name=row["financeur"]),
        title=row["objet"],
        status=row["etat"],
        asked=_amount(row["demande"]),
        awarded=_amount(row["accorde"]),
        ask_before=day(row["a_deposer"]),
        asked_on=day(row["deposee"]),
        answer_expected_on=day(row["reponse"]),
        decided_on=day(row["decidee"]),
        eligible_start=day(row["debut"]),
        eligible_end=day(row["fin"]),
        pays_for=row["peut_payer"],
        pays_for_details=row["precisions"],
        max_share=_amount(row["part"]),
        agreement_number=row["convention"],
        notes=row["remarques"],
    )


def _amount(words: str) -> Decimal | None:
    return Decimal(words) if words else None
