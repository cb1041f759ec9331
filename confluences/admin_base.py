"""What the admin of every model does: saves through the actions, never over somebody else's words, history in the log."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.text import capfirst

from confluences.actions import Conflict, save_recorded
from confluences.forms import RecordedForm

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


class BaseAdmin(admin.ModelAdmin):
    """A model's pages. What an action refuses comes back as an error of the form, with all that was typed."""

    list_per_page = 50
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    save_on_top = True

    def changelist_view(self, request, extra_context=None):
        title = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def view_on_site(self, obj):
        return obj.get_absolute_url()

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
