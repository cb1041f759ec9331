"""Recounts a report from its own file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from outcomes.verification import NotOurReport, verify


class Command(BaseCommand):
    help = "Recompte un rapport à partir du seul fichier PDF, et dit ce qui concorde. Sort en 1 à la moindre différence."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER.pdf")

    def handle(self, *, file: Path, verbosity: int, **options: Any) -> None:
        try:
            content = file.read_bytes()
        except OSError as error:
            raise CommandError(f"Le fichier {file} ne se lit pas : {error.strerror}.") from None
        try:
            found = verify(content)
        except NotOurReport as error:
            raise CommandError(str(error)) from None
        for name in found.agreements:
            self.stdout.write(f"concorde : {name}")
        for fault in found.faults:
            self.stderr.write(f"DIFFÈRE : {fault}")
        if found.faults:
            raise CommandError(f"{len(found.faults)} différence(s) : ce fichier ne prouve pas ses chiffres.")
        self.stdout.write(f"{len(found.agreements)} vérifications concordent.")
