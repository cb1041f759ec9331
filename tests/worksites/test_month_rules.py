"""The month of an address, and a block pasted from a spreadsheet."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worksites.month_rules import MOST_LINES, Month, legend, read_block, read_month

MARCH = Month(dt.date(2024, 3, 1))
TODAY = dt.date(2024, 3, 15)
PEOPLE = [["Exemple Amina", "D1"], ["D’Ângelo Zoé", "D2"], ["Exemple Paul", "D3"], ["Paul Exemple", "D4"]]


def faults_of(text):
    return [str(fault) for fault in read_block(text, MARCH, PEOPLE).faults]


def said(text):
    return [
        (cell.line, cell.column, cell.person, cell.day.day, cell.text)
        for cell in read_block(text, MARCH, PEOPLE).cells
    ]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("", "mars 2024"),
        ("2026-11", "novembre 2026"),
        ("1900-01", "janvier 1900"),
        ("2100-12", "décembre 2100"),
        ("1899-12", None),
        ("2101-01", None),
        ("2024-00", None),
        ("2024-3", None),
        ("mars", None),
        ("2024-03-01", None),
    ],
)
def test_month_of_an_address(text, month):
    found = read_month(text, TODAY)
    assert (str(found) if found else None) == month


def test_months_around():
    assert (str(MARCH.previous), str(MARCH.following)) == ("février 2024", "avril 2024")
    assert Month(dt.date(1900, 1, 1)).previous is None
    assert Month(dt.date(2100, 12, 1)).following is None
    assert [Month(dt.date(2024, number, 1)).of_month for number in (3, 4, 10)] == [
        "de mars 2024",
        "d’avril 2024",
        "d’octobre 2024",
    ]


def test_legend_says_every_code_once():
    codes = [code for code, _meaning in legend()]
    assert codes == ["F", "I", "CP", "JF", "S", "FA", "AD", "TR", "R", "AI", "AU"]


def test_names_in_any_order_and_days_in_any_writing():
    text = "\tlun. 4\t05/03\t2024-03-06\t7/3/2024\r\nAMINA exemple\t7\t\tCP\t6,5\r\nzoe d'angelo\t\t3,5 F3,5\t\t\r\n"
    assert read_block(text, MARCH, PEOPLE).faults == []
    assert said(text) == [
        (2, "lun. 4", 0, 4, "7"),
        (2, "2024-03-06", 0, 6, "CP"),
        (2, "7/3/2024", 0, 7, "6,5"),
        (3, "05/03", 1, 5, "3,5 F3,5"),
    ]


def test_semicolons_quotes_and_empty_lines():
    assert said('Nom;"4";5\n\n"Exemple Amina";"7";\n') == [(3, "4", 0, 4, "7")]


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["Ligne 1 : collez au moins deux lignes : les jours, puis une ligne par personne."]),
        ("Nom\t4", ["Ligne 1 : collez au moins deux lignes : les jours, puis une ligne par personne."]),
        (
            "Nom\nExemple Amina\t7",
            [
                "Ligne 1 : la première ligne doit dire les jours : 1, 2, 3… ou des dates.",
                "Ligne 2 : « 7 » est en 2e place, dans une colonne sans jour.",
            ],
        ),
        (
            "Nom\t4\t32\t05/04\tTotal\nExemple Amina\t7\t7\t7\t7",
            [
                f"Ligne 1, colonne « {heading} » : ce n’est pas un jour de mars 2024. "
                "Écrivez 1 ou 01/03/2024, ou retirez la colonne."
                for heading in ("32", "05/04", "Total")
            ],
        ),
        (
            "Nom\t4\tlun 4\nExemple Amina\t7\t7",
            ["Ligne 1, colonne « lun 4 » : ce jour a déjà une colonne : gardez-en une seule."],
        ),
        (
            "Nom\t4\nExemple Amine\t7\n\t7\nXyz\t7",
            [
                "Ligne 2 : « Exemple Amine » n’est pas dans ce tableau (« Exemple Amina » ?).",
                "Ligne 3 : le nom manque : écrivez-le dans la première colonne.",
                "Ligne 4 : « Xyz » n’est pas dans ce tableau.",
            ],
        ),
        (
            "Nom\t4\nExemple Paul\t7\nD4\t7",
            [
                "Ligne 2 : « Exemple Paul » désigne plusieurs personnes : écrivez le numéro de dossier à la place du nom."
            ],
        ),
        (
            "Nom\t4\nExemple Amina\t7\nAmina Exemple\t6",
            ["Ligne 3 : « Amina Exemple » est déjà ligne 2 : gardez une seule ligne."],
        ),
        ("Nom\t4\nExemple Amina\t7\t8", ["Ligne 2 : « 8 » est en 3e place, dans une colonne sans jour."]),
    ],
)
def test_faults_say_line_and_column(text, faults):
    assert faults_of(text) == faults


def test_too_many_lines():
    text = "Nom\t4\n" + "Exemple Amina\t7\n" * MOST_LINES
    assert faults_of(text) == [f"Ligne {MOST_LINES + 1} : {MOST_LINES} lignes au plus à la fois."]


@given(st.text(alphabet=st.sampled_from("\t\n\r;\"' 0123456789/-.,hFCPé\u00a0\u202f\x00Amina Exemple")))
def test_any_text_reads_as_cells_of_the_month_or_as_faults(text):
    block = read_block(text, MARCH, PEOPLE)
    for cell in block.cells:
        assert cell.day.replace(day=1) == MARCH.first
        assert cell.text == cell.text.strip() != ""
        assert 0 <= cell.person < len(PEOPLE)
    places = [(cell.person, cell.day) for cell in block.cells]
    assert len(places) == len(set(places))


WORDS = st.sampled_from(["", "7", "6,5", "CP", "3,5 F3,5", "0", "AI7"])


@given(
    st.lists(st.integers(1, 31), min_size=1, max_size=31, unique=True),
    st.permutations([0, 1]),
    st.data(),
)
def test_what_was_copied_is_what_is_read(days, order, data):
    """A block written from cells reads as those cells, whatever the order of its lines and columns."""
    cells = {(person, day): data.draw(WORDS) for person in order for day in days}
    lines = ["\t".join(["Nom", *map(str, days)])]
    lines += ["\t".join([PEOPLE[person][0], *(cells[person, day] for day in days)]) for person in order]
    block = read_block("\n".join(lines), MARCH, PEOPLE)
    assert block.faults == []
    assert {(cell.person, cell.day.day): cell.text for cell in block.cells} == {
        key: text for key, text in cells.items() if text
    }
