"""Mails each social worker and supervisor what the week holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from confluences.reminders import addressees, message_to, week_of


class Command(BaseCommand):
    help = "Écrit à chaque travailleur social et à la direction ce que leur semaine contient, en chiffres et sans aucun nom."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui partirait, n’envoie rien")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        failed = 0
        people = list(addressees())
        for user in people:
            week = week_of(user, today)
            if week.is_empty:
                self.stdout.write(f"{user.email} : rien à signaler, aucun message")
                continue
            said = " ; ".join(week.lines)
            if options["dry_run"]:
                self.stdout.write(f"{user.email} : partirait : {said}")
                continue
            try:
                message_to(user, week).send()
            except (OSError, ValueError) as problem:  # the server's refusals, and an address no mail can bear
                failed += 1
                self.stderr.write(f"{user.email} : pas parti : {problem}")
            else:
                self.stdout.write(f"{user.email} : envoyé : {said}")
        if not people:
            self.stdout.write("Aucun travailleur social ni membre de la direction à qui écrire.")
        if failed:
            raise CommandError(
                f"{failed} message(s) sur {len(people)} ne sont pas partis : vérifiez les réglages EMAIL_ et l’adresse, "
                "puis relancez manage.py remind."
            )
