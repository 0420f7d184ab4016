import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=64, unique=True)),
                ("token_hash", models.BinaryField(max_length=32, unique=True)),
                ("admitted_at", models.DateTimeField()),
            ],
            options={"db_table": "control_officer"},
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=16)),
                ("subject", models.CharField(max_length=128)),
                ("officer", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="control.officer")),
                ("at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "control_approval",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("used_at__isnull", True)),
                        fields=("act", "subject", "officer"),
                        name="control_one_approval_each",
                    )
                ],
            },
        ),
    ]
