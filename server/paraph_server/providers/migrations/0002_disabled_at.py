from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("providers", "0001_initial"),
    ]

    operations = [
        migrations.AddField("provider", "disabled_at", models.DateTimeField(null=True)),
    ]
