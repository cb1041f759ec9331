"""What the pages and the spreadsheet show of people."""

import datetime as dt

import pytest

from beneficiaries.enums import ContractKind, Education, ProlongationReason, Rsa, SuspensionReason
from beneficiaries.models import NO_END, Beneficiary, Pass, Prolongation, Suspension
from beneficiaries.reports import (
    COLUMNS,
    PassState,
    Status,
    contract_layer,
    ends_soon,
    for_rows,
    identity_facts,
    lookalikes,
    pass_layers,
    person_rows,
    situation_facts,
)
from confluences.charts import Bar
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_pass, make_situation
from tests.worksites.factories import make_assignment, make_worksite

D = dt.date
DAY = D(2024, 6, 30)

pytestmark = pytest.mark.django_db


def row_of(person):
    return next(iter(person_rows(for_rows(Beneficiary.objects.filter(pk=person.pk)), DAY)))


@pytest.mark.parametrize(
    ("last_day", "status"),
    [
        (None, None),
        (D(2024, 6, 29), None),
        (D(2024, 6, 30), Status("finit aujourd’hui", "soon")),
        (D(2024, 7, 1), Status("finit demain", "soon")),
        (D(2024, 8, 29), Status("fin dans 60 jours", "soon")),
        (D(2024, 8, 30), None),
    ],
)
def test_ends_soon(last_day, status):
    assert ends_soon(last_day, DAY) == status


def test_columns_are_those_of_the_list(social_worker):
    person = make_beneficiary(
        last_name="Traoré", first_name="Moussa", file_number="12", referent=social_worker
    )
    make_contract(person)
    make_pass(person)
    make_assignment(person, make_worksite(name="Fresnes"))
    make_assignment(person, make_worksite(name="Champigny"), start=D(2023, 1, 1), end=D(2023, 12, 31))
    cells = {column.heading: column.value(row_of(person)) for column in COLUMNS}
    assert cells == {
        "Dossier": "12",
        "Nom": "Traoré",
        "Prénom": "Moussa",
        "Chantier": "Fresnes",
        "Situation": "en contrat",
        "Fin de contrat": D(2024, 12, 31),
        "Fin du PASS IAE": D(2025, 12, 30),
        "Référent": "Exemple Travailleur social",
    }


def test_row_of_somebody_without_contract():
    row = row_of(make_beneficiary())
    assert (row.status, row.last_day, row.pass_end, row.soon, row.pass_soon) == (
        Status("sans contrat", "neutral"),
        None,
        None,
        None,
        None,
    )


def test_row_of_a_contract_without_term():
    person = make_beneficiary(birth_date=D(1960, 1, 1))
    make_contract(person, kind=ContractKind.CDI_INCLUSION, end=None)
    row = row_of(person)
    assert (row.last_day, row.without_term, COLUMNS[5].value(row)) == (NO_END, True, "sans terme")


@pytest.mark.parametrize(
    ("start", "status"),
    [
        (D(2022, 6, 1), Status("expiré", "late")),
        (D(2022, 7, 10), Status("fin dans 8 jours", "soon")),
        (D(2024, 1, 1), None),
    ],
)
def test_pass_end_is_said_of_whoever_works_here(start, status):
    person = make_pass(start=start).beneficiary
    assert row_of(person).pass_soon is None
    make_contract(person)
    assert row_of(person).pass_soon == status


@pytest.mark.parametrize(
    ("day", "status", "days_left"),
    [
        (D(2023, 12, 31), Status("à venir", "info"), 730),
        (D(2024, 1, 1), Status("en cours", "ok"), 730),
        (D(2025, 12, 1), Status("fin dans 29 jours", "soon"), 30),
        (D(2025, 12, 30), Status("finit aujourd’hui", "soon"), 1),
        (D(2025, 12, 31), Status("expiré", "neutral"), 0),
    ],
)
def test_pass_state(day, status, days_left):
    state = PassState(make_pass(), day)
    assert (state.status, state.days_left, state.moved) == (status, days_left, False)


def pass_with_changes() -> Pass:
    pass_iae = make_pass(number="123456789012")
    by_hand = {"pass_iae": pass_iae, "start": D(2024, 6, 1), "end": DAY}
    Suspension.objects.create(**by_hand, reason=SuspensionReason.CONTRACT_SUSPENDED)
    Prolongation.objects.create(**by_hand, reason=ProlongationReason.RQTH, requested_on=DAY)
    pass_iae.save()
    return Pass.objects.get()


def test_suspended_pass():
    state = PassState(pass_with_changes(), DAY)
    assert (state.status, state.moved) == (Status("suspendu", "soon"), True)


def test_layers_of_the_journey():
    contract = make_contract(assumed=True, ended_early_on=D(2024, 11, 30))
    assert contract_layer([contract]).bars == [
        Bar(start=D(2024, 1, 1), end=D(2024, 11, 30), label="CDDI", kind="hatched")
    ]
    passes, suspensions = pass_layers([pass_with_changes()])
    assert passes.bars == [Bar(start=D(2024, 1, 1), end=D(2026, 2, 28), label="123456789012", kind="soft")]
    assert [(bar.start, bar.end) for bar in suspensions.bars] == [(D(2024, 6, 1), DAY)]


def test_identity_facts():
    person = make_beneficiary(city="Arcueil", postcode="94110")
    assert identity_facts(person) == [
        ("Date de naissance", "1er janvier 1990"),
        ("Sexe", "femme"),
        ("Téléphone", ""),
        ("Adresse électronique", ""),
        ("Adresse", "94110 Arcueil"),
        ("Référent", ""),
        ("Notice d’information remise le", ""),
    ]


def test_identity_says_who_follows_the_person(social_worker):
    facts = dict(identity_facts(make_beneficiary(referent=social_worker)))
    assert facts["Référent"] == "Exemple Travailleur social"


def test_lookalikes_are_known_by_name_alone():
    make_beneficiary(last_name="Exemple", phone="06 12 34 56 78", file_number="D1")
    people = Beneficiary.objects.all()
    for text in ("0612345678", "D1"):
        assert lookalikes(people, text, D(1980, 1, 1)) == []


def test_situation_facts_tell_no_from_unknown():
    situation = make_situation(education=Education.VOCATIONAL, rsa=Rsa.NONE, qpv=True, refugee=False)
    known, unknown = situation_facts(situation)
    assert known == [
        ("Niveau de formation", "diplôme CAP ou BEP"),
        ("RSA", "non"),
        ("Réfugié ou bénéficiaire d’une protection", "non"),
        ("Habite un quartier prioritaire (QPV)", "oui"),
    ]
    assert len(unknown) == 12
    assert unknown[0] == "sans emploi depuis"
