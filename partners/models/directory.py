"""The directory: organisations, the names they bore, the people to call there, and what they offer.

Fields and themes are those of data.inclusion, the national directory, so that its rows come in without loss.
"""

import datetime as dt

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from localflavor.fr.models import FRSIRETField

from beneficiaries.support_enums import Theme
from confluences.models import POSTCODE, Recorded, User, validate_siret
from confluences.text import search_key, search_words
from partners.enums import PartnerKind


class ServiceTheme(models.Model):
    """What a partner can help with (thématique): 69 of them in 16 families, as data.inclusion names them."""

    code = models.CharField("code", max_length=150, unique=True)
    label = models.CharField("libellé", max_length=150)
    family = models.CharField("famille", max_length=100)
    axis = models.CharField(
        "frein",
        max_length=20,
        choices=Theme,
        blank=True,
        help_text="Le frein que ce thème peut lever ; vide s’il n’en vise aucun.",
    )

    class Meta:
        verbose_name = "thème de partenaire"
        verbose_name_plural = "thèmes de partenaires"
        ordering = ["family", "label"]

    def __str__(self):
        return f"{self.family} : {self.label}"


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PartnerQuerySet":
        return self if user.has_perm("partners.view_partner") else self.none()

    def active(self, day: dt.date) -> "PartnerQuerySet":
        """Those that the association still works with on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def matching(self, typed: str) -> "PartnerQuerySet":
        """Those whose name, town or SIRET holds every word typed, without accents or order."""
        words = search_words(typed)
        return self.filter(*(Q(search_key__contains=word) for word in words)) if words else self.none()


class Partner(Recorded):
    """An organisation that helps, sends, employs or orders (partenaire)."""

    # What data.inclusion publishes of a structure: an import writes these, except those typed here.
    DIRECTORY_FIELDS = (
        "name",
        "description",
        "siret",
        "address",
        "address_extra",
        "postcode",
        "city",
        "insee_code",
        "latitude",
        "longitude",
        "phone",
        "email",
        "website",
        "opening_hours",
        "accessibility",
        "networks",
    )

    name = models.CharField("nom", max_length=150)
    kind = models.CharField("nature", max_length=20, choices=PartnerKind, default=PartnerKind.OTHER)
    themes = models.ManyToManyField(ServiceTheme, verbose_name="thèmes", related_name="partners", blank=True)
    description = models.TextField("description", blank=True)
    siret = FRSIRETField("SIRET", blank=True, validators=[validate_siret])
    address = models.CharField("adresse", max_length=250, blank=True)
    address_extra = models.CharField("complément d’adresse", max_length=250, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True, validators=[POSTCODE])
    city = models.CharField("commune", max_length=100, blank=True)
    insee_code = models.CharField("code INSEE", max_length=5, blank=True)
    latitude = models.FloatField(
        "latitude", null=True, blank=True, validators=[MinValueValidator(-90), MaxValueValidator(90)]
    )
    longitude = models.FloatField(
        "longitude", null=True, blank=True, validators=[MinValueValidator(-180), MaxValueValidator(180)]
    )
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    website = models.URLField("site", max_length=300, blank=True)
    opening_hours = models.CharField(
        "horaires d’accueil",
        max_length=250,
        blank=True,
        help_text="Par exemple : lundi au vendredi, 9 h à 12 h.",
    )
    accessibility = models.URLField("accessibilité du lieu", max_length=300, blank=True)
    networks = models.CharField("réseaux", max_length=250, blank=True)
    places_served = models.CharField(
        "communes desservies",
        max_length=500,
        blank=True,
        help_text="Séparées par des virgules ; vide si toutes le sont ou si on ne le sait pas.",
    )
    notes = models.TextField(
        "remarques", blank=True, help_text="Pour l’équipe : ce qui aide à bien orienter."
    )
    agreement_reference = models.CharField("convention", max_length=100, blank=True)
    agreement_start = models.DateField("convention à partir du", null=True, blank=True)
    agreement_end = models.DateField("convention jusqu’au", null=True, blank=True)
    closed_on = models.DateField(
        "n’existe plus depuis le",
        null=True,
        blank=True,
        help_text="On ne le propose plus, son histoire reste.",
    )
    source = models.CharField("source", max_length=60, blank=True, editable=False)
    source_id = models.CharField("identifiant à la source", max_length=150, blank=True, editable=False)
    source_updated_on = models.DateField("mis à jour à la source le", null=True, blank=True, editable=False)
    own_fields = models.JSONField("champs saisis ici", default=list, blank=True, editable=False)
    search_key = models.TextField("clé de recherche", editable=False, default="")

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partenaire"
        verbose_name_plural = "partenaires"
        ordering = ["search_key", "pk"]
        indexes = [
            models.Index(fields=["postcode"], name="partner_postcode"),
            models.Index(fields=["siret"], name="partner_siret"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="partner_one_per_source_id",
                violation_error_message="Cette structure de l’annuaire national est déjà un partenaire.",
            ),
            models.CheckConstraint(
                condition=Q(agreement_end=None)
                | Q(agreement_start=None)
                | Q(agreement_end__gte=F("agreement_start")),
                name="partner_agreement_dates",
                violation_error_message="La convention se termine avant de commencer : vérifiez les deux dates.",
            ),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.set_search_key()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("partners:detail", args=[self.pk])

    def set_search_key(self) -> None:
        self.search_key = search_key(self.name, self.city, self.siret)

    def name_on(self, day: dt.date) -> str:
        """The name borne on a day: a paper of 2014 says Pôle emploi. The present name where no earlier one is known."""
        borne = [each for each in self.former_names.all() if each.valid_until >= day]
        return min(borne, key=lambda each: each.valid_until).name if borne else self.name

    def has_agreement(self, day: dt.date) -> bool:
        return (
            self.agreement_start is not None
            and self.agreement_start <= day
            and (self.agreement_end is None or day <= self.agreement_end)
        )

    @property
    def full_address(self) -> str:
        town = f"{self.postcode} {self.city}".strip()
        return ", ".join(part for part in (self.address, self.address_extra, town) if part)


class PartnerName(models.Model):
    """A name that an organisation bore until a day: Pôle emploi until 31 December 2023."""

    partner = models.ForeignKey(
        Partner, models.CASCADE, verbose_name="partenaire", related_name="former_names"
    )
    name = models.CharField("ancien nom", max_length=150)
    valid_until = models.DateField("porté jusqu’au")

    class Meta:
        verbose_name = "ancien nom"
        verbose_name_plural = "anciens noms"
        ordering = ["partner", "valid_until"]
        constraints = [
            models.UniqueConstraint(
                fields=["partner", "valid_until"],
                name="partnername_one_per_day",
                violation_error_message="Ce partenaire a déjà un ancien nom qui finit ce jour-là.",
            )
        ]

    def __str__(self):
        return self.name


class Contact(Recorded):
    """Somebody to call at a partner's."""

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name="partenaire", related_name="contacts")
    name = models.CharField("nom", max_length=150)
    role = models.CharField("fonction", max_length=150, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    notes = models.CharField("remarques", max_length=250, blank=True)
    left_on = models.DateField("n’y est plus depuis le", null=True, blank=True)

    class Meta:
        verbose_name = "contact"
        verbose_name_plural = "contacts"
        ordering = ["partner", F("left_on").desc(nulls_first=True), "name", "pk"]

    def __str__(self):
        return f"{self.name}, {self.role}" if self.role else self.name


class Service(Recorded):
    """One thing a partner offers (service), as it describes it or as data.inclusion does."""

    # What data.inclusion publishes of a service: an import writes these and the themes, except what was typed here.
    DIRECTORY_FIELDS = (
        "name",
        "description",
        "fees",
        "audience",
        "conditions",
        "how_to_refer",
        "zone",
        "phone",
        "email",
        "link",
        "opening_hours",
    )

    partner = models.ForeignKey(Partner, models.CASCADE, verbose_name="partenaire", related_name="services")
    name = models.CharField("nom", max_length=150)
    description = models.TextField("description", blank=True)
    themes = models.ManyToManyField(ServiceTheme, verbose_name="thèmes", related_name="services", blank=True)
    fees = models.CharField("frais", max_length=250, blank=True)
    audience = models.CharField("publics", max_length=500, blank=True)
    conditions = models.TextField("conditions d’accès", blank=True)
    how_to_refer = models.TextField("comment orienter", blank=True)
    zone = models.CharField("zone desservie", max_length=500, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    email = models.EmailField("adresse électronique", blank=True)
    link = models.URLField("lien", max_length=300, blank=True)
    opening_hours = models.CharField("horaires", max_length=250, blank=True)
    source = models.CharField("source", max_length=60, blank=True, editable=False)
    source_id = models.CharField("identifiant à la source", max_length=150, blank=True, editable=False)
    source_updated_on = models.DateField("mis à jour à la source le", null=True, blank=True, editable=False)
    own_fields = models.JSONField("champs saisis ici", default=list, blank=True, editable=False)

    class Meta:
        verbose_name = "service"
        verbose_name_plural = "services"
        ordering = ["partner", "name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source_id=""),
                name="service_one_per_source_id",
                violation_error_message="Ce service de l’annuaire national est déjà enregistré.",
            )
        ]

    def __str__(self):
        return self.name
