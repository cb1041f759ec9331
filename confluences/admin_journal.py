"""The audit log, to read alone."""

from auditlog.models import LogEntry
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from confluences.admin_base import BaseAdmin
from confluences.enums import AuditEvent
from confluences.journal import lines

ACTIONS = {
    LogEntry.Action.CREATE: "création",
    LogEntry.Action.UPDATE: "modification",
    LogEntry.Action.DELETE: "suppression",
    LogEntry.Action.ACCESS: "consultation",
}
SHOWN_FIELDS = 3


class ActionFilter(admin.SimpleListFilter):
    title = "ce qui a été fait"
    parameter_name = "fait"

    def lookups(self, request, model_admin):
        return [(str(action), label) for action, label in ACTIONS.items()]

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = "sorte de fiche"
    parameter_name = "content_type"

    def lookups(self, request, model_admin):
        kinds = ContentType.objects.filter(pk__in=LogEntry.objects.order_by().values("content_type"))
        return sorted(((str(kind.pk), kind.name) for kind in kinds), key=lambda choice: choice[1])

    def queryset(self, request, queryset):
        return queryset.filter(content_type=self.value()) if self.value() else queryset


class LogEntryAdmin(BaseAdmin):
    view_on_site = False
    date_hierarchy = "timestamp"
    list_display = ["timestamp", "who", "what", "kind", "row", "fields_changed"]
    list_display_links = ["timestamp"]
    list_filter = [ActionFilter, KindFilter]
    list_select_related = ["content_type", "actor"]
    search_fields = ["object_repr", "actor__last_name", "actor__email", "actor_email"]
    search_help_text = "Nom de la fiche, ou nom ou adresse de qui a agi."
    fields = ["timestamp", "who", "remote_addr", "what", "kind", "row", "details", "changes_made"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    @admin.display(description="qui", ordering="actor__last_name")
    def who(self, entry):
        return entry.actor or entry.actor_email or "l’application"

    @admin.display(description="ce qui a été fait", ordering="action")
    def what(self, entry):
        event = (entry.additional_data or {}).get("event")
        return AuditEvent(event).label if event in AuditEvent.values else ACTIONS[entry.action]

    @admin.display(description="sorte de fiche")
    def kind(self, entry):
        return entry.content_type.name

    @admin.display(description="fiche")
    def row(self, entry):
        content_type = entry.content_type
        try:
            address = reverse(
                f"admin:{content_type.app_label}_{content_type.model}_change", args=[entry.object_pk]
            )
        except NoReverseMatch:
            return entry.object_repr
        return format_html('<a href="{}">{}</a>', address, entry.object_repr)

    @admin.display(description="champs")
    def fields_changed(self, entry):
        if entry.action != LogEntry.Action.UPDATE or self._is_protected(entry):
            return ""
        labels = [self._label(entry, name) for name in entry.changes_dict]
        more = f" et {len(labels) - SHOWN_FIELDS} autres" if len(labels) > SHOWN_FIELDS else ""
        return ", ".join(labels[:SHOWN_FIELDS]) + more

    @admin.display(description="précisions")
    def details(self, entry):
        return lines([entry])[0].details

    @admin.display(description="avant et après")
    def changes_made(self, entry):
        if self._is_protected(entry):
            return "Contenu protégé : le journal dit qui et quand, pas quoi."
        changes = lines([entry])[0].changes
        if not changes:
            return ""
        rows = ((change.label, change.before or "vide", change.after or "vide") for change in changes)
        heading = format_html(
            "<thead><tr><th>{}</th><th>{}</th><th>{}</th></tr></thead>", "Champ", "Avant", "Après"
        )
        body = format_html_join("", "<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>", rows)
        return format_html("<table>{}<tbody>{}</tbody></table>", heading, body)

    @staticmethod
    def _is_protected(entry):
        """Health and justice: even which fields were filled is for social workers alone."""
        return bool(getattr(entry.content_type.model_class(), "CONFIDENTIAL_FIELDS", ()))

    @staticmethod
    def _label(entry, name):
        try:
            return str(entry.content_type.model_class()._meta.get_field(name).verbose_name)
        except (AttributeError, FieldDoesNotExist):  # a model or a field of a former version
            return name
