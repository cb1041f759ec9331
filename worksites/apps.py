from django.apps import AppConfig


class WorksitesConfig(AppConfig):
    name = "worksites"
    verbose_name = "chantiers"
