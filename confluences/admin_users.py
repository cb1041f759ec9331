"""Accounts: who works here, with which roles."""

from smtplib import SMTPException

from allauth.account.forms import ResetPasswordForm
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from auditlog.models import LogEntry
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from confluences.admin_base import BaseAdmin
from confluences.enums import Role
from confluences.models import User

LAST_ADMINISTRATOR = (
    "C’est le dernier administrateur actif : personne ne pourrait plus ouvrir cette administration. "
    "Donnez d’abord ce rôle à quelqu’un d’autre."
)


def active_administrators() -> QuerySet[User]:
    """The people who can open the admin."""
    holders = Q(is_superuser=True) | Q(groups__name=Role.ADMINISTRATOR.label)
    return User.objects.filter(holders, is_active=True).distinct()


def send_password_link(request: HttpRequest, user: User) -> None:
    """Mails somebody the link to choose a password."""
    form = ResetPasswordForm({"email": user.email})
    form.is_valid()
    form.save(request)


class RolesField(forms.ModelMultipleChoiceField):
    """The four roles, as boxes to tick."""

    def __init__(self, queryset, **kwargs):
        kwargs |= {"label": "Rôles", "help_text": "", "widget": forms.CheckboxSelectMultiple}
        super().__init__(queryset.filter(name__in=Role.labels), **kwargs)


class NewUserForm(BaseUserCreationForm):
    """A new account; without a password, its owner receives a link to choose one."""

    class Meta:
        model = User
        fields = ("email",)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("password1", "password2"):
            self.fields[name].required = False
        self.fields[
            "password1"
        ].help_text = (
            "12 caractères au moins. Laissez vide : la personne recevra un lien pour le choisir elle-même."
        )

    def clean(self):
        cleaned = super().clean()
        one_is_empty = bool(self.cleaned_data.get("password1")) != bool(self.cleaned_data.get("password2"))
        if one_is_empty and "password2" not in self.errors:
            self.add_error(
                "password2", "Tapez deux fois le même mot de passe, ou laissez les deux cases vides."
            )
        return cleaned

    def set_password_and_save(self, user, password_field_name="password1", commit=True):  # noqa: S107
        if self.cleaned_data[password_field_name]:
            return super().set_password_and_save(user, password_field_name, commit)
        user.set_unusable_password()
        if commit:
            user.save()
        return user


class RoleFilter(admin.SimpleListFilter):
    title = "rôle"
    parameter_name = "role"

    def lookups(self, request, model_admin):
        return Role.choices

    def queryset(self, request, queryset):
        return (
            queryset.filter(groups__name=Role(self.value()).label)
            if self.value() in Role.values
            else queryset
        )


class UserAdmin(BaseAdmin, DjangoUserAdmin):
    form = UserChangeForm
    add_form = NewUserForm
    list_display = ["email", "last_name", "first_name", "roles", "is_active", "second_factor", "last_login"]
    list_filter = [RoleFilter, "is_active"]
    search_fields = ["email", "last_name", "first_name"]
    search_help_text = "Nom, prénom ou adresse électronique."
    ordering = ["last_name", "first_name", "email"]
    filter_horizontal = []
    readonly_fields = ["last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["email", "password", "last_name", "first_name"]}),
        ("Ce que cette personne peut faire", {"fields": ["is_active", "groups"]}),
        ("Dates", {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "last_name", "first_name", "groups", "password1", "password2"]}),
    ]
    actions = ["mail_password_link", "remove_second_factor"]
    view_on_site = False

    def get_queryset(self, request):
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return (
            super().get_queryset(request).prefetch_related("groups").annotate(has_second_factor=Exists(totp))
        )

    def get_actions(self, request):
        """Accounts are closed one by one; who has worked here is deactivated, not deleted."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        if db_field.name == "groups":
            return RolesField(Group.objects, required=False)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_delete_permission(self, request, obj=None):
        if obj is not None and set(active_administrators()) == {obj}:
            return False
        return super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        self._lock_roles()
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            # The address of before no longer signs in.
            EmailAddress.objects.filter(user=obj).delete()
        if not change and not obj.has_usable_password():
            self._mail_link(request, obj)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        if not active_administrators().exists():
            raise ValidationError(LAST_ADMINISTRATOR)

    def delete_model(self, request, obj):
        self._lock_roles()
        super().delete_model(request, obj)
        if not active_administrators().exists():
            raise ValidationError(LAST_ADMINISTRATOR)

    @admin.display(description="rôles")
    def roles(self, user):
        return user.role_labels

    @admin.display(description="double authentification", boolean=True)
    def second_factor(self, user):
        return user.has_second_factor

    @admin.action(description="Envoyer un lien pour choisir un mot de passe", permissions=["change"])
    def mail_password_link(self, request, queryset):
        for user in queryset.filter(is_active=True):
            self._mail_link(request, user)

    @admin.action(description="Désactiver la double authentification", permissions=["change"])
    def remove_second_factor(self, request, queryset):
        for user in queryset.filter(has_second_factor=True):
            Authenticator.objects.filter(user=user).delete()
            LogEntry.objects.log_create(
                user,
                force_log=True,
                action=LogEntry.Action.UPDATE,
                object_repr=f"{user} : double authentification désactivée",
                changes={},
            )
            self.message_user(
                request, f"{user} se connecte de nouveau avec son seul mot de passe.", messages.WARNING
            )

    def _mail_link(self, request, user):
        try:
            send_password_link(request, user)
        except (OSError, SMTPException) as error:
            message = f"Le courriel à {user.email} n’est pas parti ({error}). Réessayez depuis la liste des comptes."
            self.message_user(request, message, messages.ERROR)
            return
        self.message_user(
            request, f"Un lien pour choisir un mot de passe est parti à {user.email}.", messages.SUCCESS
        )

    @staticmethod
    def _lock_roles():
        """Two administrators who remove each other in the same instant wait for one another."""
        Group.objects.select_for_update().filter(name=Role.ADMINISTRATOR.label).first()
