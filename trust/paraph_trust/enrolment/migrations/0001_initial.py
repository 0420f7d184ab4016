import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = [("authority", "0003_role")]
    operations = [
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.TextField()),
                ("secret_hash", models.BinaryField(max_length=32, unique=True)),
                ("granted_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "approved_by",
                    django.contrib.postgres.fields.ArrayField(
                        models.CharField(max_length=64), default=list, size=None
                    ),
                ),
                (
                    "certificate",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grant",
                        to="authority.certificate",
                    ),
                ),
            ],
            options={"db_table": "enrolment_grant"},
        ),
    ]
