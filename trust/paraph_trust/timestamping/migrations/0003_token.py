from django.db import migrations, models

# The database itself refuses to rewrite what was time-stamped, whoever asks.
APPEND_ONLY = """
CREATE FUNCTION timestamping_token_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the list of tokens is append-only';
END $$;
CREATE TRIGGER timestamping_token_append_only BEFORE UPDATE OR DELETE ON timestamping_token
    FOR EACH ROW EXECUTE FUNCTION timestamping_token_is_append_only();
CREATE TRIGGER timestamping_token_no_truncate BEFORE TRUNCATE ON timestamping_token
    FOR EACH STATEMENT EXECUTE FUNCTION timestamping_token_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("timestamping", "0002_several_units")]
    operations = [
        migrations.CreateModel(
            name="Token",
            fields=[
                ("serial", models.BigIntegerField(primary_key=True, serialize=False)),
                ("unit", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("algorithm", models.CharField(max_length=16)),
                ("digest", models.BinaryField(max_length=64)),
            ],
            options={"db_table": "timestamping_token"},
        ),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
