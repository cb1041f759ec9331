"""The base that every app stands on: accounts, the association, the administrations it writes to."""

import datetime as dt

from django.contrib.auth.models import AbstractUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from localflavor.fr.models import FRSIRETField
from stdnum.fr import siret

from confluences.enums import Role
from confluences.uploads import IMAGE_EXTENSIONS, validate_image

POSTCODE = RegexValidator(r"^\d{5}$", "Un code postal a cinq chiffres, par exemple 94110.")


def validate_siret(value: str) -> None:
    """Raises ValidationError for a SIRET whose control digit is wrong (Luhn; La Poste's own rule)."""
    if value and not siret.is_valid(value):
        raise ValidationError("Ce SIRET ne se vérifie pas : recopiez ses 14 chiffres.", code="invalid")


class UserManager(BaseUserManager):
    """Accounts are known by their e-mail address."""

    use_in_migrations = True

    def create_user(self, email, password=None, **fields):
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class User(AbstractUser):
    """Somebody of the team who signs in; the roles (groups) say what he or she may do."""

    username = None
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Un compte existe déjà avec cette adresse."},
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = UserManager()

    class Meta:
        verbose_name = "utilisateur"
        verbose_name_plural = "utilisateurs"
        ordering = ["last_name", "first_name", "email"]
        permissions = [("use_admin", "Peut utiliser l’administration")]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message="Un compte existe déjà avec cette adresse.",
            )
        ]

    def __str__(self):
        return self.get_full_name() or self.email

    @property
    def role_labels(self) -> str:
        """The user's roles in French, as the page shows them."""
        held = {group.name for group in self.groups.all()}
        return ", ".join(label for label in Role.labels if label in held) or "sans rôle"


class Recorded(models.Model):
    """A row that a person typed: it knows who and when, and a version that tells two simultaneous edits apart."""

    created_at = models.DateTimeField("créé le", auto_now_add=True, editable=False)
    created_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="créé par", related_name="+", null=True, blank=True, editable=False
    )
    updated_at = models.DateTimeField("modifié le", auto_now=True, editable=False)
    updated_by = models.ForeignKey(
        User,
        models.PROTECT,
        verbose_name="modifié par",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    version = models.PositiveIntegerField("version", default=1, editable=False)

    class Meta:
        abstract = True


class Draft(models.Model):
    """What somebody is typing in a form and has not saved yet (brouillon): for that account and that page alone.

    A page's address names the form and the person, so a text never surfaces on somebody else. It is not in the audit
    log, which others read.
    """

    user = models.ForeignKey(User, models.CASCADE, verbose_name="auteur", related_name="drafts")
    page = models.CharField("adresse de la page", max_length=200)
    title = models.CharField("titre de la page", max_length=200)
    content = models.JSONField("champs saisis")
    saved_at = models.DateTimeField("enregistré le", auto_now=True)

    class Meta:
        verbose_name = "brouillon"
        verbose_name_plural = "brouillons"
        ordering = ["-saved_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page"],
                name="draft_one_per_page",
                violation_error_message="Il y a déjà un brouillon de cette page.",
            )
        ]

    def __str__(self):
        return f"Brouillon de {self.user}"


class Administration(models.Model):
    """A public body the association writes to; its name changes with reforms, the body stays."""

    label = models.CharField(
        "nom d’usage", max_length=100, unique=True, help_text="Pour la reconnaître dans les listes."
    )
    address = models.TextField("adresse postale", blank=True)

    class Meta:
        verbose_name = "administration"
        verbose_name_plural = "administrations"
        ordering = ["label"]

    def __str__(self):
        return self.label

    def name_on(self, day: dt.date) -> "AdministrationName | None":
        """The name the body bears on that day, or None before its first."""
        borne = [name for name in self.names.all() if name.valid_from <= day]
        return max(borne, key=lambda name: name.valid_from, default=None)


class AdministrationName(models.Model):
    """The official name of an administration from a date until its next name."""

    administration = models.ForeignKey(
        Administration, models.CASCADE, verbose_name="administration", related_name="names"
    )
    short_name = models.CharField("nom court", max_length=100)
    name = models.CharField("nom officiel", max_length=250)
    valid_from = models.DateField("porte ce nom depuis le")

    class Meta:
        verbose_name = "nom d’administration"
        verbose_name_plural = "noms d’administration"
        ordering = ["administration", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["administration", "valid_from"],
                name="administrationname_one_per_day",
                violation_error_message="Cette administration a déjà un nom qui commence ce jour-là.",
            )
        ]

    def __str__(self):
        return self.short_name


class Structure(models.Model):
    """The association itself, one row, shown at the head of every paper."""

    name = models.CharField("nom", max_length=150)
    address = models.CharField("adresse", max_length=250, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True, validators=[POSTCODE])
    city = models.CharField("ville", max_length=100, blank=True)
    siret = FRSIRETField("SIRET", blank=True, validators=[validate_siret])
    logo = models.ImageField(
        "logo",
        upload_to="structure",
        blank=True,
        validators=[FileExtensionValidator(IMAGE_EXTENSIONS), validate_image],
        help_text="PNG ou JPEG, 10 Mo au plus.",
    )
    signatory_name = models.CharField("signataire", max_length=100, blank=True)
    signatory_title = models.CharField("qualité du signataire", max_length=100, blank=True)
    reports_to = models.ForeignKey(
        Administration,
        models.PROTECT,
        verbose_name="destinataire des rapports",
        null=True,
        blank=True,
        related_name="+",
    )
    is_demonstration = models.BooleanField("données de démonstration", default=False, editable=False)

    class Meta:
        verbose_name = "structure"
        verbose_name_plural = "structure"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pk=1),
                name="structure_only_one",
                violation_error_message="Il n’y a qu’une structure : modifiez celle qui existe.",
            )
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.pk = 1
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> "Structure":
        """The association, or an unnamed one until an administrator has described it."""
        return cls.objects.select_related("reports_to").first() or cls(name="Structure à compléter")

    @property
    def full_address(self) -> str:
        town = f"{self.postcode} {self.city}".strip()
        return ", ".join(part for part in (self.address, town) if part)
