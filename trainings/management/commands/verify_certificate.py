"""Says whether a certificate is one of ours, from its printed number and digest."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from confluences.formats import duration
from trainings.certificate_reports import verified
from trainings.models import Certificate


class Command(BaseCommand):
    help = "Vérifie un certificat de formation : son numéro, et son empreinte entière ou ses 8 premiers caractères au moins."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("number", type=int, metavar="NUMÉRO")
        parser.add_argument("digest", nargs="+", metavar="EMPREINTE")

    def handle(self, *, number: int, digest: list[str], **options: Any) -> None:
        found = verified(Certificate.objects.all(), number, "".join(digest))
        if found is None:
            raise CommandError("Aucun certificat ne correspond à ce numéro et à cette empreinte.")
        if not found.is_intact:
            raise CommandError("Ce certificat existe, mais son contenu enregistré a été altéré.")
        facts = found.certificate.facts
        self.stdout.write(
            f"Authentique : {found.certificate}, {facts['person']['first_name']} {facts['person']['last_name']}, "
            f"{duration(facts['minutes'])} de « {facts['programme']['name']} »."
        )
