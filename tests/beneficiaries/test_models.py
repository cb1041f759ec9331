"""People, contracts and PASS IAE: what the rows refuse, and what the querysets find."""

import datetime as dt
import re

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from beneficiaries.enums import ContractKind, HoursDerogation, Presence
from beneficiaries.models import NO_END, Beneficiary, Contract, Prolongation, Suspension
from tests.beneficiaries.factories import make_beneficiary, make_contract, make_pass, make_running_contract
from tests.worksites.factories import make_assignment, make_worksite

D = dt.date
DAY = D(2024, 6, 30)

pytestmark = pytest.mark.django_db


def refusal(make, **fields) -> str:
    with pytest.raises(ValidationError) as refused:
        make(**fields)
    return " ".join(refused.value.messages)


# People


def test_file_number_is_given_on_saving():
    person = make_beneficiary()
    assert re.fullmatch(r"D[B-Z2-9]{6}", person.file_number)
    assert Beneficiary.objects.get().file_number == person.file_number


def test_file_number_may_be_typed():
    assert make_beneficiary(file_number="1998-12").file_number == "1998-12"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"last_name": "Martin 😀"}, "Un nom s’écrit avec des lettres ; retirez « 😀 »."),
        ({"first_name": "R2D2"}, "Un nom s’écrit avec des lettres ; retirez « 2 »."),
        ({"last_name": "-"}, "Un nom contient au moins une lettre."),
        ({"birth_date": D(1899, 12, 31)}, "La date de naissance est antérieure à 1900."),
        ({"birth_date": D(2999, 1, 1)}, "La date de naissance doit être passée."),
        ({"phone": "06"}, "Un numéro de téléphone, par exemple 06 12 34 56 78."),
        ({"postcode": "9411"}, "Un code postal a cinq chiffres, par exemple 94110."),
    ],
)
def test_beneficiary_refuses(fields, message):
    assert refusal(make_beneficiary, **fields) == message


@pytest.mark.parametrize("name", ["N’Guyen-Dupont", "Öztürk", "Πέτρος", "O'Brien", "Amina B.", "Cafe\u0301"])
def test_beneficiary_accepts_names_of_all_scripts(name):
    assert make_beneficiary(last_name=name).pk


def test_names_of_one_letter_that_decomposes_into_many_fit():
    assert len(make_beneficiary(last_name="\ufdfa" * 100).search_key) == 250


def test_same_name_and_birth_is_refused_whatever_the_accents():
    make_beneficiary(last_name="Traoré", first_name="Moussa")
    message = refusal(make_beneficiary, last_name="TRAORE", first_name="moussa")
    assert message.startswith("Une personne du même nom, née le même jour, a déjà un dossier.")


@pytest.mark.parametrize("text", ["traore", "MOUSSA traoré", "trao mou", "Mou’ssa-Traoré"])
def test_matching_finds_names_in_any_order_without_accents(text):
    person = make_beneficiary(last_name="Traoré", first_name="Moussa Mou Ssa")
    assert list(Beneficiary.objects.matching(text)) == [person]


def test_matching_needs_every_word():
    make_beneficiary(last_name="Traoré", first_name="Moussa")
    assert list(Beneficiary.objects.matching("traore amina")) == []


@pytest.fixture
def amina():
    return make_beneficiary(
        last_name="Benali",
        first_name="Amina",
        birth_date=D(1990, 5, 1),
        phone="06 12 34 56 78",
        file_number="Ex-2014-1",
    )


@pytest.fixture
def namesake():
    return make_beneficiary(
        last_name="Benali", first_name="Aminata", birth_date=D(1991, 6, 2), phone="07 98 76 54 32"
    )


@pytest.mark.parametrize(
    "text",
    [
        "01/05/1990",
        "1-5-90",
        "1er mai 1990",
        "mai 1990",
        "1990 BENALI",
        "amina 06 12",
        "benali +33 6 12 34 56 78",
        "345678",
        "06",
        "ex-2014-1",
        "EX-2014-1 benali",
    ],
)
def test_matching_finds_by_birth_date_phone_and_file_number(amina, namesake, text):
    assert list(Beneficiary.objects.matching(text)) == [amina]


