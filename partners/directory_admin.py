"""The directory in the admin: partners with their names, contacts and services; themes and the frein that each lifts."""

from django import forms
from django.contrib import admin
from django.db import models, transaction
from django.db.models import Count
from django.utils import timezone

from confluences.actions import save_recorded
from confluences.admin_base import WHO_AND_WHEN, AdminForm, BaseAdmin, RecordedAdmin, TypedValuesFilter
from confluences.admin_exports import ExportAdmin
from confluences.admin_imports import ImportExportAdmin
from partners.actions import save_partner, save_service
from partners.directory_reports import agreement_status
from partners.directory_resources import ContactResource, PartnerResource
from partners.enums import AgreementState
from partners.models import Contact, Partner, PartnerName, Service, ServiceTheme

SOURCE = ("source", "source_id", "source_updated_on")
# Addresses without a scheme are of the web as it is today.
WEB = {models.URLField: {"form_class": forms.URLField, "assume_scheme": "https"}}


class AgreementFilter(admin.SimpleListFilter):
    """Agreements as they stand today."""

    title = "convention"
    parameter_name = "convention"

    def lookups(self, request, model_admin):
        return AgreementState.choices

    def queryset(self, request, queryset):
        if self.value() not in AgreementState:
            return queryset
        return queryset.with_agreement(AgreementState(self.value()), timezone.localdate())


class NameInline(admin.StackedInline):
    model = PartnerName
    extra = 0


class ContactInline(admin.StackedInline):
    model = Contact
    form = AdminForm
    extra = 0
    fields = ["name", "role", "phone", "email", "notes", "left_on", "opened_version"]


class ServiceInline(admin.StackedInline):
    """A partner's services by their names and themes; each has its own page for the rest."""

    model = Service
    form = AdminForm
    extra = 0
    fields = ["name", "description", "phone", "email", "opened_version"]
    show_change_link = True


@admin.register(Partner)
class PartnerAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = PartnerResource
    import_export_change_list_template = "admin/partners/partner/change_list.html"
    list_display = ["name", "kind", "city", "agreement", "contact_count", "service_count", "source"]
    list_filter = [
        "kind",
        AgreementFilter,
        ("closed_on", admin.EmptyFieldListFilter),
        ("source", TypedValuesFilter),
        "themes__family",
    ]
    list_select_related = False  # no column of another table
    search_fields = ["search_key"]
    search_help_text = "Nom, ancien nom, commune ou SIRET, sans souci d’accents."
    readonly_fields = (*SOURCE, *WHO_AND_WHEN)
    formfield_overrides = BaseAdmin.formfield_overrides | WEB
    inlines = [NameInline, ContactInline, ServiceInline]
    fieldsets = [
        (None, {"fields": ["name", "kind", "siret", "description", "notes", "closed_on"]}),
        ("Coordonnées", {"fields": ["phone", "email", "website", "opening_hours"]}),
        (
            "Lieu",
            {
                "fields": [
                    "address",
                    "address_extra",
                    "postcode",
                    "city",
                    "insee_code",
                    "latitude",
                    "longitude",
                    "places_served",
                    "accessibility",
                ]
            },
        ),
        ("Convention", {"fields": ["agreement_reference", "agreement_start", "agreement_end"]}),
        ("Thèmes", {"fields": ["themes", "networks"], "classes": ["collapse"]}),
        ("Annuaire national", {"fields": SOURCE, "classes": ["collapse"]}),
    ]

    def get_queryset(self, request):
        counted = {
            "contact_count": Count("contacts", distinct=True),
            "service_count": Count("services", distinct=True),
        }
        return super().get_queryset(request).annotate(**counted).order_by(*self.model._meta.ordering)

    def get_export_queryset(self, request):
        return super().get_export_queryset(request).prefetch_related("themes", "former_names")

    def get_search_results(self, request, queryset, search_term):
        return (queryset.matching(search_term) if search_term.strip() else queryset), False

    @admin.display(description="convention")
    def agreement(self, partner):
        status = agreement_status(partner, timezone.localdate())
        return status.label if status else "aucune"

    @admin.display(description="contacts", ordering="contact_count")
    def contact_count(self, partner):
        return partner.contact_count

    @admin.display(description="services", ordering="service_count")
    def service_count(self, partner):
        return partner.service_count

    def write(self, obj, by):
        save_partner(obj, by=by)

    @transaction.atomic
    def save_formset(self, request, form, formset, change):
        changes = formset.save(commit=False)
        for removed in formset.deleted_objects:
            removed.delete()
        for changed in changes:
            if isinstance(changed, PartnerName):
                changed.save()
            elif isinstance(changed, Service):
                save_service(changed, by=request.user)
            else:
                save_recorded(changed, by=request.user)


