"""Financial annexes and the national amounts of the aid in the admin."""

from django.contrib import admin

from confluences.admin_base import RecordedAdmin
from confluences.admin_imports import ImportExportAdmin
from worksites.etp_resources import AidRateResource, AnnexResource
from worksites.models import AidRate, FinancialAnnex


@admin.register(FinancialAnnex)
class FinancialAnnexAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = AnnexResource
    list_display = ["number", "kind", "start", "end", "agreed_etp", "expected_dynamic", "expected_durable"]
    list_filter = ["kind", "worksites", "start"]
    list_select_related = False  # no column of another table
    search_fields = ["number", "worksites__name"]
    search_help_text = "Numéro ou chantier."
    date_hierarchy = "start"
    fieldsets = [
        (None, {"fields": ["number", "kind", "start", "end", "worksites"]}),
        (
            "Postes et aide",
            {"fields": ["agreed_etp", "hours_per_etp", "aid_per_etp", "regularisation_months"]},
        ),
        ("Sorties attendues", {"fields": ["expected_dynamic", "expected_durable"]}),
    ]


@admin.register(AidRate)
class AidRateAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = AidRateResource
    list_display = ["kind", "valid_from", "amount", "source"]
    list_display_links = ["valid_from"]
    list_filter = ["kind", "valid_from"]
    list_select_related = False  # no column of another table
    search_fields = ["source"]
    search_help_text = "Source."
    date_hierarchy = "valid_from"
    fieldsets = [
        (
            None,
            {
                "fields": ["kind", "valid_from", "amount", "source"],
                "description": "Ce montant vaut jusqu’au suivant. Une annexe qui dit le sien n’en dépend pas.",
            },
        )
    ]
