from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("authority", "0003_role")]
    operations = [migrations.AddField("practice", "level_policies", models.JSONField(default=dict))]
