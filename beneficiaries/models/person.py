"""A person, and the situation at each entry."""

import datetime as dt
import unicodedata
from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Max, Q, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from beneficiaries import rules
from beneficiaries.enums import Education, Prescriber, Presence, Rsa, Sex, Unemployment
from beneficiaries.rules import Period
from beneficiaries.search_rules import ANYWHERE, Term, phone_digits, read_search
from confluences.models import POSTCODE, Recorded
from confluences.text import random_code, search_key, search_words

EARLIEST_BIRTH = dt.date(1900, 1, 1)
NO_END = dt.date.max
PHONE = RegexValidator(r"^\+?[\d .-]{10,20}$", "Un numéro de téléphone, par exemple 06 12 34 56 78.")


def validate_name(name: str) -> None:
    """Raises ValidationError unless the text reads as a name: letters of any script, and what joins them."""
    odd = [
        letter for letter in name if unicodedata.category(letter)[0] not in "LM" and letter not in " '’-.,()"
    ]
    if odd:
        raise ValidationError(f"Un nom s’écrit avec des lettres ; retirez « {odd[0]} ».")
    if not search_words(name):
        raise ValidationError("Un nom contient au moins une lettre.")


def new_file_number() -> str:
    """A file number that two people who save at once do not share."""
    return random_code("D", 6)


def _names_hold(words: Iterable[str]) -> Q:
    return Q(*(Q(search_key__contains=word) for word in words))


def _fits(term: Term) -> Q:
    """The condition that one reading of the term fits the person."""
    readings = [Q(birth_date__range=(born.first, born.last)) for born in term.born]
    if term.words:
        readings.append(_names_hold(term.words))
    if term.digits:
        place = "contains" if len(term.digits) >= ANYWHERE else "startswith"
        readings.append(Q(**{f"phone_digits__{place}": term.digits}))
    if term.number:
        readings.append(Q(file_number__iexact=term.number))
    return reduce(or_, readings)


def _is_present(day: dt.date) -> Q:
    running = Beneficiary.contracts.field.model.objects.running(day)
    return Q(pk__in=running.values("beneficiary"))


class BeneficiaryQuerySet(models.QuerySet):
    def visible_to(self, user, today: dt.date) -> "BeneficiaryQuerySet":
        """The people whose file this user may open. An instructor sees those of his or her own worksites."""
        if not user.has_perm("beneficiaries.view_beneficiary"):
            return self.none()
        if user.has_perm("beneficiaries.view_entrysituation"):
            return self
        # `assignments` is the worksites app's link to us: a name, not an import.
        own = Q(assignments__worksite__instructors=user, assignments__start__lte=today)
        current = Q(assignments__end=None) | Q(assignments__end__gte=today)
        return self.filter(pk__in=self.model.objects.filter(own & current).values("pk"))

    def named(self, text: str) -> "BeneficiaryQuerySet":
        """The people whose names hold every word of the text, without accents and in any order."""
        return self.filter(_names_hold(search_words(text)))

    def matching(self, text: str) -> "BeneficiaryQuerySet":
        """The people whom a search means, as search_rules reads it: nobody, where it means nothing."""
        terms = read_search(text)
        if not terms:
            return self.none()
        people = self
        for term in terms:
            people = people.filter(_fits(term))
        return people

    def present(self, day: dt.date) -> "BeneficiaryQuerySet":
        """The people under contract on a day."""
        return self.filter(_is_present(day))

    def present_first(self, day: dt.date) -> "BeneficiaryQuerySet":
        """The people under contract on a day, then the others, each by name."""
        return self.order_by(Case(When(_is_present(day), then=0), default=1), "search_key", "pk")

    def standing(self, presence: Presence, day: dt.date) -> "BeneficiaryQuerySet":
        """The people who stand there on a day, as rules.presence_on says."""
        hired = self.model.objects.filter(contracts__isnull=False).values("pk")
        awaited = self.model.objects.filter(contracts__start__gt=day).values("pk")
        present = self.model.objects.present(day).values("pk")
        match presence:
            case Presence.NO_CONTRACT:
                return self.exclude(pk__in=hired)
            case Presence.PRESENT:
                return self.filter(pk__in=present)
            case Presence.UPCOMING:
                return self.filter(pk__in=awaited).exclude(pk__in=present)
            case _:
                return self.filter(pk__in=hired).exclude(pk__in=present).exclude(pk__in=awaited)

    def with_last_contract(self) -> "BeneficiaryQuerySet":
        """Annotates `last_contract_day`, NO_END for a contract without term, None without contract."""
        last_day = Coalesce("contracts__ended_early_on", "contracts__end", NO_END)
        began = Q(contracts__isnull=False)
        return self.annotate(last_contract_day=Max(last_day, filter=began))


