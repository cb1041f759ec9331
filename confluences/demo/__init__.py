"""The demonstration: the association as its public sheet describes it, and an invented team.

The files beside this module are read by the importers that users have. A date written J-30 is 30 days before
today, so that the present team stays present. Every invented name begins with « Exemple ».
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection, transaction

from beneficiaries.actions import save_pass_change
from beneficiaries.models import Beneficiary, EntrySituation, Pass, Prolongation, Suspension
from beneficiaries.resources import BeneficiaryResource, ContractResource
from confluences.actions import save_recorded
from confluences.demo.budgets import add_budgets
from confluences.demo.cash import add_cash
from confluences.demo.courses import add_courses
from confluences.demo.files import day, rows, text
from confluences.demo.grants import add_grants
from confluences.demo.ground import add_ground, first_day
from confluences.demo.immersions import add_immersions
from confluences.demo.purchases import add_purchases
from confluences.demo.referrals import add_referrals
from confluences.demo.support import add_support
from confluences.enums import Role
from confluences.imports import import_file
from confluences.models import Administration, Structure, User
from confluences.rights import grant
from outcomes.actions import freeze_report
from outcomes.models import Cohort
from outcomes.resources import ExitResource
from partners.directory_resources import PartnerResource
from worksites.models import FinancialAnnex, Worksite
from worksites.resources import AssignmentResource, WorksiteResource

PASSWORD = "jardin-exemple-2014"  # noqa: S105  of a demonstration that serves this machine alone
ACCOUNTS = {
    Role.SOCIAL_WORKER: ("social@exemple.fr", "Exemple", "Travailleuse sociale"),
    Role.INSTRUCTOR: ("encadrant@exemple.fr", "Exemple", "Encadrant"),
    Role.SUPERVISOR: ("direction@exemple.fr", "Exemple", "Directrice"),
    Role.ADMINISTRATOR: ("administration@exemple.fr", "Exemple", "Administrateur"),
}
IMPORTED = (
    (PartnerResource, "partenaires.csv"),
    (WorksiteResource, "chantiers.csv"),
    (BeneficiaryResource, "personnes.csv"),
    (ContractResource, "contrats.csv"),
    (AssignmentResource, "affectations.csv"),
    (ExitResource, "sorties.csv"),
)


class RealDataInPlace(Exception):
    """The database holds something that is not the demonstration."""


@dataclass(frozen=True)
class Loaded:
    """What loading did: nothing where the demonstration was there already."""

    is_new: bool
    people: int


def load(today: dt.date) -> Loaded:
    """Loads everything in one transaction, once; raises RealDataInPlace over anything else."""
    if Structure.objects.filter(is_demonstration=True).exists():
        return Loaded(False, Beneficiary.objects.count())
    if any(model.objects.exists() for model in (Structure, Beneficiary, Worksite, User)):
        raise RealDataInPlace
    with transaction.atomic():
        _describe_structure()
        users = {role: _open_account(role) for role in Role}
        administrator = users[Role.ADMINISTRATOR]
        for resource, name in IMPORTED:
            import_file(resource, text(name, today).encode(), by=administrator)
        _add_passes(today, administrator)
        _add_pass_changes(today, administrator)
        _add_situations(today, administrator)
        add_support(today, users[Role.SOCIAL_WORKER])
        add_referrals(today, users[Role.SOCIAL_WORKER])
        Worksite.objects.get(name="Fresnes").instructors.add(users[Role.INSTRUCTOR])
        add_courses(today, users[Role.SUPERVISOR])
        add_ground(today, instructor=users[Role.INSTRUCTOR], supervisor=users[Role.SUPERVISOR])
        add_immersions(today, users[Role.SOCIAL_WORKER])
        _add_annexes(first_day(today), today, administrator)
        add_grants(today, users[Role.SUPERVISOR])
        add_purchases(today, by=users[Role.SUPERVISOR])
        add_budgets(today, users[Role.SUPERVISOR])
        add_cash(today, users[Role.SUPERVISOR])
        cohorts = [_add_cohort(year, administrator) for year in (2014, today.year - 1, today.year)]
        freeze_report(cohorts[0], by=users[Role.SUPERVISOR], dated=today)
        _count_rows()
    return Loaded(True, Beneficiary.objects.count())


def _count_rows() -> None:
    """Thousands of rows came at once: PostgreSQL plans its queries for as many only once it has counted them."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _describe_structure() -> None:
    Structure.objects.create(
        name="Confluences",
        address="28 rue Joachim du Bellay",
        postcode="94110",
        city="Arcueil",
        signatory_name="Directrice Exemple",
        signatory_title="directrice",
        reports_to=Administration.objects.first(),
        is_demonstration=True,
    )


def _open_account(role: Role) -> User:
    email, first_name, last_name = ACCOUNTS[role]
    user = User.objects.create_user(email, PASSWORD, first_name=first_name, last_name=last_name)
    grant(user, role)
    return user


def _add_passes(today: dt.date, by: User) -> None:
    for row in rows("pass.csv", today):
        person = Beneficiary.objects.get(file_number=row["dossier"])
        save_recorded(Pass(beneficiary=person, number=row["numero"], start=day(row["debut"])), by=by)


def _add_pass_changes(today: dt.date, by: User) -> None:
    for row in rows("pass_changes.csv", today):
        pass_iae = Pass.objects.get(beneficiary__file_number=row["dossier"])
        period = {
            "pass_iae": pass_iae,
            "start": day(row["debut"]),
            "end": day(row["fin"]),
            "reason": row["motif"],
        }
        if row["demande"]:
            change = Prolongation(**period, requested_on=day(row["demande"]), opinion_by=row["avis"])
        else:
            change = Suspension(**period)
        save_pass_change(change, by=by)


def _add_situations(today: dt.date, by: User) -> None:
    for row in rows("situations.csv", today):
        situation = EntrySituation(
            beneficiary=Beneficiary.objects.get(file_number=row["dossier"]),
            entered_on=day(row["entree"]),
            education=row["formation"],
            unemployment=row["sans_emploi"],
            rsa=row["rsa"],
            prescriber=row["orienteur"],
            qpv=_yes(row["qpv"]),
            single_parent=_yes(row["parent_isole"]),
        )
        save_recorded(situation, by=by)


def _yes(words: str) -> bool | None:
    return {"oui": True, "non": False}.get(words)


def _add_annexes(first: dt.date, today: dt.date, by: User) -> None:
    """One annex a year, from the first month of presence on: earlier months would seem to be without work.

    The posts are invented, nobody has published them. The aid is the State's national amount.
    """
    for year in range(first.year, today.year + 1):
        annex = FinancialAnnex(
            number=f"EXEMPLE-{year}",
            start=max(first, dt.date(year, 1, 1)),
            end=dt.date(year, 12, 31),
            agreed_etp=Decimal("11.50"),
        )
        save_recorded(annex, by=by).worksites.set(Worksite.objects.all())


def _add_cohort(year: int, by: User) -> Cohort:
    cohort = Cohort(
        code=str(year), label=f"Sorties {year}", start=dt.date(year, 1, 1), end=dt.date(year, 12, 31)
    )
    return save_recorded(cohort, by=by)
