"""Referrals (orientations): somebody sent to a partner, or by one; how they stand, and what came of them."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse

from beneficiaries.models import Beneficiary, Step
from beneficiaries.models.follow_up import ThemedQuerySet, validate_text
from beneficiaries.support_enums import Theme
from confluences.dates import add_days
from confluences.models import Recorded, User
from confluences.text import without_controls
from partners import referral_rules
from partners.enums import BarrierEffect, Direction, ReferralResult, ReferralStatus
from partners.models.directory import Contact, Partner, Service


class ReferralQuerySet(ThemedQuerySet):
    PERMISSION = "partners.view_referral"

    def open(self) -> "ReferralQuerySet":
        return self.filter(status__in=ReferralStatus.open())

    def late(self, today: dt.date) -> "ReferralQuerySet":
        """Those whose reply was due and has not come; the same as referral_rules.is_late."""
        return self.open().filter(due__lt=today, replied_on=None)

    def silent(self, today: dt.date) -> "ReferralQuerySet":
        """Those of which nothing has been heard for too long; the same as referral_rules.is_silent."""
        since = add_days(today, 1 - referral_rules.SILENT_DAYS)
        heard = ReferralChange.objects.filter(at__date__gte=since).values("referral")
        waiting = self.open().filter(Q(meeting_on=None) | Q(meeting_on__lt=today), on__lt=since)
        return waiting.exclude(pk__in=heard)

    def unanswered(self, today: dt.date) -> "ReferralQuerySet":
        """Those to ask about: late or silent, the longest due first."""
        late, silent = self.late(today).order_by(), self.silent(today).order_by()
        either = Q(pk__in=late.values("pk")) | Q(pk__in=silent.values("pk"))
        return self.filter(either).order_by(F("due").asc(nulls_last=True), "on", "pk")

    def with_last_change(self) -> "ReferralQuerySet":
        """Annotates `last_change_at`, None before the first."""
        last = ReferralChange.objects.filter(referral=OuterRef("pk")).order_by("-at").values("at")[:1]
        return self.annotate(last_change_at=Subquery(last))


class Referral(Recorded):
    """Somebody sent to a partner for a theme, or sent to us by a prescriber (orientation)."""

    CONFIDENTIAL_FIELDS = (
        "theme",
        "partner",
        "contact",
        "service",
        "reason",
        "reply",
        "result_text",
        "effect",
    )

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="referrals"
    )
    partner = models.ForeignKey(Partner, models.PROTECT, verbose_name="partenaire", related_name="referrals")
    direction = models.CharField("sens", max_length=5, choices=Direction, default=Direction.OUT)
    theme = models.CharField("thème", max_length=20, choices=Theme)
    contact = models.ForeignKey(
        Contact, models.SET_NULL, verbose_name="contact", related_name="referrals", null=True, blank=True
    )
    service = models.ForeignKey(
        Service, models.SET_NULL, verbose_name="service", related_name="referrals", null=True, blank=True
    )
    step = models.ForeignKey(
        Step, models.SET_NULL, verbose_name="démarche", related_name="referrals", null=True, blank=True
    )
    reason = models.TextField(
        "motif",
        validators=[validate_text],
        help_text="Ces mots sortent de la maison : le partenaire et la personne les lisent. Ni diagnostic, ni délit.",
    )
    on = models.DateField("date", default=dt.date.today)
    due = models.DateField(
        "réponse attendue avant le",
        null=True,
        blank=True,
        help_text="Passé ce jour sans nouvelle, on relance.",
    )
    status = models.CharField("état", max_length=10, choices=ReferralStatus, default=ReferralStatus.SENT)
    replied_on = models.DateField("réponse reçue le", null=True, blank=True)
    reply = models.TextField("réponse", blank=True, validators=[validate_text])
    meeting_on = models.DateField("rendez-vous le", null=True, blank=True)
    closed_on = models.DateField("terminée le", null=True, blank=True)
    result = models.CharField("résultat", max_length=15, choices=ReferralResult, blank=True)
    result_text = models.TextField("ce qui a été obtenu", blank=True, validators=[validate_text])
    effect = models.CharField("effet sur le frein", max_length=10, choices=BarrierEffect, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = "orientation"
        verbose_name_plural = "orientations"
        ordering = ["-on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on=None, status__in=sorted(ReferralStatus.open()))
                | Q(closed_on__isnull=False, status__in=sorted(ReferralStatus.closed())),
                name="referral_closed_with_its_day",
                violation_error_message="Une orientation refusée, terminée ou annulée a sa date de fin ; les autres n’en ont pas.",
            ),
            models.CheckConstraint(
                condition=Q(result="") | Q(status=ReferralStatus.DONE),
                name="referral_result_when_done",
                violation_error_message="Le résultat se donne quand l’orientation est terminée.",
            ),
            models.CheckConstraint(
                condition=(Q(closed_on=None) | Q(closed_on__gte=F("on")))
                & (Q(replied_on=None) | Q(replied_on__gte=F("on")))
                & (Q(due=None) | Q(due__gte=F("on"))),
                name="referral_dates_after_start",
                violation_error_message="Une réponse, une échéance ou une fin ne précède pas l’orientation : vérifiez les dates.",
            ),
        ]

    def __str__(self):
        # Never its theme nor its partner, which tells the theme: this name stands in the audit log.
        return f"Orientation du {self.on:%d/%m/%Y}"

    def get_absolute_url(self):
        return reverse("partners:referral-detail", args=[self.pk])

    def is_late(self, today: dt.date) -> bool:
        """Whether a reply was due and has not come."""
        return referral_rules.is_late(
            ReferralStatus(self.status), due=self.due, replied_on=self.replied_on, today=today
        )

    @property
    def is_open(self) -> bool:
        return self.status in ReferralStatus.open()

    @property
    def is_protected(self) -> bool:
        return self.theme in Theme.protected()

    def clean(self):
        """A contact and a service are the partner's own, a step is the person's own, about the same theme.

        What was so when it was chosen stays: a service moves in the national directory, a step changes its theme.
        """
        self.reason, self.reply, self.result_text = (
            without_controls(text) for text in (self.reason, self.reply, self.result_text)
        )
        strangers = self._strangers()
        if strangers and not self._leads_where_it_did():
            raise ValidationError(strangers)

    def _strangers(self) -> dict[str, str]:
        """Those of its links that are somebody else's, with what to do."""
        found = {}
        if self.contact and self.contact.partner_id != self.partner_id:
            found["contact"] = "Ce contact n’est pas chez ce partenaire : choisissez-en un autre, ou aucun."
        if self.service and self.service.partner_id != self.partner_id:
            found["service"] = "Ce service n’est pas de ce partenaire : choisissez-en un autre, ou aucun."
        if self.step and (self.step.beneficiary_id, self.step.theme) != (self.beneficiary_id, self.theme):
            found["step"] = "Cette démarche n’est pas de ce thème : choisissez-en une autre, ou aucune."
        return found

    def _leads_where_it_did(self) -> bool:
        links = ("beneficiary_id", "partner_id", "contact_id", "service_id", "step_id", "theme")
        return Referral.objects.filter(pk=self.pk, **{name: getattr(self, name) for name in links}).exists()