class Beneficiary(Recorded):
    """Somebody the association employs on an insertion contract (salarié en insertion)."""

    file_number = models.CharField(
        "numéro de dossier",
        max_length=20,
        unique=True,
        blank=True,
        help_text="Laissez vide : il est attribué à l’enregistrement.",
        error_messages={"unique": "Ce numéro de dossier appartient déjà à quelqu’un."},
    )
    sex = models.CharField("sexe", max_length=1, choices=Sex)
    last_name = models.CharField("nom", max_length=100, validators=[validate_name])
    first_name = models.CharField("prénom", max_length=100, validators=[validate_name])
    birth_date = models.DateField("date de naissance")
    phone = models.CharField("téléphone", max_length=20, blank=True, validators=[PHONE])
    email = models.EmailField("adresse électronique", blank=True)
    address = models.CharField("adresse", max_length=250, blank=True)
    postcode = models.CharField("code postal", max_length=5, blank=True, validators=[POSTCODE])
    city = models.CharField("ville", max_length=100, blank=True)
    referent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name="référent",
        related_name="followed_people",
        null=True,
        blank=True,
        help_text="Le travailleur social qui suit la personne.",
    )
    informed_on = models.DateField(
        "notice d’information remise le",
        null=True,
        blank=True,
        help_text="Le jour où la personne a reçu l’information sur ses données (RGPD).",
    )
    assumed_identity = models.BooleanField(
        "identité supposée",
        default=False,
        help_text="Le nom, le sexe et l’âge sont inventés ou incertains : ils n’entrent dans aucun chiffre.",
    )
    search_key = models.CharField("clé de recherche", max_length=250, editable=False)
    phone_digits = models.CharField("chiffres du téléphone", max_length=20, editable=False, blank=True)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = "salarié en insertion"
        verbose_name_plural = "salariés en insertion"
        ordering = ["search_key", "pk"]  # « Érable » stands beside « Erable », on both engines
        indexes = [
            # All that a search reads, in the order that it shows: no row is opened to be passed over.
            models.Index(
                fields=["search_key", "birth_date", "phone_digits", "file_number"], name="beneficiary_search"
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["search_key", "birth_date"],
                name="beneficiary_same_name_and_birth",
                violation_error_message="Une personne du même nom, née le même jour, a déjà un dossier. Ouvrez-le, "
                "ou ajoutez un second prénom s’il s’agit de quelqu’un d’autre.",
            ),
            models.CheckConstraint(
                condition=Q(birth_date__gte=EARLIEST_BIRTH),
                name="beneficiary_born_after_1900",
                violation_error_message="La date de naissance est antérieure à 1900.",
            ),
        ]

    def __str__(self):
        return f"{self.last_name} {self.first_name}"

    def clean(self):
        self.last_name, self.first_name = (
            unicodedata.normalize("NFC", name) for name in (self.last_name, self.first_name)
        )
        self.search_key = self._search_key()
        if self.birth_date and self.birth_date >= dt.date.today():
            raise ValidationError({"birth_date": "La date de naissance doit être passée."})

    def save(self, *args, **kwargs):
        self.search_key = self._search_key()
        self.phone_digits = phone_digits(self.phone)
        self.file_number = self.file_number or new_file_number()
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("beneficiary-detail", args=[self.pk])

    def _search_key(self) -> str:
        # A single letter of some scripts decomposes into eighteen.
        return search_key(self.last_name, self.first_name)[: self._meta.get_field("search_key").max_length]

    def contract_periods(self) -> list[Period]:
        return [contract.period for contract in self.contracts.all()]

    def presence_on(self, day: dt.date) -> Presence:
        return rules.presence_on(self.contract_periods(), day)

    def stay_around(self, day: dt.date) -> list[Period]:
        """The continuous chain of contracts that contains the day."""
        return rules.stay_around(self.contract_periods(), day)


