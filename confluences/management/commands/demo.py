"""Loads the demonstration."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from confluences import demo
from confluences.imports import ImportFaults


class Command(BaseCommand):
    help = "Charge les données de démonstration dans une base vide ; une seconde fois ne change rien."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = demo.load(timezone.localdate())
        except demo.RealDataInPlace:
            raise CommandError(
                "Cette base contient déjà des données : la démonstration ne s’y charge pas. "
                "Indiquez une base vide par DATABASE_URL."
            ) from None
        except ImportFaults as faults:
            raise CommandError(
                f"Un fichier de la démonstration est refusé, rien n’est chargé :\n{faults}"
            ) from None
        state = "chargée" if loaded.is_new else "déjà chargée, rien n’a changé"
        self.stdout.write(
            f"Démonstration {state} : {loaded.people} personnes. Comptes, mot de passe « {demo.PASSWORD} » :"
        )
        for role, (email, _first_name, _last_name) in demo.ACCOUNTS.items():
            self.stdout.write(f"  {role.label} : {email}")