class ReferralChange(models.Model):
    """One change of a referral's status: when, and by whom; nobody of ours where the partner answered by link."""

    CONFIDENTIAL_FIELDS = ("words",)

    referral = models.ForeignKey(Referral, models.CASCADE, verbose_name="orientation", related_name="changes")
    status = models.CharField("état", max_length=10, choices=ReferralStatus)
    at = models.DateTimeField("le", auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, verbose_name="par", related_name="+", null=True, blank=True)
    words = models.TextField("en quels termes", blank=True)

    class Meta:
        verbose_name = "changement d’état"
        verbose_name_plural = "changements d’état"
        ordering = ["at", "pk"]

    def __str__(self):
        return f"{self.get_status_display()}, le {self.at:%d/%m/%Y}"


class ReplyLink(models.Model):
    """A private address where the partner answers a referral without an account. Only its hash is kept."""

    CONFIDENTIAL_FIELDS = ("token_hash",)

    referral = models.ForeignKey(Referral, models.CASCADE, verbose_name="orientation", related_name="links")
    token_hash = models.CharField("empreinte", max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("créé le", auto_now_add=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, verbose_name="créé par", related_name="+", null=True, blank=True
    )
    expires_at = models.DateTimeField("expire le")
    used_at = models.DateTimeField("utilisé le", null=True, blank=True)
    revoked_at = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "lien de réponse"
        verbose_name_plural = "liens de réponse"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"Lien de réponse n° {self.pk}"

    def is_open(self, now: dt.datetime) -> bool:
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
