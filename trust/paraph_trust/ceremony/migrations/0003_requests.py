import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ceremony", "0002_approvals")]
    operations = [
        migrations.CreateModel(
            name="Request",
            fields=[
                ("name", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("csr", models.TextField()),
                ("made_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "approved_by",
                    django.contrib.postgres.fields.ArrayField(
                        models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "ceremony",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="ceremony.ceremony",
                    ),
                ),
            ],
            options={"db_table": "ceremony_request"},
        ),
    ]
