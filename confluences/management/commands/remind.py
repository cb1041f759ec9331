"""Mails each social worker what the week holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from confluences.reminders import digest_of, message_to, workers


class Command(BaseCommand):
    help = "Écrit à chaque travailleur social ce que sa semaine contient, en chiffres et sans aucun nom."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="dit ce qui partirait, n’envoie rien")

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.localdate()
        failed = 0
        people = list(workers())
        for user in people:
            digest = digest_of(user, today)
            if digest.is_empty:
                self.stdout.write(f"{user.email} : rien à signaler, aucun message")
                continue
            said = " ; ".join(digest.lines)
            if options["dry_run"]:
                self.stdout.write(f"{user.email} : partirait : {said}")
                continue
            try:
                message_to(user, digest).send()
            except (OSError, ValueError) as problem:  # the server's refusals, and an address no mail can bear
                failed += 1
                self.stderr.write(f"{user.email} : pas parti : {problem}")
            else:
                self.stdout.write(f"{user.email} : envoyé : {said}")
        if not people:
            self.stdout.write("Aucun travailleur social à qui écrire.")
        if failed:
            raise CommandError(
                f"{failed} message(s) sur {len(people)} ne sont pas partis : vérifiez les réglages EMAIL_ et l’adresse, "
                "puis relancez manage.py remind."
            )
