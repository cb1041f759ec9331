"""The register of certificates in the admin, to look at: nobody adds, changes or deletes one there.

CertificateRegister, the last number given, has no page: a number typed there would make a gap or give one twice.
"""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from beneficiaries.models import Beneficiary
from confluences.admin_base import BaseAdmin
from confluences.admin_exports import ExportAdmin
from trainings.models import Certificate


@admin.register(Certificate)
class CertificateAdmin(ExportAdmin, BaseAdmin):
    list_display = ["number", "kind", "person", "programme", "dated", "issued_by", "digest"]
    list_display_links = ["number", "kind"]
    list_filter = [
        "kind",
        ("enrolment__programme", admin.RelatedOnlyFieldListFilter),
        ("issued_by", admin.RelatedOnlyFieldListFilter),
    ]
    list_select_related = ["enrolment__beneficiary", "enrolment__programme", "issued_by"]
    search_fields = ["digest"]  # get_search_results looks further
    search_help_text = "Numéro, nom et prénom, ou début de l’empreinte."
    date_hierarchy = "issued_at"
    fields = ["number", "kind", "person", "programme", "dated", "issued_at", "issued_by", "digest", "file"]
    readonly_fields = fields

    def get_search_results(self, request, queryset, search_term):
        if not search_term:
            return queryset, False
        people = queryset.filter(enrolment__beneficiary__in=Beneficiary.objects.matching(search_term))
        found = people | queryset.filter(digest__startswith=search_term.lower().replace(" ", ""))
        if search_term.isdecimal():
            found |= queryset.filter(number=int(search_term))
        return found, False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="personne", ordering="enrolment__beneficiary__search_key")
    def person(self, certificate):
        return str(certificate.enrolment.beneficiary)

    @admin.display(description="programme", ordering="enrolment__programme__name")
    def programme(self, certificate):
        return str(certificate.enrolment.programme)

    @admin.display(description="daté du", ordering="issued_at")
    def dated(self, certificate):
        return certificate.dated

    @admin.display(description="fichier")
    def file(self, certificate):
        address = reverse("trainings:certificate-download", args=[certificate.pk])
        return format_html('<a href="{}">Télécharger le PDF</a>', address)
