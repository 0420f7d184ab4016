from typing import Any

import django.db.models.deletion
from django.db import migrations, models

from paraph_server.accounts.tenancy import EnableRowSecurity


def keep(apps: Any, schema_editor: Any) -> None:
    """Put on record what is accepted today. For a moment the tables' owner sees every tenant's rows."""
    schema_editor.execute("ALTER TABLE workflows_consentpage NO FORCE ROW LEVEL SECURITY")
    schema_editor.execute(
        "INSERT INTO workflows_consenttext (tenant_id, consent_page_id, version, text_en, text_fr, created_at) "
        "SELECT tenant_id, id, version, text_en, text_fr, created_at FROM workflows_consentpage"
    )
    schema_editor.execute("ALTER TABLE workflows_consentpage FORCE ROW LEVEL SECURITY")
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("workflows", "0006_levels"),
    ]

    operations = [
        migrations.AddField("consentpage", "withdrawn_at", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="ConsentText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveIntegerField()),
                ("text_en", models.TextField()),
                ("text_fr", models.TextField()),
                ("created_at", models.DateTimeField()),
                (
                    "consent_page",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="texts", to="workflows.consentpage"
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.tenant"
                    ),
                ),
            ],
            options={
                "ordering": ("-version",),
                "constraints": [
                    models.UniqueConstraint(fields=("consent_page", "version"), name="one_text_per_version")
                ],
            },
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
        EnableRowSecurity("workflows_consenttext"),
    ]
