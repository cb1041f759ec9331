"""What every import does, shown on people: headings, faults, all or nothing, the example files, the documentation."""

import datetime as dt
import re
from pathlib import Path

import pytest
from auditlog.models import LogEntry
from django.conf import settings

from beneficiaries.models import Beneficiary
from beneficiaries.resources import BeneficiaryResource, ContractResource
from beneficiaries.time_resources import TimeEntryResource
from confluences.admin_imports import EXAMPLES
from confluences.imports import MAX_LISTED, Fault, ImportFaults, import_file, read_for
from confluences.tables import HOW_TO_SAVE
from confluences.text import search_key
from funding.budget_resources import BudgetLineResource, BudgetResource
from funding.cash_resources import BalanceResource
from funding.grant_resources import (
    FunderResource,
    GrantResource,
    InstalmentResource,
    ObligationResource,
)
from funding.purchase_resources import PurchaseResource
from outcomes.resources import ExitResource
from partners.directory_resources import ContactResource, PartnerResource
from tests.beneficiaries.factories import make_beneficiary
from worksites.equipment_resources import EquipmentResource
from worksites.etp_resources import AidRateResource, AnnexResource
from worksites.resources import AssignmentResource, WorksiteResource

# In the order that the documentation gives, with the rows of each example file.
EXAMPLE_ROWS = {
    PartnerResource: 2,
    ContactResource: 2,
    WorksiteResource: 1,
    AnnexResource: 1,
    AidRateResource: 1,
    BeneficiaryResource: 2,
    ContractResource: 3,
    AssignmentResource: 2,
    TimeEntryResource: 3,
    ExitResource: 2,
    EquipmentResource: 2,
    PurchaseResource: 2,
    BudgetResource: 1,
    BudgetLineResource: 3,
    BalanceResource: 2,
    FunderResource: 2,
    GrantResource: 2,
    InstalmentResource: 2,
    ObligationResource: 2,
}
RESOURCES = list(EXAMPLE_ROWS)
HEADINGS = "Nom;Prénom;Sexe;Date de naissance"


def faults_of(text: str | bytes, resource=BeneficiaryResource) -> list[Fault]:
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(ImportFaults) as caught:
        import_file(resource, content, by=None)
    assert caught.value.total == len(caught.value.faults)
    return caught.value.faults


@pytest.mark.django_db
class TestHeadings:
    def test_wrong_name_is_named_with_the_closest(self):
        assert faults_of("Nom;Prénom;Sexe;Date naissance\nDupont;Jean;homme;01/02/1980\n") == [
            Fault(
                1,
                "Date naissance",
                "Colonne inconnue. Vouliez-vous dire « Date de naissance » ? Corrigez le titre, ou supprimez la colonne.",
            ),
            Fault(1, "Date de naissance", "Colonne manquante : ajoutez-la, avec ce titre."),
        ]

    def test_unknown_name_far_from_all_lists_what_is_left(self):
        [fault] = faults_of(f"{HEADINGS};NIR\nDupont;Jean;homme;01/02/1980;1\n")
        assert fault == Fault(
            1,
            "NIR",
            "Colonne inconnue. Supprimez-la, ou choisissez parmi : Numéro de dossier, Téléphone, "
            "Adresse électronique, Adresse, Code postal, Ville, Référent (adresse électronique), Notice d’information remise le, Identité supposée.",
        )

    def test_missing_heading_line(self):
        assert faults_of("Dupont;Jean;homme;01/02/1980\n") == [
            Fault(
                1,
                "",
                "La première ligne doit porter les titres des colonnes, dont : Nom ; Prénom ; Sexe ; Date de naissance.",
            )
        ]

    def test_twice(self):
        assert faults_of(f"{HEADINGS};nom\nDupont;Jean;homme;01/02/1980;x\n") == [
            Fault(1, "nom", "Ce titre figure deux fois, la seconde en colonne E. Retirez-en une.")
        ]

    def test_column_without_name(self):
        assert faults_of(f"{HEADINGS};;Ville\nDupont;Jean;homme;01/02/1980;x;Arcueil\n") == [
            Fault(1, "colonne E", "Cette colonne n’a pas de titre. Donnez-lui en un, ou supprimez-la.")
        ]

    def test_cell_beyond_the_headings(self):
        assert faults_of(f"{HEADINGS}\nDupont;Jean;homme;01/02/1980;x\n") == [
            Fault(
                2,
                "colonne E",
                "Cette ligne a plus de cases que de titres : un séparateur est sans doute de trop.",
            )
        ]

    def test_no_row(self):
        assert faults_of(f"{HEADINGS}\n") == [
            Fault(None, "", "Ce fichier a des titres, mais aucune ligne à importer.")
        ]

    def test_case_accents_and_order_do_not_count(self):
        assert (
            import_file(
                BeneficiaryResource, b"DATE DE NAISSANCE,prenom,NOM,sexe\n01/02/1980,Jean,Dupont,M\n", by=None
            )
            == 1
        )


@pytest.mark.django_db
def test_file_that_is_no_table_is_a_fault():
    assert faults_of(f"{HEADINGS}\nÉlan;Jean;homme;01/02/1980\n".encode("cp1252")) == [
        Fault(
            1,
            "",
            f"Ce fichier n’est pas en UTF-8 (il vient sans doute d’Excel, en Windows-1252). {HOW_TO_SAVE}",
        )
    ]


