"""The client of a job is a partner: the text goes. Apart from the migration that fills it, for PostgreSQL alters no
table whose rows the same transaction has just linked."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("worksites", "0004_directory")]

    operations = [
        migrations.RemoveField("joborder", "client"),
        migrations.RenameField("joborder", "partner", "client"),
        migrations.AlterField(
            "joborder",
            "client",
            models.ForeignKey(
                "partners.Partner",
                django.db.models.deletion.PROTECT,
                verbose_name="client",
                related_name="job_orders",
            ),
        ),
    ]
