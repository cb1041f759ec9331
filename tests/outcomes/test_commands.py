"""The two commands on reports, as somebody types them."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from openpyxl import load_workbook

from outcomes.models import OutcomeReport
from tests.outcomes.factories import make_2014, make_cohort

pytestmark = pytest.mark.django_db
VERDICT = "Cohorte 2014 : 7 sorties dynamiques sur 9 examinées (77,8 %), objectif 2/3 atteint\n"


def written(tmp_path: Path, file_format: str, capsys, **options) -> tuple[Path, str]:
    path = tmp_path / f"rapport.{file_format}"
    call_command("outcome_report", cohort="2014", format=file_format, output=path, **options)
    return path, capsys.readouterr().out


def test_json_has_the_figures_at_the_top(tmp_path, capsys):
    make_2014()
    path, said = written(tmp_path, "json", capsys)
    figures = json.loads(path.read_text())
    keys = ("examined", "successes", "undocumented", "not_examined", "reached")
    assert [figures[key] for key in keys] == [9, 7, 2, 0, True]
    assert said == VERDICT


def test_xlsx_has_the_exits_and_the_figures(tmp_path, capsys):
    make_2014()
    path, said = written(tmp_path, "xlsx", capsys)
    book = load_workbook(path)
    rows = list(book["Données"].values)
    heading = next(index for index, row in enumerate(rows) if row[0] == "Référence")
    assert (rows[0][:2], rows[4][:2], len(rows) - heading - 1) == (
        ("Tableau", "Sorties 2014"),
        ("Lignes", "9"),
        9,
    )
    assert ("verdict", VERDICT.strip()) in list(book["Chiffres"].values)
    assert said == VERDICT


def test_pdf_is_a_draft_until_frozen(tmp_path, capsys, supervisor):
    make_2014()
    path, said = written(tmp_path, "pdf", capsys)
    assert said == VERDICT
    frozen, _said = written(tmp_path, "pdf", capsys, freeze_as=supervisor.email)
    assert frozen.read_bytes() == bytes(OutcomeReport.objects.get().pdf)
    again, _said = written(tmp_path, "pdf", capsys, freeze_as=supervisor.email)
    assert again.read_bytes() == bytes(OutcomeReport.objects.get().pdf)
    call_command("verify_report", path)
    assert capsys.readouterr().out.endswith("vérifications concordent.\n")


def test_freezing_needs_somebody_who_may(tmp_path, capsys, social_worker):
    make_2014()
    with pytest.raises(CommandError, match="ne peut pas figer"):
        written(tmp_path, "pdf", capsys, freeze_as=social_worker.email)


def test_unknown_cohort_names_the_known_ones(tmp_path):
    make_cohort(code="2014")
    with pytest.raises(CommandError, match=r"Aucune cohorte n’a le code 2013\. Cohortes connues : 2014\."):
        call_command("outcome_report", cohort="2013", output=tmp_path / "x.pdf")


def test_empty_cohort_has_no_spreadsheet(tmp_path):
    make_cohort(code="2014")
    with pytest.raises(CommandError, match="Cette cohorte n’a aucune sortie"):
        call_command("outcome_report", cohort="2014", format="xlsx", output=tmp_path / "x.xlsx")


def test_unwritable_file_says_so(tmp_path):
    make_2014()
    with pytest.raises(CommandError, match="ne peut pas être écrit"):
        call_command(
            "outcome_report", cohort="2014", format="json", output=tmp_path / "nulle-part" / "x.json"
        )


def test_tampered_report_is_told_fault_by_fault(tmp_path, capsys, supervisor):
    make_2014()
    path, _said = written(tmp_path, "pdf", capsys, freeze_as=supervisor.email)
    content = bytearray(path.read_bytes())
    content[-30] ^= 1
    path.write_bytes(content)
    with pytest.raises(CommandError, match="1 différence"):
        call_command("verify_report", path)
    assert "DIFFÈRE : fichier" in capsys.readouterr().err


def test_missing_file_says_so(tmp_path):
    with pytest.raises(CommandError, match="ne se lit pas"):
        call_command("verify_report", tmp_path / "absent.pdf")
