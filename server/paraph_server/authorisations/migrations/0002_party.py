from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("authorisations", "0001_initial"),
    ]

    operations = [
        migrations.AddField("authorisation", "party", models.BinaryField(null=True)),
    ]
