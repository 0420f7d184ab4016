"""What is written stays written: the database itself refuses, whoever asks and through whatever door."""

from typing import Any

from django.db import migrations

REFUSE = """
CREATE OR REPLACE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % on % is refused.', TG_OP, TG_TABLE_NAME USING ERRCODE = '55000';
END $$
"""


class ForbidChanges(migrations.RunSQL):
    """Refuse UPDATE, DELETE and TRUNCATE on a table. INSERT remains."""

    def __init__(self, table: str) -> None:
        execute = "EXECUTE FUNCTION journal_refuse()"
        super().__init__(
            sql=[
                REFUSE,
                f"CREATE TRIGGER permanent_rows BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {execute}",
                f"CREATE TRIGGER permanent_table BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {execute}",
            ],
            reverse_sql=[
                f"DROP TRIGGER permanent_rows ON {table}",
                f"DROP TRIGGER permanent_table ON {table}",
            ],
        )
        self.table = table

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [self.table], {}
