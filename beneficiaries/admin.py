"""People in the admin. Health and justice (ProtectedSituation) are not there: social workers alone see them."""

from django.contrib import admin
from django.db import transaction

from beneficiaries import support_admin, time_admin  # noqa: F401  their pages register themselves
from beneficiaries.actions import delete_contract, delete_pass_change, save_contract, save_pass_change
from beneficiaries.forms import WorkDaysField
from beneficiaries.models import (
    Beneficiary,
    Contract,
    EntrySituation,
    Pass,
    Prolongation,
    Suspension,
)
from beneficiaries.permissions import possible_referents
from beneficiaries.person_admin import PERSON_HELP, PersonSearch
from beneficiaries.resources import BeneficiaryResource, ContractResource
from confluences.admin_base import AdminForm, RecordedAdmin
from confluences.admin_imports import ImportExportAdmin


class BeneficiaryAdminForm(AdminForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["referent"].queryset = possible_referents(self.instance)


@admin.register(Beneficiary)
class BeneficiaryAdmin(ImportExportAdmin, RecordedAdmin):
    form = BeneficiaryAdminForm
    resource_class = BeneficiaryResource
    list_display = ["last_name", "first_name", "file_number", "birth_date", "city", "referent", "informed_on"]
    list_display_links = ["last_name", "first_name"]
    list_filter = [
        "sex",
        "contracts__kind",
        ("referent", admin.RelatedOnlyFieldListFilter),
        ("informed_on", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["referent"]
    search_fields = ["search_key"]
    search_help_text = PERSON_HELP
    date_hierarchy = "created_at"
    fieldsets = [
        (None, {"fields": ["file_number", "sex", "last_name", "first_name", "birth_date"]}),
        ("Pour joindre la personne", {"fields": ["phone", "email", "address", "postcode", "city"]}),
        ("Accompagnement", {"fields": ["referent"]}),
        ("Information sur ses données", {"fields": ["informed_on", "assumed_identity"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        return (queryset.matching(search_term) if search_term else queryset), False


@admin.register(EntrySituation)
class EntrySituationAdmin(PersonSearch, RecordedAdmin):
    list_display = ["beneficiary", "entered_on", "education", "unemployment", "rsa", "prescriber"]
    list_filter = ["education", "unemployment", "rsa", "prescriber", "qpv"]
    list_select_related = ["beneficiary"]
    autocomplete_fields = ["beneficiary"]
    date_hierarchy = "entered_on"
    fieldsets = [
        (None, {"fields": ["beneficiary", "entered_on", "prescriber"]}),
        ("Formation et emploi", {"fields": ["education", "unemployment", "registered_jobseeker"]}),
        ("Ressources", {"fields": ["rsa", "ass", "are", "no_resources"]}),
        (
            "Situation",
            {
                "fields": [
                    "single_parent",
                    "no_housing",
                    "childcare_leaver",
                    "refugee",
                    "poor_french",
                    "no_mobility",
                    "qpv",
                    "zrr",
                ]
            },
        ),
    ]


class ContractAdminForm(AdminForm):
    work_days = WorkDaysField(help_text=Contract._meta.get_field("work_days").help_text)


@admin.register(Contract)
class ContractAdmin(PersonSearch, ImportExportAdmin, RecordedAdmin):
    form = ContractAdminForm
    resource_class = ContractResource
    list_display = [
        "beneficiary",
        "kind",
        "start",
        "end",
        "ended_early_on",
        "weekly_minutes_shown",
        "work_days_shown",
        "assumed",
    ]
    list_filter = ["kind", "assumed", "length_derogation", "hours_derogation", "start"]
    list_select_related = ["beneficiary"]
    autocomplete_fields = ["beneficiary"]
    date_hierarchy = "start"
    fieldsets = [
        (None, {"fields": ["beneficiary", "kind", "start", "end", "ended_early_on", "assumed"]}),
        ("Travail", {"fields": ["occupation", "weekly_minutes", "work_days"]}),
        ("Dérogations", {"fields": ["length_derogation", "hours_derogation"]}),
    ]

    @admin.display(description="durée hebdomadaire", ordering="weekly_minutes")
    def weekly_minutes_shown(self, contract):
        return contract.get_weekly_minutes_display()

    @admin.display(description="jours travaillés", ordering="work_days")
    def work_days_shown(self, contract):
        return contract.get_work_days_display()

    def write(self, obj, by):
        save_contract(obj, by=by)

    def delete_model(self, request, obj):
        self.delete_queryset(request, [obj])

    @transaction.atomic
    def delete_queryset(self, request, queryset):
        for contract in queryset:
            delete_contract(contract, by=request.user)


class PassChangeInline(admin.StackedInline):
    form = AdminForm
    extra = 0


class SuspensionInline(PassChangeInline):
    model = Suspension
    fields = ["start", "end", "reason", "opened_version"]


class ProlongationInline(PassChangeInline):
    model = Prolongation
    fields = ["start", "end", "reason", "requested_on", "opinion_by", "opened_version"]


@admin.register(Pass)
class PassAdmin(PersonSearch, RecordedAdmin):
    list_display = ["number", "beneficiary", "start", "end"]
    list_filter = ["start", "end", "suspensions__reason", "prolongations__reason"]
    list_select_related = ["beneficiary"]
    autocomplete_fields = ["beneficiary"]
    date_hierarchy = "end"
    readonly_fields = ["end", *RecordedAdmin.readonly_fields]
    inlines = [SuspensionInline, ProlongationInline]
    fieldsets = [(None, {"fields": ["beneficiary", "number", "start", "end"]})]
    search_help_text = f"{PERSON_HELP[:-1]}, ou numéro de PASS."

    def get_search_results(self, request, queryset, search_term):
        found, duplicates = super().get_search_results(request, queryset, search_term)
        return found | queryset.filter(number__startswith=search_term.strip()), duplicates

    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            delete_pass_change(removed)
        for changed in changes:
            save_pass_change(changed, by=request.user)