@pytest.mark.django_db
def test_every_fault_of_every_row_is_listed_and_nothing_is_saved():
    text = f"{HEADINGS};Code postal\nBon;Jean;homme;01/02/1980;94110\nDupont;;hom;31/02/1980;941\n\nZ3;Luc;homme;2090-01-01;\n"
    assert faults_of(text) == [
        Fault(3, "Prénom", "Cette case est vide et doit être remplie."),
        Fault(3, "Sexe", "« hom » n’est pas accepté. Valeurs acceptées : femme, homme."),
        Fault(
            3,
            "Date de naissance",
            "« 31/02/1980 » n’est pas une date. Écrivez JJ/MM/AAAA, par exemple 31/12/2014.",
        ),
        Fault(3, "Code postal", "Un code postal a cinq chiffres, par exemple 94110."),
        Fault(5, "Nom", "Un nom s’écrit avec des lettres ; retirez « 3 »."),
        Fault(5, "Date de naissance", "La date de naissance doit être passée."),
    ]
    assert Beneficiary.objects.count() == 0
    assert LogEntry.objects.get_for_model(Beneficiary).count() == 0


@pytest.mark.django_db
def test_faults_are_counted_beyond_those_listed():
    days = [dt.date(1980, 1, 1) + dt.timedelta(days=number) for number in range(MAX_LISTED + 50)]
    rows = "".join(f"Dupont;Jean;hom;{day:%d/%m/%Y}\n" for day in days)
    with pytest.raises(ImportFaults) as caught:
        import_file(BeneficiaryResource, f"{HEADINGS}\n{rows}".encode(), by=None)
    assert (len(caught.value.faults), caught.value.total) == (MAX_LISTED, MAX_LISTED + 50)
    assert str(caught.value).endswith("\n… et 50 autres.")


@pytest.mark.django_db
def test_fault_reads_as_a_sentence():
    assert [
        str(Fault(3, "Sexe", "vide.")),
        str(Fault(3, "", "répétée.")),
        str(Fault(None, "", "vide.")),
    ] == ["Ligne 3, colonne « Sexe » : vide.", "Ligne 3 : répétée.", "vide."]


@pytest.mark.django_db
def test_import_knows_who(administrator):
    import_file(BeneficiaryResource, f"{HEADINGS}\nDupont;Jean;homme;01/02/1980\n".encode(), by=administrator)
    person = Beneficiary.objects.get()
    assert (person.created_by, person.updated_by, person.version) == (administrator, administrator, 1)
    assert [entry.actor for entry in LogEntry.objects.get_for_object(person)] == [administrator]


@pytest.mark.django_db
def test_dry_run_keeps_nothing_and_shows_what_would_change(administrator):
    person = make_beneficiary(last_name="Dupont", first_name="Jean", city="Arcueil")
    text = f"{HEADINGS};Ville\nDupont;Jean;femme;01/01/1990;Fresnes\nMartin;Luc;homme;01/02/1980;\n"
    outcome = read_for(BeneficiaryResource(by=administrator), text.encode(), dry_run=True)
    assert (outcome.created, outcome.updated, outcome.unchanged) == (1, 1, 0)
    assert [(change.row, change.kind) for change in outcome.changes] == [(2, "updated"), (3, "created")]
    assert [cells for cells in outcome.changes[0].cells if cells[0] != cells[1]] == [("Arcueil", "Fresnes")]
    person.refresh_from_db()
    assert (person.city, Beneficiary.objects.count()) == ("Arcueil", 1)


@pytest.mark.django_db
def test_row_changed_meanwhile_is_a_fault(monkeypatch):
    make_beneficiary(last_name="Dupont", first_name="Jean")
    resource = BeneficiaryResource()
    resource.people  # noqa: B018  what was read before somebody else saved
    Beneficiary.objects.update(version=2)
    with pytest.raises(ImportFaults) as caught:
        read_for(resource, f"{HEADINGS}\nDupont;Jean;homme;01/01/1990\n".encode(), dry_run=False)
    assert caught.value.faults == [
        Fault(2, "", "Quelqu’un vient de modifier cette fiche. Recommencez l’import.")
    ]


# Example files and documentation


@pytest.mark.django_db
def test_example_files_import_in_the_documented_order_and_twice():
    def imported():
        return {
            resource: import_file(resource, EXAMPLES / f"{resource._meta.name}.csv", by=None)
            for resource in RESOURCES
        }

    assert (imported(), imported()) == (EXAMPLE_ROWS, dict.fromkeys(RESOURCES, 0))


@pytest.mark.parametrize("resource", RESOURCES)
def test_example_files_hold_every_column(resource):
    heading_line = (EXAMPLES / f"{resource._meta.name}.csv").read_text(encoding="utf-8").splitlines()[0]
    assert heading_line.split(";") == [column.column_name for column in resource().get_import_fields()]


@pytest.mark.parametrize("resource", RESOURCES)
def test_documentation_describes_every_column(resource):
    text = Path(settings.BASE_DIR, "docs", "imports.md").read_text(encoding="utf-8")
    section = text.partition(f"\n## {resource._meta.name.capitalize()}\n")[2].partition("\n## ")[0]
    described = re.findall(r"^\| ([^|]+?) \|", section, re.MULTILINE)
    columns = [column for column in resource().get_import_fields() if not column.readonly]
    assert described[2:] == [
        f"{column.column_name}{' (obligatoire)' if column.required else ''}" for column in columns
    ]


@pytest.mark.parametrize("resource", RESOURCES)
def test_headings_are_told_apart_without_accents(resource):
    keys = [search_key(column.column_name) for column in resource().get_import_fields()]
    assert len(keys) == len(set(keys))