@pytest.mark.parametrize(
    "text", ["", "???", "%", "_", "7", "12", "benali 1992", "01/06/1990", "2014", "é\x00z"]
)
def test_matching_finds_nobody(amina, namesake, text):
    assert list(Beneficiary.objects.matching(text)) == []


def test_file_number_made_of_consonants_is_found():
    person = make_beneficiary(file_number="DBCKTRM")
    make_beneficiary()
    assert list(Beneficiary.objects.matching("dbcktrm")) == [person]


def test_present_first_then_by_name():
    names = ("Cèdre", "Bouleau", "Aulne")
    cedar, birch, alder = (make_beneficiary(last_name=name) for name in names)
    make_contract(cedar)
    make_contract(alder, end=D(2024, 12, 31), ended_early_on=D(2024, 6, 29))
    assert list(Beneficiary.objects.present_first(DAY)) == [cedar, alder, birch]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(-900, 900), st.integers(123, 300)), max_size=3))
def test_standing_is_what_the_rule_says(contracts):
    person = make_beneficiary()
    ends = D(1999, 1, 1)
    for start, days in sorted(contracts):
        first = max(DAY + dt.timedelta(days=start), ends + dt.timedelta(days=2))
        ends = first + dt.timedelta(days=days)
        make_contract(person, start=first, end=ends)
    person = Beneficiary.objects.get(pk=person.pk)
    found = [
        presence for presence in Presence if Beneficiary.objects.filter(pk=person.pk).standing(presence, DAY)
    ]
    assert found == [person.presence_on(DAY)]


def test_broken_contract_counts_until_its_last_day():
    person = make_contract(end=D(2024, 12, 31), ended_early_on=DAY).beneficiary
    assert list(Beneficiary.objects.present(DAY)) == [person]
    assert list(Beneficiary.objects.present(DAY + dt.timedelta(days=1))) == []


def test_with_last_contract():
    without = make_beneficiary()
    fixed = make_contract().beneficiary
    endless = make_contract(
        make_beneficiary(birth_date=D(1960, 1, 1)), kind=ContractKind.CDI_INCLUSION, end=None
    ).beneficiary
    days = dict(Beneficiary.objects.with_last_contract().values_list("pk", "last_contract_day"))
    assert days == {without.pk: None, fixed.pk: D(2024, 12, 31), endless.pk: NO_END}


def test_visible_to_everybody_but_the_instructor(social_worker, supervisor, administrator, instructor):
    person = make_beneficiary()
    seen = [
        list(Beneficiary.objects.visible_to(user, DAY)) for user in (social_worker, supervisor, administrator)
    ]
    assert seen == [[person]] * 3
    assert list(Beneficiary.objects.visible_to(instructor, DAY)) == []


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [
        (D(2024, 1, 1), None, True),
        (D(2024, 6, 30), D(2024, 6, 30), True),
        (D(2024, 1, 1), D(2024, 6, 29), False),
        (D(2024, 7, 1), None, False),
    ],
)
def test_instructor_sees_the_people_of_own_worksites_today(instructor, start, end, seen):
    worksite = make_worksite()
    worksite.instructors.add(instructor)
    person = make_assignment(worksite=worksite, start=start, end=end).beneficiary
    make_assignment()  # elsewhere
    assert list(Beneficiary.objects.visible_to(instructor, DAY)) == ([person] if seen else [])


def test_somebody_without_role_sees_nobody(django_user_model):
    make_beneficiary()
    stranger = django_user_model.objects.create_user("sans-role@example.org", "x")
    assert list(Beneficiary.objects.visible_to(stranger, DAY)) == []


