"""The base app and the admin site's place in it."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate

from confluences import redaction


class ConfluencesConfig(AppConfig):
    default = True
    name = "confluences"
    verbose_name = "association et comptes"

    def ready(self):
        from confluences import audit, rights

        redaction.hide_secrets_in_logs()
        post_migrate.connect(rights.synchronise_roles, dispatch_uid="confluences.rights")
        audit.register_models()


class ConfluencesAdminConfig(admin_apps.AdminConfig):
    default = False
    default_site = "confluences.admin_site.AdminSite"
