from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timestamping", "0001_initial")]
    operations = [
        migrations.AddField(
            "unit", "name", models.CharField(default="timestamping", max_length=64, unique=True), preserve_default=False
        ),
    ]
