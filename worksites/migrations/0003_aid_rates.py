"""The State's yearly aid for one ETP of an ACI (socle, metropolitan France), each with where the amount was found.

The amounts of 2020, 2021 and January to April 2022 were not found: the annex says them, as its notification does.
"""

import datetime as dt
from decimal import Decimal

from django.db import migrations

DIRECTIONS = "directions.fr"
NETWORKS = "associatheque.fr et chantierecole.org"

RATES = [
    (dt.date(2014, 7, 1), "19200", "arrêté de 2014, cité par directions.fr"),
    (dt.date(2015, 1, 1), "19354", DIRECTIONS),
    (dt.date(2016, 1, 1), "19474", DIRECTIONS),
    (dt.date(2017, 1, 1), "19655", DIRECTIONS),
    (dt.date(2018, 1, 1), "19897", DIRECTIONS),
    (dt.date(2019, 1, 1), "20199", DIRECTIONS),
    (dt.date(2022, 5, 1), "21850", NETWORKS),
    (dt.date(2022, 8, 1), "22289", NETWORKS),
    (dt.date(2023, 1, 1), "22692", NETWORKS),
    (dt.date(2023, 5, 1), "23196", NETWORKS),
    (dt.date(2024, 1, 1), "23458", NETWORKS),
    (dt.date(2024, 11, 1), "23921", "c2rp.fr et inae-nouvelleaquitaine.org"),
]


def load(apps, schema_editor):
    rate = apps.get_model("worksites", "AidRate")
    rate.objects.bulk_create(
        rate(kind="aci", valid_from=day, amount=Decimal(amount), source=source) for day, amount, source in RATES
    )


class Migration(migrations.Migration):

    dependencies = [("worksites", "0002_ground")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
