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
from confluences.dates import add_days
from confluences.models import POSTCODE, Recorded, User, validate_siret
from confluences.text import search_key, search_words
from partners.directory_rules import AGREEMENT_NOTICE_DAYS
from partners.enums import AgreementState, PartnerKind

FAMILY_END = "--"  # between the two halves of a theme's code


class ServiceThemeQuerySet(models.QuerySet):
    def of(self, code: str) -> "ServiceThemeQuerySet":
        """The theme of a code, or all those of a family's."""
        return self.filter(Q(code=code) | Q(code__startswith=f"{code}{FAMILY_END}"))


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

    objects = ServiceThemeQuerySet.as_manager()

    class Meta:
        verbose_name = "thème de partenaire"
        verbose_name_plural = "thèmes de partenaires"
        ordering = ["family", "label"]

    def __str__(self):
        return f"{self.family} : {self.label}"

    @property
    def family_code(self) -> str:
        return self.code.partition(FAMILY_END)[0]


class PartnerQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "PartnerQuerySet":
        return self if user.has_perm("partners.view_partner") else self.none()

    def active(self, day: dt.date) -> "PartnerQuerySet":
        """Those that the association still works with on a day."""
        return self.filter(Q(closed_on=None) | Q(closed_on__gt=day))

    def closed(self, day: dt.date) -> "PartnerQuerySet":
        return self.filter(closed_on__lte=day)

    def matching(self, typed: str) -> "PartnerQuerySet":
        """Those whose name, former names, town or SIRET hold every word typed, without accents or order."""
        words = search_words(typed)
        return self.filter(*(self._holding(word) for word in words)) if words else self.none()

    @staticmethod
    def _holding(word: str) -> Q:
        formerly = PartnerName.objects.filter(search_key__contains=word)
        return Q(search_key__contains=word) | Q(pk__in=formerly.values("partner"))

    def named(self, typed: str) -> "PartnerQuerySet":
        """Those who bear or bore exactly this name, said alone or with the town, or whose SIRET it is."""
        key = search_key(typed)
        if not key:
            return self.none()
        digits = "".join(typed.split())
        formerly = PartnerName.objects.filter(search_key=key)
        likely = Q(search_key__startswith=key) | Q(pk__in=formerly.values("partner")) | Q(siret=digits)
        former = {name.partner_id for name in formerly}
        return self.filter(
            pk__in=[
                partner.pk
                for partner in self.filter(likely).only("name", "city", "siret")
                if partner.pk in former
                or partner.siret == digits
                or key in {search_key(partner.name), search_key(partner.name, partner.city)}
            ]
        )

    def in_place(self, typed: str) -> "PartnerQuerySet":
        """Those who are in a town or serve it; the town by the beginnings of its words, or by those of its postcode."""
        if typed.isdigit():
            return self.filter(postcode__startswith=typed)
        words = search_words(typed)
        # No database compares without accents, and there are fewer towns than partners.
        cities = self.exclude(city="").order_by().values_list("city", flat=True).distinct()
        served = self.exclude(places_served="").order_by().values_list("places_served", flat=True).distinct()
        return self.filter(
            Q(city__in=[each for each in cities if _begins(words, each)])
            | Q(places_served__in=[each for each in served if _serves(words, each)])
        )

    def with_theme(self, code: str) -> "PartnerQuerySet":
        """Those who, themselves or by a service, help with a theme, or with one of a family where that is the code."""
        themes = ServiceTheme.objects.of(code)
        services = Service.objects.filter(themes__in=themes)
        return self.filter(
            Q(pk__in=Partner.themes.through.objects.filter(servicetheme__in=themes).values("partner"))
            | Q(pk__in=services.values("partner"))
        )

    def with_agreement(self, state: AgreementState, day: dt.date) -> "PartnerQuerySet":
        """Those whose agreement stands so on a day, as directory_rules says of one; what ends soon is in force as well."""
        begun = Q(agreement_start__lte=day)
        goes_on = Q(agreement_end=None) | Q(agreement_end__gte=day)
        return self.filter(
            {
                AgreementState.IN_FORCE: begun & goes_on,
                AgreementState.ENDING: begun
                & Q(agreement_end__range=(day, add_days(day, AGREEMENT_NOTICE_DAYS))),
                AgreementState.ENDED: Q(agreement_start__isnull=False, agreement_end__lt=day),
                AgreementState.UPCOMING: Q(agreement_start__gt=day) & goes_on,
                AgreementState.NONE: Q(agreement_start=None),
            }[state]
        )


def _begins(words: list[str], place: str) -> bool:
    there = search_words(place)
    return bool(words) and all(any(each.startswith(word) for each in there) for word in words)


def _serves(words: list[str], places: str) -> bool:
    return any(_begins(words, place) for place in places.split(","))


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
    search_key = models.TextField("clé de recherche", editable=False, default="")

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

    def save(self, *args, **kwargs):
        self.search_key = search_key(self.name)
        super().save(*args, **kwargs)


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

    def get_absolute_url(self):
        return reverse("partners:detail", args=[self.partner_id])


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

    def get_absolute_url(self):
        return reverse("partners:detail", args=[self.partner_id])