@admin.register(Contact)
class ContactAdmin(ImportExportAdmin, RecordedAdmin):
    resource_class = ContactResource
    list_display = ["name", "role", "partner", "phone", "email", "left_on"]
    list_filter = ["partner__kind", ("left_on", admin.EmptyFieldListFilter)]
    list_select_related = ["partner"]
    search_fields = ["name", "role", "partner__name"]
    search_help_text = "Nom, fonction ou partenaire."
    autocomplete_fields = ["partner"]
    fieldsets = [(None, {"fields": ["partner", "name", "role", "phone", "email", "notes", "left_on"]})]


@admin.register(Service)
class ServiceAdmin(ExportAdmin, RecordedAdmin):
    list_display = ["name", "partner", "fees", "zone", "phone", "source"]
    list_filter = ["partner__kind", ("source", TypedValuesFilter), "themes__family"]
    list_select_related = ["partner"]
    search_fields = ["name", "partner__name", "description"]
    search_help_text = "Nom, partenaire ou description."
    autocomplete_fields = ["partner"]
    readonly_fields = (*SOURCE, *WHO_AND_WHEN)
    formfield_overrides = BaseAdmin.formfield_overrides | WEB
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "partner",
                    "name",
                    "description",
                    "audience",
                    "conditions",
                    "how_to_refer",
                    "fees",
                    "zone",
                ]
            },
        ),
        ("Coordonnées", {"fields": ["phone", "email", "link", "opening_hours"]}),
        ("Thèmes", {"fields": ["themes"], "classes": ["collapse"]}),
        ("Annuaire national", {"fields": SOURCE, "classes": ["collapse"]}),
    ]

    def write(self, obj, by):
        save_service(obj, by=by)

    def save_related(self, request, form, formsets, change):
        """Themes changed here are ours from then on, as any other field of the national directory."""
        service = form.instance
        if "themes" in form.changed_data and service.source_id:
            service.own_fields = sorted({*service.own_fields, "themes"})
            service.save(update_fields=["own_fields"])
        super().save_related(request, form, formsets, change)


@admin.register(ServiceTheme)
class ServiceThemeAdmin(ExportAdmin, BaseAdmin):
    """The 69 themes of data.inclusion, and the frein that each can lift, which is ours."""

    list_display = ["label", "family", "axis", "partner_count", "service_count", "code"]
    list_filter = ["axis", "family"]
    search_fields = ["label", "family", "code"]
    search_help_text = "Libellé, famille ou code."
    fieldsets = [(None, {"fields": ["code", "label", "family", "axis"]})]
    view_on_site = False

    def get_queryset(self, request):
        counted = {
            "partner_count": Count("partners", distinct=True),
            "service_count": Count("services", distinct=True),
        }
        return super().get_queryset(request).annotate(**counted).order_by(*self.model._meta.ordering)

    @admin.display(description="partenaires", ordering="partner_count")
    def partner_count(self, theme):
        return theme.partner_count

    @admin.display(description="services", ordering="service_count")
    def service_count(self, theme):
        return theme.service_count
