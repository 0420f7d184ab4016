import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ceremony", "0001_initial")]
    operations = [
        migrations.AddField(
            "ceremony",
            "approved_by",
            django.contrib.postgres.fields.ArrayField(models.CharField(max_length=64), default=list, size=None),
        ),
    ]
