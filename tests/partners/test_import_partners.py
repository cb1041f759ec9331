"""The command: the page's rules and words, and its exit codes."""

import io

import pytest
from django.core.management import CommandError, call_command

from confluences.admin_imports import EXAMPLES
from partners.management.commands import import_partners
from partners.models import Partner, Service
from tests.partners.national import ADDICTION, csv_bytes, put, service, structure

pytestmark = pytest.mark.django_db


def run(*arguments) -> tuple[str, str]:
    """What the command says, and its progress and remarks."""
    out, err = io.StringIO(), io.StringIO()
    call_command("import_partners", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def refusal(*arguments) -> tuple[str, str]:
    """Why the command exits 1, and the faults that it lists before."""
    err = io.StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_partners", *map(str, arguments), stderr=err)
    assert refused.value.returncode == 1
    return str(refused.value), err.getvalue()


def test_both_files_are_imported(tmp_path):
    structures, _name = put(tmp_path, csv_bytes(structure(1), structure(2)), "structures.csv")
    services, _name = put(tmp_path, csv_bytes(service(1, 1), service(2, 1)), "services.csv")
    said, remarks = run(structures, "--services", services)
    assert said.splitlines() == ["Structures : 2 créées.", "Services : 2 créés."]
    assert remarks == ""
    assert (Partner.objects.count(), Service.objects.count()) == (2, 2)
    assert run(structures, "--services", services)[0].splitlines() == [
        "Structures : 2 déjà à jour.",
        "Services : 2 déjà à jour.",
    ]


def test_the_example_files_import_as_they_are():
    said, remarks = run(
        EXAMPLES / "annuaire-structures.csv", "--services", EXAMPLES / "annuaire-services.csv"
    )
    assert said.splitlines() == ["Structures : 3 créées.", "Services : 3 créés."]
    assert remarks == ""


def test_a_dry_run_writes_nothing(tmp_path):
    run(put(tmp_path, csv_bytes(structure(1)))[0])
    path, _name = put(tmp_path, csv_bytes(structure(1, commune="Gentilly"), structure(2)))
    said, _remarks = run(path, "--dry-run")
    assert said.splitlines() == [
        "à créer : structure Exemple de structure 2",
        "à modifier : structure Exemple de structure 1",
        "    commune : Arcueil → Gentilly",
        "Structures : 1 à créer, 1 à modifier.",
    ]
    assert [partner.city for partner in Partner.objects.all()] == ["Arcueil"]


def test_filters(tmp_path):
    structures, _name = put(
        tmp_path, csv_bytes(structure(1), structure(2, code_postal="01000")), "structures.csv"
    )
    services, _name = put(
        tmp_path, csv_bytes(service(1, 1), service(2, 2, thematiques=ADDICTION)), "services.csv"
    )
    said, _remarks = run(structures, "--services", services, "--departement", "1", "--theme", ADDICTION)
    assert said.splitlines() == [
        "Structures : 1 créée, 1 hors du filtre.",
        "Services : 1 créé, 1 hors du filtre.",
    ]


def test_a_refused_file_lists_every_fault_and_exits_with_1(tmp_path):
    path, _name = put(
        tmp_path, csv_bytes(*[structure(number, siret="1") for number in range(1, 251)], structure(999))
    )
    why, remarks = refusal(path)
    assert why == "Rien n’est importé : 250 fautes."
    assert len(remarks.splitlines()) == 250
    assert remarks.splitlines()[-1] == (
        "structures.csv, ligne 251, colonne « siret » : Un SIRET a 14 chiffres ; « 1 » n’en est pas un. "
        "Recopiez-le, ou videz la case."
    )
    assert Partner.objects.count() == 0


def test_warnings_are_told(tmp_path):
    path, _name = put(tmp_path, csv_bytes(structure(1, adresse="néant")))
    assert run(path)[1].splitlines() == [
        "avertissement : structures.csv, ligne 2, colonne « adresse » : « néant » ne dit rien : la case est lue comme vide."
    ]


def test_progress_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(import_partners, "TOLD", 1_000)
    path, _name = put(tmp_path, csv_bytes(*[structure(number) for number in range(1_000)]))
    assert run(path)[1].splitlines() == ["1\u202f000 structures lues…", "1\u202f000 structures enregistrées…"]


class Colleague(io.StringIO):
    """Reads an import's first remark, and deletes the structures at once."""

    def write(self, text: str) -> int:
        Partner.objects.all().delete()
        return super().write(text)


def test_a_structure_removed_meanwhile_stops_the_import(tmp_path):
    run(put(tmp_path, csv_bytes(structure(1)))[0])
    path, _name = put(tmp_path, csv_bytes(service(1, 1, adresse="néant")), "services.csv")
    with pytest.raises(CommandError, match="vient d’être supprimée : rien n’est importé"):
        call_command("import_partners", str(path), stderr=Colleague())
    assert Service.objects.count() == 0


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--departement", "96"], "Un département s’écrit 94"),
        (["--departement", "20"], "2A, 2B"),
        (["--theme", "sante--adiction"], f"Parmi les plus proches : {ADDICTION}"),
        (["--services", "/nulle/part.csv"], "n’existe pas"),
    ],
)
def test_an_argument_that_means_nothing(tmp_path, arguments, words):
    assert words in refusal(put(tmp_path, csv_bytes(structure(1)))[0], *arguments)[0]
