"""Writes a cohort's report as a file, and prints its verdict."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from confluences.exports import NothingToExport
from confluences.models import User
from outcomes import documents
from outcomes.actions import NothingChanged, freeze_report
from outcomes.models import Cohort, NoRuleInForce, RuleBook
from outcomes.snapshot import take_snapshot
from outcomes.statements import verdict_line

COMMAND_AUTHOR = "commande outcome_report"


class Command(BaseCommand):
    help = "Écrit le rapport d’une cohorte en PDF, XLSX ou JSON et affiche son résultat."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--cohort", required=True, help="code de la cohorte, par exemple 2014")
        parser.add_argument("--format", choices=["pdf", "xlsx", "json"], default="pdf")
        parser.add_argument("--output", required=True, type=Path, help="fichier à écrire")
        parser.add_argument(
            "--freeze-as", metavar="ADRESSE", help="fige d’abord le rapport au nom de ce compte"
        )

    def handle(
        self, *, cohort: str, format: str, output: Path, freeze_as: str | None, **options: Any
    ) -> None:
        try:
            found = Cohort.objects.get(code=cohort)
        except Cohort.DoesNotExist:
            known = ", ".join(Cohort.objects.values_list("code", flat=True)) or "aucune"
            raise CommandError(f"Aucune cohorte n’a le code {cohort}. Cohortes connues : {known}.") from None
        try:
            if freeze_as:
                self.freeze(found, freeze_as)
            content = self.content(found, format)
            figures = take_snapshot(found, RuleBook.load())["figures"]
        except (NoRuleInForce, NothingToExport) as error:
            raise CommandError(
                str(error) or "Cette cohorte n’a aucune sortie : il n’y a rien à exporter."
            ) from None
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"Le fichier {output} ne peut pas être écrit : {error.strerror}.") from None
        self.stdout.write(verdict_line(found.code, figures))

    def freeze(self, cohort: Cohort, email: str) -> None:
        user = User.objects.filter(email__iexact=email).first()
        if user is None or not user.has_perm("outcomes.freeze_cohort"):
            raise CommandError(
                f"Le compte {email} n’existe pas ou ne peut pas figer de rapport (rôle direction)."
            )
        try:
            freeze_report(cohort, by=user, dated=dt.date.today())
        except NothingChanged as unchanged:
            self.stderr.write(str(unchanged))

    def content(self, cohort: Cohort, file_format: str) -> bytes:
        if file_format == "json":
            return documents.json_text(cohort).encode()
        if file_format == "xlsx":
            return documents.exits_file(cohort, file_format, author=COMMAND_AUTHOR, made_at=timezone.now())[0]
        report = documents.current_report(cohort)
        if report is not None:
            return bytes(report.pdf)
        self.stderr.write("Ce rapport n’est pas figé : le PDF est un projet. --freeze-as ADRESSE le fige.")
        return documents.draft_pdf(cohort, author=COMMAND_AUTHOR, dated=dt.date.today())
