from django.db import migrations, models
from paraph.evidence import Device


class Migration(migrations.Migration):

    dependencies = [
        ("signing", "0004_deputies"),
    ]

    operations = [
        migrations.RemoveField("signing", "proof"),
        migrations.RemoveField("signing", "proven_at"),
        migrations.AddField("signing", "proofs", models.JSONField(default=list)),
        migrations.AddField("signing", "device", models.CharField(default=Device["PLATFORM"], max_length=12)),
        migrations.AddField("signing", "qualified", models.CharField(blank=True, max_length=100)),
    ]