# Contracts


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"end": D(2023, 12, 31)}, "Le contrat finit avant de commencer."),
        (
            {"ended_early_on": D(2025, 1, 1)},
            "La rupture doit tomber entre le début et la fin prévue du contrat.",
        ),
        ({"end": None}, "Un CDDI a une date de fin."),
        ({"end": D(2024, 2, 1)}, "Un CDDI dure au moins 4 mois"),
        ({"end": D(2026, 2, 1)}, "au-delà de 24 mois il faut choisir une dérogation"),
        ({"weekly_minutes": 19 * 60}, "de 20 à 35 heures par semaine"),
        ({"weekly_minutes": 36 * 60, "hours_derogation": HoursDerogation.INDIVIDUAL}, "de 20 à 35 heures"),
        ({"start": D(1900, 1, 1), "end": D(1900, 12, 31)}, "À cette date la personne n’a pas 16 ans"),
        (
            {"kind": ContractKind.CDI_INCLUSION, "end": None},
            "Le CDI inclusion s’adresse aux personnes de 57 ans et plus.",
        ),
    ],
)
def test_contract_refuses(fields, message):
    assert message in refusal(make_contract, **fields)


def test_contract_under_20_hours_with_derogation():
    assert make_contract(weekly_minutes=15 * 60, hours_derogation=HoursDerogation.INDIVIDUAL).pk


def test_contracts_of_one_person_do_not_overlap():
    person = make_contract().beneficiary
    message = refusal(make_contract, beneficiary=person, start=D(2024, 12, 31), end=D(2025, 6, 30))
    assert message.startswith("Ce contrat en chevauche un autre de la même personne.")


def test_renewal_counts_in_the_total_length():
    person = make_contract().beneficiary
    message = refusal(make_contract, beneficiary=person, start=D(2025, 1, 1), end=D(2026, 6, 30))
    assert "la durée totale atteint 30 mois" in message


def test_contract_words():
    contract = make_contract(weekly_minutes=26 * 60 + 30)
    assert str(contract) == "CDDI du 01/01/2024 au 31/12/2024"
    assert contract.get_weekly_minutes_display() == "26\u00a0h\u00a030"
    assert contract.get_absolute_url() == contract.beneficiary.get_absolute_url()


def test_running_and_ending():
    contract = make_contract()
    assert list(Contract.objects.running(DAY)) == [contract]
    assert list(Contract.objects.running(D(2025, 1, 1))) == []
    assert list(Contract.objects.ending_between(D(2024, 12, 1), D(2024, 12, 31))) == [contract]


# PASS IAE


@pytest.mark.parametrize("number", ["12345", "12345678901a", "1234 5678 901"])
def test_pass_number_has_12_digits(number):
    assert "Un numéro de PASS IAE ou d’agrément a 12 chiffres, sans espaces." in refusal(
        make_pass, number=number
    )


def test_pass_before_16_is_refused():
    assert "n’a pas 16 ans" in refusal(make_pass, start=D(1900, 1, 1))


def test_passes_of_one_person_do_not_overlap():
    person = make_pass().beneficiary
    message = refusal(make_pass, beneficiary=person, start=D(2025, 12, 30))
    assert message == "Cette personne a déjà un PASS IAE pendant cette période."


def test_pass_words():
    pass_iae = make_pass(number="123456789012")
    assert (str(pass_iae), pass_iae.end) == ("PASS IAE 123456789012", D(2025, 12, 30))


def test_changes_of_a_pass_say_their_dates():
    pass_iae = make_pass()
    suspension = Suspension(pass_iae=pass_iae, start=D(2024, 3, 1), end=D(2024, 3, 31))
    prolongation = Prolongation(pass_iae=pass_iae, start=D(2025, 12, 31), end=D(2026, 3, 31))
    assert str(suspension) == "Suspension du 01/03/2024 au 31/03/2024"
    assert str(prolongation) == "Prolongation du 31/12/2025 au 31/03/2026"
    assert suspension.get_absolute_url() == prolongation.get_absolute_url() == pass_iae.get_absolute_url()


def test_make_running_contract_runs_today():
    assert make_running_contract().beneficiary in Beneficiary.objects.present(dt.date.today())
