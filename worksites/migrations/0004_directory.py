"""The client of a job, until now a text, becomes a partner; the text stays until the next migration."""

import unicodedata

import django.db.models.deletion
from django.db import migrations, models

from confluences.text import search_key


def words_of(text):
    """The same for two writings of one client."""
    return search_key(text) or " ".join(unicodedata.normalize("NFKC", text).split()).casefold()


def partners_from_texts(apps, schema_editor):
    """One partner for each client, whatever its capitals and accents; one that is in the directory already is taken."""
    Partner = apps.get_model("partners", "Partner")
    JobOrder = apps.get_model("worksites", "JobOrder")
    known = {}
    for partner in Partner.objects.order_by("-pk"):
        known[words_of(partner.name)] = partner
    for job in JobOrder.objects.order_by("pk"):
        key = words_of(job.client)
        if key not in known:
            name = " ".join(job.client.split()) or "Client sans nom"
            known[key] = Partner.objects.create(name=name, kind="client", search_key=search_key(name))
        JobOrder.objects.filter(pk=job.pk).update(partner=known[key])


def texts_from_partners(apps, schema_editor):
    """The names as texts again. The partners stay: somebody may have added to them."""
    JobOrder = apps.get_model("worksites", "JobOrder")
    for job in JobOrder.objects.select_related("partner"):
        JobOrder.objects.filter(pk=job.pk).update(client=job.partner.name)


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_themes"),
        ("worksites", "0003_aid_rates"),
    ]

    operations = [
        # With a default, so that the way back finds something to put before the names are there.
        migrations.AlterField(
            "joborder", "client", models.CharField("client", max_length=150, blank=True, default="")
        ),
        migrations.AddField(
            "joborder",
            "partner",
            models.ForeignKey(
                "partners.Partner",
                django.db.models.deletion.PROTECT,
                verbose_name="client",
                related_name="job_orders",
                null=True,
            ),
        ),
        migrations.RunPython(partners_from_texts, texts_from_partners),
    ]
