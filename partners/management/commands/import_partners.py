"""Imports the national directory from files."""

import tempfile
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from confluences.formats import number
from partners.national_actions import apply
from partners.national_plan_reports import CREATED, LINKED, UPDATED, Tally, preview, summary
from partners.national_reports import COMMAND_LIMITS, Checked, Filters, check

EXAMPLES = 5  # of what a dry run would do
TOLD = 20_000  # rows between two lines of progress


class Command(BaseCommand):
    help = (
        "Importe l’annuaire national (structures et services de data.inclusion : CSV, JSON, XLSX), en entier ou pas du tout. "
        "Sort en 1 si un fichier est refusé."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="structures, services, ou les deux")
        parser.add_argument(
            "--services", type=Path, metavar="FICHIER", help="les services, dans un second fichier"
        )
        parser.add_argument(
            "--departement", default="", metavar="94", help="seulement les structures de ce département"
        )
        parser.add_argument(
            "--theme",
            default="",
            metavar="sante--addictions",
            help="seulement celles qui ont un service de ce thème",
        )
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui changerait, n’écrit rien")

    def handle(
        self,
        *,
        file: Path,
        services: Path | None,
        departement: str,
        theme: str,
        dry_run: bool,
        **options: Any,
    ) -> None:
        try:
            filters = Filters.typed(departement, theme)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        files = [(path, path.name) for path in (file, services) if path]
        for path, _name in files:
            if not path.is_file():
                raise CommandError(f"Le fichier {path} n’existe pas.")
        with tempfile.TemporaryDirectory() as folder:
            found = check(files, filters=filters, limits=COMMAND_LIMITS, folder=Path(folder), tell=self._tell)
            self._tell_remarks(found)
            if found.faults.total:
                count = found.faults.total
                raise CommandError(f"Rien n’est importé : {number(count)} faute{'s' if count > 1 else ''}.")
            if dry_run:
                tally = preview(found.rows, self._tell)
                self._show(tally)
            else:
                tally = self._applied(found.rows)
        for line in summary(found.read, found.aside, tally, done=not dry_run):
            self.stdout.write(line)

    def _applied(self, rows: Path) -> Tally:
        try:
            return apply(rows, by=None, tell=self._tell)
        except ValidationError as error:  # somebody wrote meanwhile
            raise CommandError(" ".join(error.messages)) from None

    def _tell(self, count: int, words: str) -> None:
        if count % TOLD == 0:
            self.stderr.write(f"{number(count)} {words}…")
            self.stderr.flush()

    def _tell_remarks(self, found: Checked) -> None:
        """Every fault, in the order of the files; the warnings' first ones, so that they do not bury the rest."""
        for fault in found.all_faults():
            self.stderr.write(str(fault))
        for note in found.warnings.listed:
            self.stderr.write(f"avertissement : {note}")
        if found.warnings.total > len(found.warnings.listed):
            self.stderr.write(
                f"… et {number(found.warnings.total - len(found.warnings.listed))} autres avertissements."
            )

    def _show(self, tally: Tally) -> None:
        words = {CREATED: "à créer", UPDATED: "à modifier", LINKED: "à rattacher"}
        for outcome, rows in tally.shown.items():
            for row in rows[:EXAMPLES]:
                self.stdout.write(f"{words[outcome]} : {row.kind} {row.name}")
                for change in row.changes:
                    self.stdout.write(f"    {change.label} : {change.was or 'vide'} → {change.now or 'vide'}")
