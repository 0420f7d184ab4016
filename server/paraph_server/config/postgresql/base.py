"""Django's PostgreSQL without the second index that it gives every text column with an index, for `LIKE`.

Behind row-level security `LIKE` reaches no index (docs/decisions/0014): these would only be written.
"""

from typing import Any

from django.db.backends.postgresql import base, schema


class SchemaEditor(schema.DatabaseSchemaEditor):
    def _create_like_index_sql(self, model: Any, field: Any) -> None:
        """None."""


class DatabaseWrapper(base.DatabaseWrapper):
    SchemaEditorClass = SchemaEditor
