"""A report proves itself, and no change to it goes unseen. Real PDFs, really tampered with."""

import copy
import datetime as dt
import io

import pytest
from pypdf import PdfReader, PdfWriter

from outcomes.actions import freeze_report
from outcomes.models import OutcomeReport, RuleBook
from outcomes.paper import FIGURES_FILE, ROWS_FILE, heading_of, print_report
from outcomes.recount import recounted_figures
from outcomes.snapshot import take_snapshot
from outcomes.verification import NotOurReport, verify
from tests.outcomes.factories import make_2014, make_cohort, make_exit

pytestmark = pytest.mark.django_db
DATED = dt.date(2026, 11, 23)


@pytest.fixture
def report(supervisor) -> OutcomeReport:
    return freeze_report(make_2014(), by=supervisor, dated=DATED)


def pages_of(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def attachments_of(content: bytes) -> dict[str, bytes]:
    return {name: parts[0] for name, parts in PdfReader(io.BytesIO(content)).attachments.items()}


def with_attachments(content: bytes, attachments: dict[str, bytes]) -> bytes:
    """The same pages carrying other attachments."""
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(content)).pages:
        writer.add_page(page)
    for name, data in attachments.items():
        writer.add_attachment(name, data)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def forgotten_here(content: bytes) -> list[str]:
    """The faults that another instance, which never froze the report, sees."""
    OutcomeReport.objects.all().delete()
    return verify(content).faults


def test_a_frozen_report_agrees_with_itself(report):
    found = verify(bytes(report.pdf))
    assert found.faults == []
    assert "page, verdict" in found.agreements
    assert "fichier identique à celui que cette installation a figé" in found.agreements


def test_another_instance_verifies_it_too(report):
    assert forgotten_here(bytes(report.pdf)) == []


def test_the_pages_say_the_verdict_and_the_range(report):
    text = pages_of(bytes(report.pdf)).replace("\u00a0", " ")
    assert "Cohorte 2014 : 7 sorties dynamiques sur 9 examinées (77,8 %), objectif 2/3 atteint" in text
    assert "Fourchette possible : 77,8 %-100 %" in text


def test_one_changed_byte_is_seen_where_it_was_frozen(report):
    content = bytearray(report.pdf)
    content[-30] ^= 1
    try:
        faults = verify(bytes(content)).faults
    except NotOurReport:
        pytest.fail("this byte does not make the file unreadable")
    assert faults == ["fichier : il diffère, d’un octet au moins, de celui du rapport n° 1 figé ici"]


def test_a_changed_row_names_each_figure_it_moves(report):
    attached = attachments_of(bytes(report.pdf))
    rows = attached[ROWS_FILE].decode().replace(";9;8;0;", ";10;4;0;", 1)
    tampered = with_attachments(bytes(report.pdf), attached | {ROWS_FILE: rows.encode()})
    faults = forgotten_here(tampered)
    assert "chiffre joint successes : 7 est écrit, les lignes donnent 6" in faults
    assert (
        "chiffre joint rule_sets.etat-60-25.targets.durable.successes : 4 est écrit, les lignes donnent 3"
        in faults
    )
    assert faults[0].startswith("empreinte du contenu : ")
    assert any(
        fault.startswith("page, verdict : on n’y lit pas « Cohorte 2014 : 6 sorties") for fault in faults
    )


def test_changed_pages_are_seen_through_the_attached_rows(report, supervisor):
    """Somebody prints 8 of 9 and attaches the true rows and figures."""
    snapshot = take_snapshot(report.cohort, RuleBook.load())
    boasting = copy.deepcopy(snapshot)
    boasting["figures"] |= {
        "successes": 8,
        "undocumented": 1,
        "rate_percent": "88.9",
        "lowest_percent": "88.9",
    }
    heading = heading_of(snapshot, number=1, dated=DATED, author=str(supervisor))
    tampered = with_attachments(print_report(boasting, heading), attachments_of(bytes(report.pdf)))
    faults = forgotten_here(tampered)
    assert (
        "page, verdict : on n’y lit pas « Cohorte 2014 : 7 sorties dynamiques sur 9 examinées (77,8 %), "
        "objectif 2/3 atteint »"
    ) in faults
    assert "page, taux : aucun chiffre ne donne 88,9\u00a0%" in faults
    assert any(fault.startswith("empreinte imprimée : ") for fault in faults)


