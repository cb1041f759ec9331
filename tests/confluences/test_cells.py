"""Cells as people type them."""

import datetime as dt
from decimal import Decimal

import pytest

from beneficiaries.enums import ContractKind, Sex
from confluences.cells import Amount, Choice, Date, DecimalNumber, Text, WholeNumber, YesNo, accepted
from tests.confluences.test_tables import midnight


def read(widget, value):
    """The value, or the sentence of the fault."""
    try:
        return widget.clean(value)
    except ValueError as error:
        return str(error)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        ("  ", None),
        ("31/12/2014", dt.date(2014, 12, 31)),
        ("1/2/2014", dt.date(2014, 2, 1)),
        ("2014-12-31", dt.date(2014, 12, 31)),
        (midnight(2014, 12, 31), dt.date(2014, 12, 31)),
        (dt.date(2014, 12, 31), dt.date(2014, 12, 31)),
        ("31/02/2014", "« 31/02/2014 » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014."),
        ("31/12/14", "« 31/12/14 » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014."),
        (41640, "« 41640 » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014."),
        (
            "01/01/0214",
            "L’année 214 est invraisemblable. Écrivez la date avec une année à quatre chiffres.",
        ),
    ],
)
def test_date(value, expected):
    assert read(Date(), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", ""),
        ("femme", "F"),
        ("FEMME", "F"),
        ("m", "M"),
        ("madame", "« madame » n’est pas accepté. Valeurs acceptées : femme, homme."),
    ],
)
def test_choice(value, expected):
    assert read(Choice(Sex), value) == expected


def test_choice_is_written_by_its_label():
    assert Choice(ContractKind).render("cdi_inclusion") == "CDI inclusion"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("8", 8),
        (8.0, 8),
        ("8,5", "« 8,5 » n’est pas un nombre entier. Écrivez par exemple 6."),
        ("huit", "« huit » n’est pas un nombre entier. Écrivez par exemple 6."),
    ],
)
def test_whole_number(value, expected):
    assert read(WholeNumber(), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        ("Oui", True),
        ("non", False),
        (True, True),
        ("peut-être", "« peut-être » n’est pas accepté. Écrivez oui ou non."),
    ],
)
def test_yes_no(value, expected):
    assert read(YesNo(), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (94110.0, "94110"),
        (" Créteil\u00a0", "Créteil"),
        ("E\u0301lan", "Élan"),
        ("'+33 6 12", "+33 6 12"),
        ("'Hay", "'Hay"),
        ("#N/A", "Cette case contient une erreur du tableur (#N/A). Corrigez-la, ou videz-la."),
        ("a\x0bb", "Cette case contient un caractère invisible. Effacez-la et retapez-la."),
        (
            midnight(2026, 10, 9),
            "Le tableur a changé ce texte en date. Mettez la colonne au format Texte et retapez la case.",
        ),
    ],
)
def test_text(value, expected):
    assert read(Text(), value) == expected


def test_long_lists_are_cut():
    listed = accepted(str(number) for number in range(35))
    assert listed.endswith(", 29, et 5 autres.")


def test_empty_list_says_what_to_create():
    assert accepted([]) == "La liste est vide : créez d’abord ses lignes dans l’administration."


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        (None, None),
        ("23 921,50", Decimal("23921.50")),
        ("23\u202f921", Decimal(23921)),
        (10.5, Decimal("10.5")),
        (Decimal("10.5"), Decimal("10.5")),
        (1820, Decimal(1820)),
        ("-3", Decimal(-3)),
        ("dix", "« dix » n’est pas un nombre. Écrivez par exemple 10,5."),
        ("1e5", "« 1e5 » n’est pas un nombre. Écrivez par exemple 10,5."),
        ("NaN", "« NaN » n’est pas un nombre. Écrivez par exemple 10,5."),
        ("1,5,5", "« 1,5,5 » n’est pas un nombre. Écrivez par exemple 10,5."),
    ],
)
def test_decimal_number(value, expected):
    assert read(DecimalNumber(), value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", None),
        (350, Decimal(350)),
        (349.9, Decimal("349.9")),
        ("1\u202f249,90\u00a0€", Decimal("1249.90")),
        ("12,345", "« 12,345 » n’est pas un montant. Écrivez par exemple 349,90."),
        ("cher", "« cher » n’est pas un montant. Écrivez par exemple 349,90."),
    ],
)
def test_amount(value, expected):
    assert read(Amount(), value) == expected
