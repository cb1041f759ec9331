"""Files as they come: every way of being broken is told in French, and nothing of it is imported."""

import io
import json
import zipfile
from contextlib import ExitStack
from dataclasses import replace

import pytest

from partners import national_json
from partners.national_files import SERVICES, STRUCTURES, open_file
from partners.national_reports import COMMAND_LIMITS, Filters, check
from tests.partners.national import (
    HOUSING,
    checked,
    csv_bytes,
    faults,
    json_bytes,
    put,
    service,
    sheet,
    structure,
    xlsx_bytes,
)

pytestmark = pytest.mark.django_db

HEAD = "source,id,nom,date_maj,commune\n"
ROW = "exemple,exemple--1,Exemple de structure,2025-02-14,Arcueil\n"


def rows(folder, content: bytes) -> list[tuple[str, str, str]]:
    """Kind, place and name of each row that the files give."""
    with ExitStack() as stack:
        tables = open_file(put(folder, content)[0], "f", COMMAND_LIMITS, stack)
        return [(table.kind, line.place, line.cells["nom"]) for table in tables for line in table.lines()]


def only_fault(folder, content: bytes) -> str:
    (said,) = faults(folder, content)
    return said


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_csv_with_any_separator_and_mark(tmp_path, delimiter, encoding):
    content = csv_bytes(
        structure(1, nom="Élan, « là »"), structure(2), delimiter=delimiter, encoding=encoding
    )
    assert rows(tmp_path, content) == [
        (STRUCTURES, "ligne 2", "Élan, « là »"),
        (STRUCTURES, "ligne 3", "Exemple de structure 2"),
    ]


def test_blank_rows_are_ignored_and_counted(tmp_path):
    content = f"{HEAD},,,,\n\n{ROW}".encode()
    assert rows(tmp_path, content) == [(STRUCTURES, "ligne 4", "Exemple de structure")]


def test_json_list(tmp_path):
    assert rows(tmp_path, json_bytes([structure(1), {}, structure(2)])) == [
        (STRUCTURES, "élément 1", "Exemple de structure 1"),
        (STRUCTURES, "élément 3", "Exemple de structure 2"),
    ]


def test_json_of_both(tmp_path):
    content = json_bytes({"version": 1, "services": [service(1)], "structures": [structure(1)]})
    assert rows(tmp_path, content) == [
        (STRUCTURES, "élément 1", "Exemple de structure 1"),
        (SERVICES, "élément 1", "Exemple de service 1"),
    ]


def test_json_read_by_small_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr(national_json, "CHUNK", 7)
    content = json.dumps([structure(number) for number in range(5)], indent=1).encode()
    assert len(rows(tmp_path, content)) == 5


def test_sheets_are_told_apart_by_their_columns(tmp_path):
    content = xlsx_bytes(
        Lisez=[["Notice"], ["Rien"]],
        B=sheet(service(1)),
        A=sheet(structure(1), structure(2, siret=73282932000074)),
    )
    found = checked(tmp_path, content)
    assert [str(note) for note in found.faults.listed] == []
    assert dict(found.read) == {STRUCTURES: 2, SERVICES: 1}
    assert "La feuille « Lisez » n’est pas de l’annuaire : ignorée." in str(found.warnings.listed[0])


