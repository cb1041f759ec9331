"""Tools and machines: where they are, who has them, and when they are inspected next."""

import datetime as dt
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries.models import Beneficiary
from confluences.dates import add_days
from confluences.models import Recorded
from worksites.enums import EquipmentEventKind, EquipmentState
from worksites.equipment_enums import EquipmentDue
from worksites.equipment_rules import INSPECTION_DAYS, LEAVING_DAYS
from worksites.models.site import Worksite


class EquipmentQuerySet(models.QuerySet):
    def visible_to(self, user) -> "EquipmentQuerySet":
        if not user.has_perm("worksites.view_equipment"):
            return self.none()
        return self.filter(worksite__in=Worksite.objects.visible_to(user))

    def in_use(self) -> "EquipmentQuerySet":
        """What somebody still works with."""
        return self.exclude(state__in=EquipmentState.gone())

    def due(self, due: EquipmentDue, day: dt.date) -> "EquipmentQuerySet":
        """What needs that on a day; nothing lost or broken does."""
        soon = add_days(day, INSPECTION_DAYS)
        match due:
            case EquipmentDue.LATE:
                return self.in_use().filter(next_inspection__lt=day)
            case EquipmentDue.SOON:
                return self.in_use().filter(next_inspection__range=(day, soon))
            case EquipmentDue.REPAIR:
                return self.filter(state__in=EquipmentState.to_repair())
            case _:
                return self.leaving_with_holder(day)

    def leaving_with_holder(self, day: dt.date) -> "EquipmentQuerySet":
        """What is held by somebody who has left, or who leaves within LEAVING_DAYS."""
        staying = Beneficiary.objects.present(add_days(day, LEAVING_DAYS + 1))
        return self.filter(holder__isnull=False).exclude(holder__in=staying)


class Equipment(Recorded):
    """A tool, a machine or a vehicle of a worksite (matériel)."""

    worksite = models.ForeignKey(Worksite, models.PROTECT, verbose_name="chantier", related_name="equipment")
    label = models.CharField(
        "numéro d’inventaire",
        max_length=20,
        unique=True,
        help_text="Ce que porte l’étiquette, par exemple MAT-012.",
        error_messages={"unique": "Un autre matériel porte déjà ce numéro d’inventaire."},
    )
    name = models.CharField("désignation", max_length=100)
    serial_number = models.CharField("numéro de série", max_length=60, blank=True)
    bought_on = models.DateField("acheté le", null=True, blank=True)
    value = models.DecimalField(
        "valeur d’achat (€)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    state = models.CharField("état", max_length=10, choices=EquipmentState, default=EquipmentState.GOOD)
    holder = models.ForeignKey(
        Beneficiary,
        models.SET_NULL,
        verbose_name="confié à",
        related_name="equipment",
        null=True,
        blank=True,
        help_text="Vide s’il est au dépôt.",
    )
    next_inspection = models.DateField("prochain contrôle", null=True, blank=True)
    notes = models.TextField("remarques", blank=True)

    objects = EquipmentQuerySet.as_manager()

    class Meta:
        verbose_name = "matériel"
        verbose_name_plural = "matériels"
        ordering = ["worksite", "name", "label"]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder=None) | ~Q(state__in=EquipmentState.gone()),
                name="equipment_gone_has_no_holder",
                violation_error_message="Un matériel perdu ou hors d’usage n’est plus confié à personne.",
            )
        ]

    def __str__(self):
        return f"{self.label} {self.name}"

    def get_absolute_url(self):
        return reverse("worksites:equipment-detail", args=[self.pk])


class EquipmentEvent(Recorded):
    """One thing that happened to a piece of equipment, on a day."""

    NOTE_LENGTH = 250

    equipment = models.ForeignKey(Equipment, models.CASCADE, verbose_name="matériel", related_name="events")
    day = models.DateField("jour")
    kind = models.CharField("nature", max_length=12, choices=EquipmentEventKind)
    person = models.ForeignKey(
        Beneficiary,
        models.SET_NULL,
        verbose_name="personne",
        related_name="equipment_events",
        null=True,
        blank=True,
    )
    cost = models.DecimalField(
        "coût (€)",
        max_digits=9,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )
    note = models.CharField("remarque", max_length=NOTE_LENGTH, blank=True)

    class Meta:
        verbose_name = "événement de matériel"
        verbose_name_plural = "événements de matériel"
        ordering = ["-day", "-pk"]

    def __str__(self):
        return f"{self.get_kind_display()} le {self.day:%d/%m/%Y}"

    def get_absolute_url(self):
        return self.equipment.get_absolute_url()
