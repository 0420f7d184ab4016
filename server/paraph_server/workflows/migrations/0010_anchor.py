from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("workflows", "0009_policies"),
    ]

    operations = [
        migrations.AddField("recipient", "anchor", models.BinaryField(null=True)),
    ]
