"""What is typed about people: hours, doubles, choices, and mistakes said in French."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict

from beneficiaries.forms import (
    BeneficiaryForm,
    ContractForm,
    HoursField,
    ManyHoursField,
    ProlongationForm,
    SituationForm,
    renewal_of,
)
from beneficiaries.models import Beneficiary, Contract, EntrySituation, Prolongation
from confluences.dates import add_months
from confluences.enums import Role
from tests.beneficiaries.factories import (
    make_beneficiary,
    make_contract,
    make_pass,
    make_running_contract,
    make_situation,
    today,
)

D = dt.date
IDENTITY = {
    "last_name": "Benali",
    "first_name": "Amina",
    "sex": "F",
    "birth_date": "1990-05-01",
    "phone": "",
    "email": "",
    "address": "",
    "postcode": "",
    "city": "",
    "informed_on": "",
    "file_number": "",
}
CONTRACT = {
    "kind": "cddi",
    "occupation": "ouvrière",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "ended_early_on": "",
    "weekly_minutes": "26:30",
    "work_days": ["1", "2", "3", "4"],
    "hours_derogation": "",
    "length_derogation": "",
}


def posted(fields: dict) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def identity_form(user, **fields) -> BeneficiaryForm:
    return BeneficiaryForm(posted(IDENTITY | fields), user=user)


def messages_of(form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("26", 1560),
        ("26:30", 1590),
        ("26h", 1560),
        ("26 h 30", 1590),
        ("26 h 30 min", 1590),
        ("26:5", 1565),
        (" 9 ", 540),
    ],
)
def test_hours_are_read_as_people_write_them(typed, minutes):
    assert HoursField().clean(typed) == minutes


@pytest.mark.parametrize("typed", ["vingt", "26:75", "126", "-3", "26:30:10", "26,5"])
def test_hours_that_nobody_can_read_are_refused(typed):
    with pytest.raises(ValidationError, match="par exemple 26 ou 26:30"):
        HoursField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("230", 13_800),
        ("1200", 72_000),
        ("1 200", 72_000),
        ("1\u202f200 h", 72_000),
        ("120:30", 7230),
        ("12 345:30", 740_730),
        ("7", 420),
    ],
)
def test_many_hours_are_read_as_people_write_them(typed, minutes):
    assert ManyHoursField().clean(typed) == minutes


@pytest.mark.parametrize("typed", ["123456", "1 20", "120 30", "-3", "12 jours", "120:75"])
def test_many_hours_that_nobody_can_read_are_refused(typed):
    with pytest.raises(ValidationError, match="par exemple 230 ou 120:30"):
        ManyHoursField().clean(typed)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(1560, "26"), (1590, "26:30"), (1565, "26:05"), ("26 h", "26 h")]
)
def test_hours_are_shown_as_they_are_typed(minutes, shown):
    assert HoursField().prepare_value(minutes) == shown


# Referent


def test_referent_is_an_active_social_worker_or_the_present_one(users, django_user_model):
    former = django_user_model.objects.create_user("ancienne@example.org", "x", is_active=False)
    worker = users[Role.SOCIAL_WORKER]
    person = make_beneficiary(referent=former)
    new, known = (
        BeneficiaryForm(user=worker, **kwargs).fields["referent"].queryset
        for kwargs in ({}, {"instance": person})
    )
    assert (list(new), set(known)) == ([worker], {worker, former})


def test_referent_is_saved(social_worker):
    person = identity_form(social_worker, referent=social_worker.pk).save_by(social_worker)
    assert person.referent == social_worker


# Doubles


def test_new_person_is_saved(social_worker):
    person = identity_form(social_worker).save_by(social_worker)
    assert (str(person), person.created_by, person.version) == ("Benali Amina", social_worker, 1)


def test_exact_double_is_refused_and_shown(social_worker):
    known = make_beneficiary(last_name="Bénali", first_name="Amina", birth_date=D(1990, 5, 1))
    form = identity_form(social_worker, distinct="on")
    assert form.save_by(social_worker) is None
    assert messages_of(form)[0].startswith("Une personne du même nom, née le même jour, a déjà un dossier.")
    assert [(each.person, each.reason) for each in form.lookalikes] == [
        (known, "même nom, même date de naissance")
    ]


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        (
            {"last_name": "Amina", "first_name": "Benali", "birth_date": D(1990, 5, 1)},
            "même nom, même date de naissance",
        ),
        (
            {"last_name": "Benali", "first_name": "Amina", "birth_date": D(1991, 5, 1)},
            "même nom, autre date de naissance",
        ),
        (
            {"last_name": "Ben Ali", "first_name": "Amina", "birth_date": D(1990, 5, 1)},
            "même date de naissance, nom proche",
        ),
    ],
)
def test_possible_double_is_asked_about(social_worker, known, reason):
    make_beneficiary(**known)
    form = identity_form(social_worker)
    assert form.save_by(social_worker) is None
    assert messages_of(form) == ["Cette personne a peut-être déjà un dossier : comparez avant d’enregistrer."]
    assert [each.reason for each in form.lookalikes] == [reason]
    assert not form["distinct"].is_hidden
    assert identity_form(social_worker, distinct="on").save_by(social_worker).pk


@pytest.mark.parametrize(
    "known",
    [
        {"last_name": "Benali", "first_name": "Karim", "birth_date": D(1992, 1, 1)},
        {"last_name": "Martin", "first_name": "Paul", "birth_date": D(1990, 5, 1)},
    ],
)
def test_somebody_else_is_not_a_double(social_worker, known):
    make_beneficiary(**known)
    assert identity_form(social_worker).save_by(social_worker).pk


def test_correcting_a_phone_does_not_ask_about_doubles_again(social_worker):
    make_beneficiary(last_name="Benali", first_name="Amina", birth_date=D(1991, 5, 1))
    person = make_beneficiary(last_name="Benali", first_name="Amina", birth_date=D(1990, 5, 1))
    data = posted(
        IDENTITY | {"phone": "06 12 34 56 78", "file_number": person.file_number, "opened_version": 1}
    )
    assert BeneficiaryForm(data, instance=person, user=social_worker).save_by(social_worker) == person


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"last_name": "😀"}, "Un nom s’écrit avec des lettres ; retirez « 😀 »."),
        ({"birth_date": "1899-12-31"}, "La date de naissance est antérieure à 1900."),
        ({"birth_date": "31/02/1990"}, "Saisissez une date valide."),
        ({"birth_date": "2999-01-01"}, "Cette date n’est pas encore passée : vérifiez-la."),
        ({"address": "x" * 300_000}, "caractères"),
        ({"last_name": "Mar\x00tin"}, "nul"),
        ({"email": "amina@"}, "Saisissez une adresse"),
        ({"file_number": "pris"}, "Ce numéro de dossier appartient déjà à quelqu’un."),
    ],
)
def test_bad_identity_is_said_in_french(social_worker, fields, message):
    make_beneficiary(file_number="pris")
    form = identity_form(social_worker, **fields)
    assert form.save_by(social_worker) is None
    assert message in " ".join(messages_of(form))
    assert form.status == 422
    assert Beneficiary.objects.count() == 1


# Situation


def test_entry_is_chosen_among_the_first_days_of_stays(db):
    person = make_contract().beneficiary
    make_contract(person, start=D(2025, 1, 1), end=D(2025, 6, 30))
    make_contract(person, start=D(2025, 9, 1), end=D(2026, 1, 31))
    form = SituationForm(instance=EntrySituation(beneficiary=person))
    assert form.fields["entered_on"].choices == [
        ("2025-09-01", "1er septembre 2025"),
        ("2024-01-01", "1er janvier 2024"),
    ]


def test_recorded_entry_stays_whatever_became_of_the_contracts(db):
    person = make_contract().beneficiary
    form = SituationForm(instance=make_situation(person, entered_on=D(2023, 1, 1)))
    assert [day for day, _words in form.fields["entered_on"].choices] == ["2024-01-01", "2023-01-01"]


def test_entry_is_free_before_the_first_contract(social_worker):
    form = SituationForm(
        posted({"entered_on": "2024-01-01"}), instance=EntrySituation(beneficiary=make_beneficiary())
    )
    assert form.save_by(social_worker).entered_on == D(2024, 1, 1)


def test_entry_already_described_is_refused(social_worker):
    person = make_contract().beneficiary
    make_situation(person)
    form = SituationForm(posted({"entered_on": "2024-01-01"}), instance=EntrySituation(beneficiary=person))
    assert form.save_by(social_worker) is None
    assert messages_of(form) == [
        "La situation de cette personne à cette entrée est déjà saisie : modifiez-la."
    ]


# Contracts and PASS


def test_contract_is_saved_in_minutes(social_worker):
    form = ContractForm(posted(CONTRACT), instance=Contract(beneficiary=make_beneficiary()))
    assert form.save_by(social_worker).weekly_minutes == 1590


def test_contract_keeps_its_days_in_order(social_worker):
    form = ContractForm(
        posted(CONTRACT | {"work_days": ["5", "1", "3", "3"]}),
        instance=Contract(beneficiary=make_beneficiary()),
    )
    contract = form.save_by(social_worker)
    assert (contract.work_days, contract.get_work_days_display()) == ("135", "lundi, mercredi et vendredi")


def test_contract_shows_its_days_ticked(db):
    form = ContractForm(instance=make_contract(work_days="1234"))
    ticked = [box.data["value"] for box in form["work_days"] if box.data["selected"]]
    assert ticked == ["1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"start": "1900-01-01"}, "À cette date la personne n’a pas 16 ans"),
        (
            {"start": add_months(today(), 13).isoformat(), "end": add_months(today(), 20).isoformat()},
            "vérifiez l’année",
        ),
        ({"end": "2023-12-31"}, "Le contrat finit avant de commencer."),
        ({"end": ""}, "Un CDDI a une date de fin."),
        ({"weekly_minutes": "10"}, "de 20 à 35 heures par semaine"),
        ({"weekly_minutes": ""}, "Ce champ est obligatoire."),
        ({"work_days": []}, "Choisissez au moins un jour de la semaine."),
        ({"work_days": ["8"]}, "8"),
        ({"kind": "cdi_inclusion"}, "57 ans et plus"),
    ],
)
def test_bad_contract_is_said_in_french(social_worker, fields, message):
    form = ContractForm(posted(CONTRACT | fields), instance=Contract(beneficiary=make_beneficiary()))
    assert form.save_by(social_worker) is None
    assert message in " ".join(messages_of(form))
    assert Contract.objects.count() == 0


def test_overlapping_contract_comes_back_filled(social_worker):
    person = make_contract().beneficiary
    form = ContractForm(
        posted(CONTRACT | {"start": "2024-12-01", "end": "2025-06-30"}), instance=Contract(beneficiary=person)
    )
    assert form.save_by(social_worker) is None
    assert messages_of(form)[0].startswith("Ce contrat en chevauche un autre de la même personne.")
    assert (form["start"].value(), form["weekly_minutes"].value()) == ("2024-12-01", "26:30")


def test_renewal_begins_the_day_after(db):
    contract = make_contract(occupation="jardinière", weekly_minutes=1500, work_days="1234")
    expected = {
        "start": D(2025, 1, 1),
        "occupation": "jardinière",
        "weekly_minutes": 1500,
        "work_days": "1234",
    }
    assert renewal_of(contract) == expected
    assert renewal_of(None) == {}


def test_prolongation_past_its_caps_is_said_in_french(social_worker):
    pass_iae = make_pass(make_running_contract().beneficiary, start=D(2020, 1, 1))
    data = {
        "reason": "rqth",
        "requested_on": "2021-12-01",
        "start": "2021-12-31",
        "end": "2023-12-31",
        "opinion_by": "Cap emploi",
    }
    form = ProlongationForm(posted(data), instance=Prolongation(pass_iae=pass_iae))
    assert form.save_by(social_worker) is None
    assert messages_of(form) == ["Une demande de prolongation porte sur 365 jours au plus."]
