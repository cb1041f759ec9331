"""What the admin of every model does: saves through the actions, never over somebody else's words, history in the log."""

from collections.abc import Collection

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models.constants import LOOKUP_SEP
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from confluences.actions import Conflict, save_recorded
from confluences.forms import RecordedForm

USE_ADMIN = "confluences.use_admin"
OTHER_ROWS = "D’autres fiches, que l’administration ne montre pas"
WHO_AND_WHEN = ("created_at", "created_by", "updated_at", "updated_by", "version")


class AdminForm(RecordedForm):
    """The form on a recorded row: refuses what was opened before somebody else saved."""

    def _post_clean(self):
        super()._post_clean()
        current = (
            type(self.instance)._base_manager.select_related("updated_by").filter(pk=self.instance.pk).first()
        )
        if current is None:
            return
        # Missing, it is an error of the field's own.
        self.instance.version = self.cleaned_data.get("opened_version", current.version)
        if self.instance.version != current.version:
            self.show_conflict(current)

    def show_conflict(self, current):
        self._explain(current)
        for conflict in self.conflicts:
            theirs, yours = conflict.theirs or "vide", conflict.yours or "vide"
            self.add_error(
                None, f"{conflict.label} : « {theirs} » est enregistré, vous avez saisi « {yours} »."
            )


def refused(form_class: type[forms.BaseModelForm], refusal: Exception) -> type[forms.BaseModelForm]:
    """The same form, that shows why the action refused what it accepted."""

    class RefusedForm(form_class):
        def _post_clean(self):
            super()._post_clean()
            if isinstance(refusal, Conflict):
                self.show_conflict(refusal.current)
            elif not hasattr(refusal, "error_dict"):
                self.add_error(None, refusal)
            else:
                for name, errors in refusal.error_dict.items():
                    self.add_error(name if name in self.fields else None, errors)

    return RefusedForm


def is_hidden(model: type[models.Model]) -> bool:
    """Whether even the existence of such rows is not for the admin: confidential, and without a page of its own."""
    return hasattr(model, "CONFIDENTIAL_FIELDS") and not admin.site.is_registered(model)


def secretly_linked(model: type[models.Model]) -> set[type[models.Model]]:
    """The models whose link to this one is confidential: a referral does not say to whom it was made."""
    return {
        link.related_model
        for link in model._meta.related_objects
        if link.field.name in getattr(link.related_model, "CONFIDENTIAL_FIELDS", ())
    }


def reaches_confidential(model: type[models.Model], lookup: str) -> bool:
    """Whether a filter typed into the address would tell something confidential by what it finds."""
    for name in lookup.split(LOOKUP_SEP):
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return False
        if name in getattr(model, "CONFIDENTIAL_FIELDS", ()):
            return True
        if not getattr(field, "path_infos", None):
            return False
        model, start = field.path_infos[-1].to_opts.model, model
        if is_hidden(model) or (field.auto_created and model in secretly_linked(start)):
            return True
    return False


def without_hidden(listed: list, hidden: Collection[type[models.Model]]) -> list:
    """A list of what goes with a deletion, nested as Django makes it, without the rows of these models."""
    starts = tuple(f"{capfirst(model._meta.verbose_name)}:" for model in hidden)
    kept = [without_hidden(each, hidden) if isinstance(each, list) else each for each in listed]
    return [each for each in kept if each != [] and not (isinstance(each, str) and each.startswith(starts))]


class BaseAdmin(admin.ModelAdmin):
    """A model's pages. What an action refuses comes back as an error of the form, with all that was typed."""

    list_per_page = 50
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    save_on_top = True

    def changelist_view(self, request, extra_context=None):
        context = {"title": capfirst(self.opts.verbose_name_plural), **(extra_context or {})}
        try:
            return super().changelist_view(request, context)
        except ValidationError as refusal:
            if request.method != "POST":
                raise
            # An action refused one of the rows chosen: none of them changed.
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect(request.get_full_path())

    def view_on_site(self, obj):
        return obj.get_absolute_url()

    def lookup_allowed(self, lookup, value, request=None):
        return not reaches_confidential(self.model, lookup) and super().lookup_allowed(lookup, value, request)

    def get_deleted_objects(self, objs, request):
        """What a deletion takes along or stops at; that something confidential was recorded is not said."""
        to_delete, counts, perms_needed, protected = super().get_deleted_objects(objs, request)
        hidden = {model for model in apps.get_models() if is_hidden(model)} | secretly_linked(self.model)
        names = {str(model._meta.verbose_name_plural) for model in hidden}
        counts = {name: count for name, count in counts.items() if str(name) not in names}
        shown = without_hidden(protected, hidden)
        if len(shown) < len(protected):
            shown.append(OTHER_ROWS)
        return without_hidden(to_delete, hidden), counts, perms_needed, shown

    def get_form(self, request, obj=None, change=False, **kwargs):
        form_class = super().get_form(request, obj, change=change, **kwargs)
        refusal = getattr(request, "refusal", None)
        return refused(form_class, refusal) if refusal else form_class

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (Conflict, ValidationError) as refusal:
            request.refusal = refusal
            return super().changeform_view(request, object_id, form_url, extra_context)

    def delete_view(self, request, object_id, extra_context=None):
        try:
            return super().delete_view(request, object_id, extra_context)
        except ValidationError as refusal:
            self.message_user(request, " ".join(refusal.messages), messages.ERROR)
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", unquote(object_id))

    def history_view(self, request, object_id, extra_context=None):
        """The audit log knows more than Django's own history: the pages' changes, before and after."""
        content_type = ContentType.objects.get_for_model(self.model)
        query = urlencode({"content_type": content_type.pk, "object_pk": unquote(object_id)})
        return redirect(f"{reverse('admin:auditlog_logentry_changelist')}?{query}")


class RecordedAdmin(BaseAdmin):
    """Rows that know who and when: `fieldsets` hold what one types, the rest follows by itself."""

    form = AdminForm
    readonly_fields = WHO_AND_WHEN
    list_select_related = True

    def get_fieldsets(self, request, obj=None):
        (title, options), *others = super().get_fieldsets(request, obj)
        first = (title, {**options, "fields": (*options["fields"], "opened_version")})
        if obj is None:
            return [first, *others]
        return [first, *others, ("Qui et quand", {"fields": WHO_AND_WHEN, "classes": ["collapse"]})]

    def save_model(self, request, obj, form, change):
        if not change or form.changed_data:
            self.write(obj, request.user)

    def write(self, obj, by):
        """The action that saves a row."""
        save_recorded(obj, by=by)


class TypedValuesFilter(admin.AllValuesFieldListFilter):
    """The values that people typed, where Django would show the empty one as a link without words."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield choice if str(choice["display"]).strip() else choice | {"display": "non renseigné"}


class MetadataOnly:
    """Pages that tell administrators that a row is there, whose and when, and never what it says.

    The roles give administrators no right on such rows: these pages open with the right to the admin itself. What is
    found through the address is what the list's own filters find, for a filter on a text would read it.
    """

    view_on_site = False

    def has_module_permission(self, request):
        return request.user.has_perm(USE_ADMIN)

    def has_add_permission(self, request):
        return False

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(USE_ADMIN)

    def has_change_permission(self, request, obj=None):
        return request.user.has_perm(USE_ADMIN)

    def has_delete_permission(self, request, obj=None):
        return request.user.has_perm(USE_ADMIN)

    def lookup_allowed(self, lookup, value, request=None):
        name = lookup.partition(LOOKUP_SEP)[0]
        return name in {self.date_hierarchy, *self.list_filter} and super().lookup_allowed(
            lookup, value, request
        )
