"""The papers of a person's file."""

import datetime as dt
from pathlib import Path
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse

from beneficiaries.models.person import Beneficiary
from beneficiaries.support_enums import Confidentiality, Criterion, DocumentKind
from confluences.models import Recorded, User
from confluences.uploads import DOCUMENT_EXTENSIONS, validate_document


def storage_name(document: "Document", filename: str) -> str:
    """A name that tells nothing of the person nor of the paper."""
    return f"documents/{uuid4().hex}{Path(filename).suffix.lower()}"


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        if not user.has_perm("beneficiaries.view_document"):
            return self.none()
        if user.has_perm("beneficiaries.view_protectedsituation"):
            return self
        return self.filter(confidentiality=Confidentiality.TEAM)


class Document(Recorded):
    """A paper kept in somebody's file. A proof of eligibility names its criterion, and ages."""

    CONFIDENTIAL_FIELDS = ("kind", "criterion", "title", "file", "original_name", "confidentiality")

    beneficiary = models.ForeignKey(
        Beneficiary, models.CASCADE, verbose_name="salarié en insertion", related_name="documents"
    )
    kind = models.CharField("nature", max_length=20, choices=DocumentKind)
    criterion = models.CharField(
        "critère d’éligibilité",
        max_length=20,
        choices=Criterion,
        blank=True,
        help_text="Pour un justificatif d’éligibilité seulement.",
    )
    title = models.CharField("titre", max_length=150, blank=True, help_text="Vide : la nature suffit.")
    file = models.FileField(
        "fichier",
        upload_to=storage_name,
        validators=[
            FileExtensionValidator(
                DOCUMENT_EXTENSIONS, "Ce fichier n’est pas de ceux acceptés : PDF, PNG ou JPEG."
            ),
            validate_document,
        ],
        help_text="PDF, PNG ou JPEG, 10 Mo au plus. Ni carte Vitale, ni relevé bancaire, ni document médical.",
    )
    original_name = models.CharField("nom du fichier", max_length=255, editable=False)
    issued_on = models.DateField("établi le", null=True, blank=True)
    expires_on = models.DateField("valable jusqu’au", null=True, blank=True)
    confidentiality = models.CharField(
        "lu par", max_length=10, choices=Confidentiality, default=Confidentiality.TEAM
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        verbose_name_plural = "documents"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=DocumentKind.ELIGIBILITY, criterion__gt="")
                | Q(~Q(kind=DocumentKind.ELIGIBILITY), criterion=""),
                name="document_proof_has_criterion",
                violation_error_message="Un justificatif d’éligibilité, et lui seul, indique son critère.",
            ),
            models.CheckConstraint(
                condition=~Q(criterion__in=sorted(Criterion.protected()))
                | Q(confidentiality=Confidentiality.SOCIAL),
                name="document_protected_proof",
                violation_error_message="Ce critère touche à la santé ou à la justice : seuls les travailleurs sociaux peuvent "
                "lire son justificatif.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(issued_on=None) | Q(expires_on__gte=models.F("issued_on")),
                name="document_expires_after_issue",
                violation_error_message="Le document expire avant d’être établi : vérifiez les deux dates.",
            ),
        ]

    def __str__(self):
        # Never its title: this name stands in the audit log.
        return f"Document n° {self.pk}" if self.pk else "Nouveau document"

    def clean(self):
        if self.issued_on and self.issued_on > dt.date.today():
            raise ValidationError({"issued_on": "Cette date n’est pas encore passée : vérifiez-la."})
        if self.kind == DocumentKind.ELIGIBILITY and not self.issued_on:
            raise ValidationError(
                {"issued_on": "Un justificatif vieillit : indiquez le jour où il a été établi."}
            )

    def get_absolute_url(self):
        return reverse("beneficiaries:document-detail", args=[self.pk])

    @property
    def label(self) -> str:
        """What its readers call it."""
        return self.title or self.get_criterion_display() or self.get_kind_display()
