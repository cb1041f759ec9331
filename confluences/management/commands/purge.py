"""Deletes what is past its time: the drafts that nobody has taken up again."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from confluences.drafts import KEPT_DAYS, forget_old


class Command(BaseCommand):
    help = f"Efface les brouillons que personne n’a repris depuis {KEPT_DAYS} jours."

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_old(timezone.now())
        plural = "s" * (count > 1)
        self.stdout.write(f"{count} brouillon{plural} de plus de {KEPT_DAYS} jours effacé{plural}.")
