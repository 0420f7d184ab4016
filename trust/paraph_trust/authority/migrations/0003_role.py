from django.db import migrations, models

# The four names that a first ceremony gives are their roles, too.
ROLES = ("root", "issuing", "ocsp", "timestamping")


def fill(apps, schema_editor):
    for role in ROLES:
        apps.get_model("authority", "Certificate").objects.filter(name=role).update(role=role)


class Migration(migrations.Migration):
    dependencies = [("authority", "0002_practice")]
    operations = [
        migrations.AddField("certificate", "role", models.CharField(max_length=16, null=True)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