class EntrySituation(Recorded):
    """What the State asks about somebody on the day of entry (ASP vocabulary). Unknown is not “no”."""

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="situations"
    )
    entered_on = models.DateField("entrée le")
    education = models.CharField("niveau de formation", max_length=2, choices=Education, blank=True)
    unemployment = models.CharField("sans emploi depuis", max_length=2, choices=Unemployment, blank=True)
    registered_jobseeker = models.BooleanField("inscrit à France Travail", null=True, blank=True)
    rsa = models.CharField("RSA", max_length=6, choices=Rsa, blank=True)
    ass = models.BooleanField("allocation de solidarité spécifique (ASS)", null=True, blank=True)
    are = models.BooleanField("allocation de retour à l’emploi (ARE)", null=True, blank=True)
    no_resources = models.BooleanField("sans ressource", null=True, blank=True)
    single_parent = models.BooleanField("parent isolé", null=True, blank=True)
    no_housing = models.BooleanField("sans hébergement ou hébergement précaire", null=True, blank=True)
    childcare_leaver = models.BooleanField("sortant de l’aide sociale à l’enfance", null=True, blank=True)
    refugee = models.BooleanField("réfugié ou bénéficiaire d’une protection", null=True, blank=True)
    poor_french = models.BooleanField("ne maîtrise pas le français", null=True, blank=True)
    no_mobility = models.BooleanField("problème de mobilité", null=True, blank=True)
    qpv = models.BooleanField("habite un quartier prioritaire (QPV)", null=True, blank=True)
    zrr = models.BooleanField("habite une zone de revitalisation rurale (ZRR)", null=True, blank=True)
    prescriber = models.CharField("orienté par", max_length=2, choices=Prescriber, blank=True)

    class Meta:
        verbose_name = "situation à l’entrée"
        verbose_name_plural = "situations à l’entrée"
        ordering = ["beneficiary", "-entered_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["beneficiary", "entered_on"],
                name="entrysituation_one_per_entry",
                violation_error_message="La situation de cette personne à cette entrée est déjà saisie : modifiez-la.",
            )
        ]

    def __str__(self):
        return f"{self.beneficiary}, entrée du {self.entered_on:%d/%m/%Y}"

    def get_absolute_url(self):
        return self.beneficiary.get_absolute_url()


class ProtectedSituation(Recorded):
    """Health and justice at entry, kept apart: social workers alone read it, and each reading is logged.

    Only the statuses that the State counts: never a diagnosis, an offence or a social security number.
    """

    CONFIDENTIAL_FIELDS = ("rqth", "aah", "released_prisoner")

    situation = models.OneToOneField(
        EntrySituation,
        models.CASCADE,
        verbose_name="situation à l’entrée",
        related_name="protected",
        error_messages={
            "unique": "Quelqu’un vient de saisir cette situation protégée : rechargez la page pour la lire."
        },
    )
    rqth = models.BooleanField("travailleur handicapé reconnu (RQTH)", null=True, blank=True)
    aah = models.BooleanField("allocation aux adultes handicapés (AAH)", null=True, blank=True)
    released_prisoner = models.BooleanField(
        "sortant de détention ou sous main de justice", null=True, blank=True
    )

    class Meta:
        verbose_name = "situation protégée (santé, justice)"
        verbose_name_plural = "situations protégées (santé, justice)"

    def __str__(self):
        return f"Situation protégée, {self.situation}"

    def get_absolute_url(self):
        return self.situation.get_absolute_url()
