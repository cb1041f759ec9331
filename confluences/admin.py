"""The base in the admin: the association, the administrations, accounts and the audit log."""

from base64 import b64encode
from importlib import import_module

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.auth.models import Group
from django.shortcuts import redirect
from django.utils.html import format_html

from confluences.admin_base import BaseAdmin, MetadataOnly
from confluences.admin_journal import LogEntryAdmin
from confluences.admin_users import UserAdmin
from confluences.models import Administration, AdministrationName, Draft, Structure, User
from confluences.uploads import content_type

# Libraries register their pages when these load: load them now, to take away those that only confuse.
# Roles are code (confluences.rights); addresses, authenticators and sessions belong to each account's own pages.
for library in ("django.contrib.auth", "allauth.account", "allauth.mfa", "allauth.usersessions", "auditlog"):
    import_module(f"{library}.admin")
for model in (Group, EmailAddress, Authenticator, UserSession, LogEntry):
    admin.site.unregister(model)

admin.site.register(LogEntry, LogEntryAdmin)
admin.site.register(User, UserAdmin)


@admin.register(Structure)
class StructureAdmin(BaseAdmin):
    """The association: one row, so the list leads straight to it."""

    autocomplete_fields = ["reports_to"]
    readonly_fields = ["logo_shown"]
    fieldsets = [
        (None, {"fields": ["name", "siret", "address", "postcode", "city"]}),
        ("Logo", {"fields": ["logo_shown", "logo"]}),
        ("Rapports", {"fields": ["signatory_name", "signatory_title", "reports_to"]}),
    ]
    view_on_site = False

    def has_add_permission(self, request):
        return super().has_add_permission(request) and not Structure.objects.exists()

    def has_delete_permission(self, request, obj=None):
        return False

    def changelist_view(self, request, extra_context=None):
        structure = Structure.objects.first()
        if structure is None:
            return redirect("admin:confluences_structure_add")
        return redirect("admin:confluences_structure_change", structure.pk)

    @admin.display(description="logo actuel")
    def logo_shown(self, structure):
        """The picture itself: uploaded files have no address of their own."""
        if not structure.logo or not structure.logo.storage.exists(structure.logo.name):
            return "aucun"
        with structure.logo.open() as picture:
            kind, data = content_type(picture), b64encode(picture.read()).decode()
        return format_html(
            '<img src="data:{};base64,{}" alt="Logo de {}" height="80">', kind, data, structure.name
        )


class AdministrationNameInline(admin.StackedInline):
    model = AdministrationName
    extra = 0


@admin.register(Administration)
class AdministrationAdmin(BaseAdmin):
    list_display = ["label", "last_name"]
    search_fields = ["label", "names__name", "names__short_name"]
    search_help_text = "Nom d’usage ou nom officiel."
    inlines = [AdministrationNameInline]
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description="nom le plus récent")
    def last_name(self, administration):
        names = list(administration.names.all())  # in the order of their dates
        return names[-1] if names else ""


@admin.register(Draft)
class DraftAdmin(MetadataOnly, BaseAdmin):
    """What somebody has not saved yet: whose and since when, to remove what was abandoned."""

    list_display = ["user", "saved_at"]
    list_filter = ["saved_at"]
    list_select_related = ["user"]
    search_fields = ["user__last_name", "user__first_name", "user__email"]
    search_help_text = "Nom ou adresse électronique de l’auteur."
    date_hierarchy = "saved_at"
    fields = ["user", "saved_at"]

    def has_change_permission(self, request, obj=None):
        return False