def test_unknown_columns_are_ignored_with_a_word(tmp_path):
    found = checked(tmp_path, csv_bytes(structure(score_qualite="0.5", _di_surrogate_id="x")))
    assert found.faults.total == 0
    assert [note.message for note in found.warnings.listed] == [
        "Colonnes ignorées : score_qualite, _di_surrogate_id."
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Ce fichier est vide"),
        (b"\xef\xbb\xbf \n", "Titres lus : aucun"),
        (b"nom;prenom\nExemple;Zoe\n", "titres de data.inclusion"),
        (b"\x00\x01\x02binaire", "ni un CSV, ni un JSON, ni un classeur Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "ancien format d’Excel"),
        ("a".encode("utf-16"), "UTF-16"),
        (HEAD.encode() + "exemple,1,Médecin,2025-02-14,X\n".encode("latin-1"), "« exemple,1,Médecin"),
        (HEAD.encode() + ROW.encode() + "exemple,2,Mé".encode()[:-1], "au milieu d’un caractère"),
        (HEAD.encode(), "aucune ligne à importer"),
        (HEAD.encode() + b",,,,\n", "aucune ligne à importer"),
        (
            HEAD.encode() + ROW.encode() + b'exemple,exemple--2,"Exemple de str',
            "ligne 3 : À partir de cette ligne",
        ),
        (
            HEAD.encode() + ROW.encode() + b"exemple,exemple--2,Exemple",
            "ligne 3 : Cette ligne compte 3 cases pour 5 titres",
        ),
        (
            HEAD.encode() + b"exemple,exemple--2,Exemple,2025-02-14,Paris,trop\n",
            "ligne 2, colonne « colonne F »",
        ),
        (b"source,id,nom\nexemple,exemple--1,Exemple\n", "colonne « date_maj » : Colonne manquante"),
        (b"2024-01-01,2024-01-02\n1,2\n", "On y lit des dates"),
        (b"source,id,nom,date_maj,2024-01-01\nexemple,exemple--1,Exemple,2025-02-14,3\n", "est une date"),
        (
            b"source,id,nom,date_maj,Nom\nexemple,exemple--1,Exemple,2025-02-14,B\n",
            "figure deux fois, la seconde en colonne E",
        ),
        (b"PK\x03\x04 coupe", "abîmé ou coupé"),
        (b"[", "il est coupé"),
        (b"[]", "ni structure ni service"),
        (b"{}", "ni structure ni service"),
        (b"[1, 2]", "titres de data.inclusion"),
        (b'{"type": "FeatureCollection", "features": []}', "GeoJSON"),
        (json_bytes([structure(1), structure(2)])[:-40], "après 1 élément(s) : il est coupé"),
        (json_bytes([structure(1)])[:-1] + b",]", "Une virgule est de trop"),
        (json_bytes([structure(1)]) + b"[]", "encore quelque chose après la fin"),
        (b'[{"id": "1", "source": "a", "nom": tru}]', "caractère 36"),
        (b"[" * 100_000, "ne se lit plus"),
        (b'[{"id": ' + b"9" * 5_000 + b"}]", "ne se lit plus"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_file_says_why(tmp_path, content, words):
    assert words in only_fault(tmp_path, content)


def test_where_a_json_file_breaks_off(tmp_path):
    lines = [json.dumps(structure(number)) for number in range(1, 4)]
    content = ("[\n" + ",\n".join(lines)).encode()[:-10]
    assert "un, ligne 4 : Le fichier JSON ne se lit plus à cette ligne" in only_fault(tmp_path, content)


def test_an_element_that_is_no_object(tmp_path):
    assert (
        only_fault(tmp_path, json_bytes([structure(1), "deux"]))
        == "un, élément 2 : « deux » n’est pas un objet."
    )


def test_a_cut_structures_file_does_not_blame_its_services(tmp_path):
    cut = csv_bytes(structure(1), structure(2))[:-30]
    said = faults(tmp_path, cut, csv_bytes(service(1, 1), service(2, 2)))
    assert len(said) == 1


def test_a_workbook_cut_anywhere_is_refused(tmp_path):
    content = xlsx_bytes(A=sheet(*[structure(number, description="x" * 50) for number in range(1, 40)]))
    for place in range(1, 10):
        assert len(faults(tmp_path, content[: len(content) * place // 10])) == 1


def test_a_workbook_whose_bytes_changed_never_crashes(tmp_path):
    content = xlsx_bytes(A=sheet(*[structure(number) for number in range(1, 10)]))
    for place in range(30, len(content), max(1, len(content) // 60)):
        spoilt = bytearray(content)
        spoilt[place] ^= 0xFF
        checked(tmp_path, bytes(spoilt))


def test_a_bomb_is_not_opened(tmp_path):
    content = io.BytesIO(xlsx_bytes(A=sheet(structure(1))))
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet2.xml", b"0" * 2_000_000)
    path, name = put(tmp_path, content.getvalue())
    found = check(
        [(path, name)], filters=Filters(), limits=replace(COMMAND_LIMITS, unpacked=1_000_000), folder=tmp_path
    )
    assert "trop grand une fois décompressé" in found.faults.listed[0].message


def test_entities_in_a_workbook_are_refused(tmp_path):
    content, spoilt = io.BytesIO(xlsx_bytes(A=sheet(structure(1)))), io.BytesIO()
    with zipfile.ZipFile(content) as before, zipfile.ZipFile(spoilt, "w") as after:
        for entry in before.infolist():
            text = before.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                text = b'<!DOCTYPE lol [<!ENTITY a "aaaa">]>' + text
            after.writestr(entry, text)
    assert "abîmé, coupé ou dangereux" in only_fault(tmp_path, spoilt.getvalue())


def test_a_file_of_a_gigabyte_is_refused_unread(tmp_path):
    path, name = put(tmp_path, b"PK\x03\x04")
    with path.open("r+b") as file:
        file.truncate(1024**3)  # a hole: it takes no place on the disk
    found = check([(path, name)], filters=Filters(), limits=COMMAND_LIMITS, folder=tmp_path)
    assert (
        "1\u202f024 Mo, plus que les 1\u202f023 Mo admis : rien n’en a été lu"
        in found.faults.listed[0].message
    )


def test_too_many_rows_stop_the_reading(tmp_path):
    content = csv_bytes(*[structure(number) for number in range(1, 5)])
    for each in (content, json_bytes([structure(number) for number in range(1, 5)])):
        said = faults(tmp_path, each, limits=replace(COMMAND_LIMITS, rows=3))
        assert ["plus de 3 lignes" in one for one in said] == [True]


def test_every_fault_of_a_file_is_listed(tmp_path):
    content = csv_bytes(
        structure(1, siret="1", courriel="x"),
        structure(1),
        structure(3, nom=""),
        structure(4, code_postal="9411"),
    )
    found = checked(tmp_path, content)
    assert [(note.place, note.column) for note in found.faults.listed] == [
        ("ligne 2", "siret"),
        ("ligne 2", "courriel"),
        ("ligne 3", "id"),
        ("ligne 4", "nom"),
        ("ligne 5", "code_postal"),
    ]
    assert [note.message for note in found.all_faults()] == [note.message for note in found.faults.listed]


def test_more_faults_than_a_page_shows_are_all_in_the_file(tmp_path):
    found = checked(tmp_path, csv_bytes(*[structure(number, siret="1") for number in range(1, 302)]))
    assert (found.faults.total, len(found.faults.listed), len(list(found.all_faults()))) == (301, 200, 301)


def test_a_service_of_an_unknown_structure(tmp_path):
    said = faults(tmp_path, csv_bytes(structure(1)), csv_bytes(service(1, 1), service(2, 9)))
    assert said == [
        "deux, ligne 3, colonne « structure_id » : La structure « exemple--9 » n’est ni dans les fichiers donnés ni dans l’annuaire : "
        "donnez aussi le fichier des structures."
    ]


def test_a_theme_asks_for_services(tmp_path):
    assert faults(tmp_path, csv_bytes(structure(1)), filters=Filters(theme=HOUSING)) == [
        "Le filtre par thème demande aussi le fichier des services."
    ]
