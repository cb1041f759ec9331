"""Forms on recorded rows: the status they answer, and two texts shown side by side."""

import datetime as dt
from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from confluences.actions import save_recorded
from confluences.forms import AmountField, FieldConflict, name_empty_choice
from tests.worksites.factories import make_worksite
from worksites.forms import WorksiteForm
from worksites.models import Worksite


def posted(**fields) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({"name": "Fresnes", "opened_on": "2014-12-08"} | fields)
    return data


def test_status_of_a_page(supervisor):
    assert WorksiteForm().status == 200
    assert WorksiteForm(posted(name="")).status == 422
    assert WorksiteForm(posted()).status == 200


def test_dates_use_the_browsers_picker(db):
    html = str(WorksiteForm(instance=make_worksite())["opened_on"])
    assert 'type="date"' in html
    assert 'value="2013-08-01"' in html


DASHES = ("", "---------")
KNOWN = ("a", "Alpha")


@pytest.mark.parametrize(
    ("required", "words", "choices", "shown"),
    [
        (True, "", [DASHES, KNOWN], [("", "à choisir"), KNOWN]),
        (False, "", [DASHES, KNOWN], [("", "non renseigné"), KNOWN]),
        (False, "aucune", [DASHES, KNOWN], [("", "aucune"), KNOWN]),
        (False, "", [("", "toutes"), KNOWN], [("", "toutes"), KNOWN]),
        (True, "", [KNOWN], [KNOWN]),
    ],
)
def test_an_empty_choice_has_a_name(required, words, choices, shown):
    field = forms.ChoiceField(choices=choices, required=required)
    name_empty_choice(field, words)
    assert list(field.choices) == list(field.widget.choices) == shown


@pytest.mark.parametrize(
    ("options", "name"),
    [
        ({}, "à choisir"),
        ({"required": False}, "non renseigné"),
        ({"empty_label": "personne"}, "personne"),
        ({"empty_label": None}, None),
    ],
)
def test_an_empty_row_has_a_name(options, name):
    field = forms.ModelChoiceField(Worksite.objects.none(), **options)
    name_empty_choice(field)
    assert field.empty_label == name


def test_conflict_shows_both_texts_then_saves_what_was_chosen(supervisor, administrator):
    worksite = make_worksite(name="Fresnes", city="Rungis", places=8)
    opened = WorksiteForm(instance=Worksite.objects.get())["opened_version"].value()
    worksite.city, worksite.places = "Fresnes", None
    save_recorded(worksite, by=administrator)

    typed = posted(city="Arcueil", places="9", opened_version=opened)
    form = WorksiteForm(typed, instance=Worksite.objects.get())
    assert form.save_by(supervisor) is None
    assert form.status == 409
    assert form.conflicts == [
        FieldConflict("Ville", "Fresnes", "Arcueil"),
        FieldConflict("Ouvert le", "01/08/2013", "08/12/2014"),
        FieldConflict("Places", "", "9"),
    ]
    [message] = form.non_field_errors()
    assert message.startswith("Exemple Administrateur a modifié cette fiche à ")
    assert form["city"].value() == "Arcueil"
    assert Worksite.objects.get().city == "Fresnes"

    typed["opened_version"] = form["opened_version"].value()
    assert WorksiteForm(typed, instance=Worksite.objects.get()).save_by(supervisor).city == "Arcueil"
    assert Worksite.objects.get().version == 3


def test_conflict_with_nobody_known_says_somebody(supervisor):
    worksite = make_worksite(name="Fresnes")
    save_recorded(worksite, by=None)
    form = WorksiteForm(posted(opened_version="1"), instance=Worksite.objects.get())
    assert form.save_by(supervisor) is None
    assert form.non_field_errors()[0].startswith("Quelqu’un a modifié cette fiche à ")


def test_edit_without_its_version_saves_nothing(supervisor):
    make_worksite(name="Fresnes")
    form = WorksiteForm(posted(city="Arcueil"), instance=Worksite.objects.get())
    assert form.save_by(supervisor) is None
    assert list(form.errors) == ["opened_version"]


def test_forged_version_is_a_mistake_not_a_crash(supervisor):
    make_worksite(name="Fresnes")
    form = WorksiteForm(posted(opened_version="abc"), instance=Worksite.objects.get())
    assert form.save_by(supervisor) is None
    assert form.status == 422


def test_conflict_on_links_shows_both_choices(supervisor, administrator, instructor):
    worksite = make_worksite(name="Fresnes", opened_on=dt.date(2014, 12, 8))
    opened = WorksiteForm(instance=worksite)["opened_version"].value()
    worksite.instructors.add(administrator)
    save_recorded(worksite, by=administrator)

    typed = posted(opened_version=opened)
    typed.setlist("instructors", [str(instructor.pk)])
    form = WorksiteForm(typed, instance=Worksite.objects.get())
    form.fields["instructors"].queryset = type(instructor).objects.all()
    assert form.save_by(supervisor) is None
    assert form.conflicts == [
        FieldConflict("Encadrants techniques", "Exemple Administrateur", "Exemple Encadrant technique")
    ]
    assert list(Worksite.objects.get().instructors.all()) == [administrator]


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("12500.5", "12500.50"),
        ("12 500,50", "12500.50"),
        ("12\u202f500,50\u00a0€", "12500.50"),
        ("12\u00a0500 €", "12500"),
        ("9999999999,99", "9999999999.99"),
        ("0", "0"),
    ],
)
def test_an_amount_is_read_as_people_write_it(typed, amount):
    assert AmountField(label="Prix").clean(typed) == Decimal(amount)


def test_an_amount_left_empty_is_unknown():
    assert AmountField(label="Prix", required=False).clean(" ") is None


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Ce champ est obligatoire."),
        ("-5", "Un montant n’est pas négatif."),
        ("−5,00", "Un montant n’est pas négatif."),
        ("1,005", "Un montant a au plus deux décimales : 12 500,50 et non 12 500,505."),
        ("1234567890123", "Ce montant est trop grand : au plus 10 chiffres avant la virgule."),
        ("9" * 5000, "Ce montant est trop grand : au plus 10 chiffres avant la virgule."),
        ("douze", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
        ("1.250,50", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
        ("1e5", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
        ("NaN", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
        ("€", "Ce champ est obligatoire."),
        ("٣", "Ce n’est pas un montant. Écrivez par exemple 12 500,50."),
    ],
)
def test_an_amount_that_cannot_be_is_refused_in_french(typed, error):
    with pytest.raises(ValidationError) as refusal:
        AmountField(label="Prix").clean(typed)
    assert refusal.value.messages == [error]


def test_a_balance_may_be_negative():
    assert AmountField(label="Solde", min_value=None).clean("−1 200,50 €") == Decimal("-1200.50")
