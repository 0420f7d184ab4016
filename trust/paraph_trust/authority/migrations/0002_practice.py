import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authority", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="Practice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person_policies",
                    django.contrib.postgres.fields.ArrayField(models.CharField(max_length=128), size=None),
                ),
            ],
            options={"db_table": "authority_practice"},
        ),
    ]
