import django.db.models.deletion
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("notifications", "0003_carriers"),
    ]

    operations = [
        migrations.CreateModel(
            name="Piece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("carrier", models.CharField(max_length=20)),
                ("reference", models.CharField(max_length=65)),
                ("sent_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("message", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="pieces", to="notifications.message")),
                ("tenant", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.tenant")),
            ],
            options={
                "indexes": [
                    models.Index(fields=["reference"], name="pieces_by_reference"),
                    models.Index(fields=["sent_at"], name="pieces_waiting", condition=models.Q(settled_at__isnull=True)),
                ],
            },
        ),
        EnableRowSecurity("notifications_piece"),
    ]
