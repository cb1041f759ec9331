"""Files as people bring them."""

import datetime as dt
import io
import zipfile

import pytest
from defusedxml import EntitiesForbidden
from openpyxl import Workbook

from confluences.tables import HOW_TO_SAVE, Line, Table, UnreadableTable, read_table


def workbook(*rows) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def midnight(year: int, month: int, day: int) -> dt.datetime:
    """A true date, as a workbook gives it."""
    return dt.datetime(year, month, day)  # noqa: DTZ001  a cell has no time zone


def refusal(content: bytes) -> tuple[str, int | None]:
    with pytest.raises(UnreadableTable) as caught:
        read_table(content)
    return str(caught.value), caught.value.row


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "with its mark"])
def test_csv_is_read(separator, mark):
    content = mark + f"Nom{separator}Prénom\r\nÉlan{separator}Zoé\r\n".encode()
    assert read_table(content) == Table(("Nom", "Prénom"), (Line(2, ("Élan", "Zoé")),))


def test_csv_rows_are_numbered_as_a_spreadsheet_does():
    content = b'Nom;Note\n"A";"deux\nlignes"\n;\n\nB;\n'
    assert read_table(content).lines == (Line(2, ("A", "deux\nlignes")), Line(5, ("B",)))


def test_csv_heading_may_hold_the_other_separator():
    assert read_table(b'Nom;"Ville, pays";Code\nA;B;C').headings == ("Nom", "Ville, pays", "Code")


def test_xlsx_is_read_with_true_dates():
    content = workbook(["Nom", "Né le"], ["Élan", dt.date(2014, 3, 1)], [None, None], ["Orme", "2014"])
    assert read_table(content) == Table(
        ("Nom", "Né le"), (Line(2, ("Élan", midnight(2014, 3, 1))), Line(4, ("Orme", "2014")))
    )


def test_headings_lose_hard_spaces_and_line_breaks():
    assert read_table(workbook(["Numéro\u00a0PASS\nIAE"], ["x"])).headings == ("Numéro PASS IAE",)


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n", b";;\n;;\n"])
def test_empty_csv(content):
    assert refusal(content) == ("Ce fichier est vide.", None)


def test_empty_xlsx():
    assert refusal(workbook()) == ("Ce fichier est vide.", None)


def test_windows_1252_is_said_with_its_row():
    assert refusal("Nom;Ville\nA;B\nÉlan;Créteil\n".encode("cp1252")) == (
        f"Ce fichier n’est pas en UTF-8 (il vient sans doute d’Excel, en Windows-1252). {HOW_TO_SAVE}",
        3,
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Nom".encode("utf-16"), f"Ce fichier est du texte Unicode (UTF-16). {HOW_TO_SAVE}"),
        (b"\xd0\xcf\x11\xe0\xa1", f"Ce fichier est dans un ancien format d’Excel (.xls). {HOW_TO_SAVE}"),
        (
            b"\x89PNG\r\n\x1a\n\0\0\0",
            f"Ce fichier n’est ni un CSV ni un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}",
        ),
        (workbook(["Nom"], ["A"])[:-40], f"Ce classeur est abîmé ou incomplet. {HOW_TO_SAVE}"),
    ],
    ids=["utf-16", "xls", "picture", "cut short"],
)
def test_other_files_say_what_to_do(content, message):
    assert refusal(content) == (message, None)


def zipped(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def test_other_zip_is_no_workbook():
    assert refusal(zipped(word__document_xml=b"<a/>")) == (
        f"Ce fichier n’est pas un classeur Excel, quel que soit son nom. {HOW_TO_SAVE}",
        None,
    )


def test_zip_bomb_is_not_opened():
    bomb = zipped(xl__workbook_xml=b"<a/>", xl__worksheets__sheet1_xml=b" " * (60 * 1024 * 1024))
    assert len(bomb) < 200_000
    assert refusal(bomb) == (
        "Ce classeur est anormalement grand une fois décompressé : il n’a pas été ouvert.",
        None,
    )


def with_sheet(xml: bytes) -> bytes:
    """A sound workbook whose sheet is replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(["Nom"], ["A"]))) as sound,
        zipfile.ZipFile(stream, "w") as other,
    ):
        for entry in sound.infolist():
            is_sheet = entry.filename == "xl/worksheets/sheet1.xml"
            other.writestr(entry.filename, xml if is_sheet else sound.read(entry))
    return stream.getvalue()


UNREADABLE = f"Ce classeur est abîmé ou dangereux : il n’a pas été lu. Ouvrez-le et enregistrez-le à nouveau. {HOW_TO_SAVE}"


def test_xml_bomb_is_not_expanded():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    xml = f'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY l0 "lol">{entities}]><worksheet>&l9;</worksheet>'
    with pytest.raises(UnreadableTable, match="abîmé ou dangereux") as caught:
        read_table(with_sheet(xml.encode()))
    assert isinstance(
        caught.value.__cause__.__cause__ or caught.value.__cause__.__context__, EntitiesForbidden
    )


def test_broken_sheet():
    assert refusal(with_sheet(b"<worksheet><sheetData><row>")) == (UNREADABLE, None)


def test_open_quote_says_from_which_row():
    message, row = refusal(b'Nom;Ville\nA;B\nC;"D\nE;F\n')
    assert message.startswith("À partir de cette ligne le fichier ne se lit plus : un guillemet")
    assert row == 3


TOO_MANY = (
    "Ce fichier compte plus de 2\u202f000 lignes, lignes vides comprises : rien n’a été lu. "
    "Supprimez les lignes vides, ou découpez-le en plusieurs fichiers."
)


def test_a_hundred_thousand_rows_are_refused():
    assert refusal(b"Nom;Ville\n" + b"A;B\n" * 100_000) == (TOO_MANY, None)


def test_the_last_accepted_row_is_read():
    assert len(read_table(b"Nom\n" + b"A\n" * 2_000).lines) == 2_000
    assert refusal(b"Nom\n" + b"A\n" * 2_001) == (TOO_MANY, None)


def test_many_rows_in_a_workbook_are_refused():
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _number in range(10_002):
        sheet.append(["A"])
    stream = io.BytesIO()
    book.save(stream)
    assert refusal(stream.getvalue()) == (TOO_MANY, None)


def test_large_file_is_refused(settings):
    settings.MAX_UPLOAD_SIZE = 1024 * 1024
    assert refusal(b"a" * (1024 * 1024 + 1)) == (
        "Ce fichier dépasse 1 Mo. Découpez-le en plusieurs fichiers.",
        None,
    )