def test_changed_rules_break_the_seal(report):
    attached = attachments_of(bytes(report.pdf))
    loosened = attached[FIGURES_FILE].decode().replace('"longer_than": 6', '"longer_than": 5')
    tampered = with_attachments(bytes(report.pdf), attached | {FIGURES_FILE: loosened.encode()})
    assert forgotten_here(tampered)[0].startswith("empreinte du contenu : ")


@pytest.mark.parametrize("keep", [0, 10, 5_000, 50_000])
def test_a_file_cut_short_is_refused(report, keep):
    with pytest.raises(NotOurReport, match="coupé ou abîmé"):
        verify(bytes(report.pdf)[:keep])


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", "é".encode() * 100])
def test_a_file_that_is_no_pdf_is_refused(content):
    with pytest.raises(NotOurReport, match="pas un PDF lisible"):
        verify(content)


def test_somebody_elses_pdf_is_refused(report):
    with pytest.raises(NotOurReport, match="ne contient pas les lignes"):
        verify(with_attachments(bytes(report.pdf), {}))


@pytest.mark.parametrize("figures", [b"", b"{", b"[]", b'{"format": 99}', b"\xff\xfe"])
def test_unreadable_attachments_are_refused(report, figures):
    attached = attachments_of(bytes(report.pdf))
    with pytest.raises(NotOurReport, match="modifié"):
        verify(with_attachments(bytes(report.pdf), attached | {FIGURES_FILE: figures}))


def test_a_row_with_an_unknown_reason_is_refused(report):
    attached = attachments_of(bytes(report.pdf))
    rows = attached[ROWS_FILE].decode().replace(";9/10;", ";1234;", 1)
    with pytest.raises(NotOurReport, match="Une ligne jointe ne se lit pas"):
        verify(with_attachments(bytes(report.pdf), attached | {ROWS_FILE: rows.encode()}))


def test_an_empty_cohort_verifies_as_not_applicable(supervisor):
    report = freeze_report(make_cohort(code="2019"), by=supervisor, dated=DATED)
    assert verify(bytes(report.pdf)).faults == []
    assert "Cohorte 2019 : aucune sortie examinée, objectif 2/3 sans objet" in pages_of(bytes(report.pdf))


def test_the_report_names_nobody(report):
    content = bytes(report.pdf)
    carried = pages_of(content) + "".join(data.decode() for data in attachments_of(content).values())
    people = [exit_.beneficiary for exit_ in report.cohort.exits()]
    assert [person for person in people if person.last_name in carried or person.file_number in carried] == []


def test_health_and_justice_reasons_never_leave_the_house(supervisor):
    make_exit("18")
    make_exit("3")
    report = freeze_report(make_cohort(), by=supervisor, dated=DATED)
    carried = attachments_of(bytes(report.pdf))
    assert [line.split(";")[5] for line in carried[ROWS_FILE].decode().splitlines()[1:]] in (
        ["R", "3"],
        ["3", "R"],
    )
    assert (
        "Décision administrative"
        not in pages_of(bytes(report.pdf)) + carried[FIGURES_FILE].decode().split('"figures"')[1]
    )
    assert verify(bytes(report.pdf)).faults == []


def test_twelve_hundred_exits_verify_with_thousands_in_the_pages(supervisor):
    """French thousands carry a narrow space, which the pages and the check must read alike."""
    cohort = make_2014()
    snapshot = take_snapshot(cohort, RuleBook.load())
    snapshot["rows"] = [row | {"reference": f"S{index}"} for index in range(150) for row in snapshot["rows"]]
    snapshot["figures"] = recounted_figures(snapshot)
    heading = heading_of(snapshot, number=1, dated=DATED, author=str(supervisor))
    assert verify(print_report(snapshot, heading)).faults == []
