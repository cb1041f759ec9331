"""Former names are searched as the present ones are: without accents or capitals."""

from django.db import migrations, models

from confluences.text import search_key


def fill(apps, schema_editor):
    PartnerName = apps.get_model("partners", "PartnerName")
    for row in PartnerName.objects.all():
        PartnerName.objects.filter(pk=row.pk).update(search_key=search_key(row.name))


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_themes")]

    operations = [
        migrations.AddField(
            "partnername",
            "search_key",
            models.TextField("clé de recherche", editable=False, default=""),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
