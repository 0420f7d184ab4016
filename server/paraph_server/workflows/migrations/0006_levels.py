from typing import Any

from django.db import migrations, models
from paraph.evidence import SignatureLevel


def means(apps: Any, schema_editor: Any) -> None:
    """What was one code becomes a list of means. For a moment the tables' owner sees every tenant's rows."""
    schema_editor.execute("ALTER TABLE workflows_consentpage NO FORCE ROW LEVEL SECURITY")
    schema_editor.execute(
        "UPDATE workflows_consentpage SET means = jsonb_build_array(authentication || '-code')"
    )
    schema_editor.execute("ALTER TABLE workflows_consentpage FORCE ROW LEVEL SECURITY")


class Migration(migrations.Migration):

    dependencies = [
        ("workflows", "0005_amounts"),
    ]

    operations = [
        migrations.AddField("consentpage", "means", models.JSONField(default=list), preserve_default=False),
        migrations.AddField(
            "consentpage",
            "key_holder",
            models.CharField(
                choices=[("platform", "Platform"), ("card", "Card"), ("provider", "Provider")],
                default="platform",
                max_length=8,
            ),
        ),
        migrations.AddField(
            "consentpage", "level", models.CharField(default=SignatureLevel["SIMPLE"], max_length=12)
        ),
        migrations.RunPython(means, migrations.RunPython.noop),
        migrations.RemoveField("consentpage", "authentication"),
        migrations.AddField("recipient", "level", models.CharField(blank=True, db_default="", max_length=12)),
    ]
