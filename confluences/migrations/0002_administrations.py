"""The labour administration of Val-de-Marne and its names (décret 2020-1545)."""

import datetime as dt

from django.db import migrations

NAMES = [
    (
        dt.date(2010, 7, 1),
        "DIRECCTE d’Île-de-France, unité territoriale du Val-de-Marne",
        "Direction régionale des entreprises, de la concurrence, de la consommation, du travail et de l’emploi "
        "d’Île-de-France, unité territoriale du Val-de-Marne",
    ),
    (
        dt.date(2021, 4, 1),
        "DRIEETS d’Île-de-France, unité départementale du Val-de-Marne",
        "Direction régionale et interdépartementale de l’économie, de l’emploi, du travail et des solidarités "
        "d’Île-de-France, unité départementale du Val-de-Marne",
    ),
]


def load(apps, schema_editor):
    administration = apps.get_model("confluences", "Administration").objects.create(
        label="Administration du travail, Val-de-Marne"
    )
    AdministrationName = apps.get_model("confluences", "AdministrationName")
    for valid_from, short_name, name in NAMES:
        AdministrationName.objects.create(
            administration=administration, short_name=short_name, name=name, valid_from=valid_from
        )


def unload(apps, schema_editor):
    apps.get_model("confluences", "AdministrationName").objects.all().delete()
    apps.get_model("confluences", "Administration").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("confluences", "0001_initial")]
    operations = [migrations.RunPython(load, unload)]
