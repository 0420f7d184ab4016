"""How the database keeps the terms by which workflows are found, whoever writes and however many at once.

Words are those of a workflow's name, description, data, recipients and documents, without accents and in small letters;
facts are a field and its whole value: `name=`, `data1=` …, `email=`, and `class=` in the filing plan.
"""

import re

from django.db import migrations

FUNCTIONS = r"""
CREATE FUNCTION workflows_folded(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    translate(replace(replace(replace(
        regexp_replace(lower(normalize(said, NFKD)), '[\u0300-\u036f]', '', 'g'),
        'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'øłđ', 'old');

CREATE FUNCTION workflows_words(said text) RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
    SELECT DISTINCT left(word, 60) FROM regexp_split_to_table(
        workflows_folded(left(said, 4000)),
        '[\s\u0001-\u002f:-@\[-`{-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b9\u00bb\u00bf\u2010-\u205e]+') AS word
    WHERE word <> '' LIMIT 300 $$;

CREATE FUNCTION workflows_fact(field text, value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN
    field || '=' || left(workflows_folded(value), 120);

CREATE FUNCTION workflows_terms_of_workflow(name text, description text, filing_class text, data jsonb)
RETURNS SETOF text LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
    SELECT workflows_words(concat_ws(' ', name, description))
    UNION SELECT workflows_words(value) FROM jsonb_each_text(data)
    UNION SELECT workflows_fact('name', name)
    UNION SELECT workflows_fact('class', filing_class || '/') WHERE filing_class <> ''
    UNION SELECT workflows_words(filing_class)
    UNION SELECT workflows_fact(key, value) FROM jsonb_each_text(data) $$;

CREATE FUNCTION workflows_terms_of_recipient(first_name text, last_name text, email text) RETURNS SETOF text
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 10 AS $$
    SELECT workflows_words(concat_ws(' ', first_name, last_name, email))
    UNION SELECT workflows_fact('email', email) $$;
"""

# Security rules hold in here as outside: a trigger sees the tenant that the connection speaks for.
TRIGGERS = """
CREATE FUNCTION workflows_find_again(changed text[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM workflows_term WHERE workflow_id = ANY (changed);
    INSERT INTO workflows_term (tenant_id, workflow_id, term)
        SELECT w.tenant_id, w.id, t
            FROM workflows_workflow w, workflows_terms_of_workflow(name, description, filing_class, data) t
            WHERE w.id = ANY (changed)
        UNION SELECT r.tenant_id, s.workflow_id, t FROM workflows_step s JOIN workflows_recipient r ON r.step_id = s.id,
            workflows_terms_of_recipient(first_name, last_name, email) t WHERE s.workflow_id = ANY (changed)
        UNION SELECT d.tenant_id, d.workflow_id, t FROM workflows_document d
            JOIN documents_part p ON p.id = d.original_id, workflows_words(p.filename) t
            WHERE d.workflow_id = ANY (changed)
    ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION workflows_find_new_workflows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflows_term (tenant_id, workflow_id, term)
        SELECT tenant_id, id, t FROM fresh, workflows_terms_of_workflow(name, description, filing_class, data) t
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_new AFTER INSERT ON workflows_workflow
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION workflows_find_new_workflows();

CREATE FUNCTION workflows_find_changed_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM workflows_find_again(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_changed AFTER UPDATE ON workflows_workflow FOR EACH ROW
    WHEN ((OLD.name, OLD.description, OLD.filing_class, OLD.data)
        IS DISTINCT FROM (NEW.name, NEW.description, NEW.filing_class, NEW.data))
    EXECUTE FUNCTION workflows_find_changed_workflow();

CREATE FUNCTION workflows_find_new_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflows_term (tenant_id, workflow_id, term)
        SELECT DISTINCT f.tenant_id, s.workflow_id, t FROM fresh f JOIN workflows_step s ON s.id = f.step_id,
            workflows_terms_of_recipient(first_name, last_name, email) t
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_new AFTER INSERT ON workflows_recipient
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION workflows_find_new_recipients();

CREATE FUNCTION workflows_find_without_recipients() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM workflows_find_again(ARRAY(
        SELECT DISTINCT s.workflow_id FROM gone JOIN workflows_step s ON s.id = gone.step_id));
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_gone AFTER DELETE ON workflows_recipient
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION workflows_find_without_recipients();

CREATE FUNCTION workflows_find_changed_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM workflows_find_again(ARRAY(SELECT workflow_id FROM workflows_step WHERE id = NEW.step_id));
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_changed AFTER UPDATE ON workflows_recipient FOR EACH ROW
    WHEN ((OLD.first_name, OLD.last_name, OLD.email) IS DISTINCT FROM (NEW.first_name, NEW.last_name, NEW.email))
    EXECUTE FUNCTION workflows_find_changed_recipient();

CREATE FUNCTION workflows_find_new_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO workflows_term (tenant_id, workflow_id, term)
        SELECT DISTINCT f.tenant_id, f.workflow_id, t FROM fresh f JOIN documents_part p ON p.id = f.original_id,
            workflows_words(p.filename) t
        ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_new AFTER INSERT ON workflows_document
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION workflows_find_new_documents();

CREATE FUNCTION workflows_find_without_documents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM workflows_find_again(ARRAY(SELECT DISTINCT workflow_id FROM gone));
    RETURN NULL;
END $$;
CREATE TRIGGER found_when_gone AFTER DELETE ON workflows_document
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION workflows_find_without_documents();
"""

CASCADE = """
ALTER TABLE workflows_term ADD CONSTRAINT workflows_term_workflow FOREIGN KEY (workflow_id)
    REFERENCES workflows_workflow (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
"""
FILL = """
SELECT set_config('paraph.tenant', '*', true);
SELECT workflows_find_again(ARRAY(SELECT id FROM workflows_workflow));
SELECT set_config('paraph.tenant', '', true);
"""


class KeepTerms(migrations.RunSQL):
    """Have the database keep the terms of every workflow, also of those that are there already."""

    def __init__(self) -> None:
        super().__init__(sql=FUNCTIONS + TRIGGERS + CASCADE + ";" + FILL, reverse_sql=_undone())

    def deconstruct(self) -> tuple[str, list[object], dict[str, object]]:
        return type(self).__name__, [], {}


def _undone() -> str:
    triggers = re.findall(r"CREATE TRIGGER (\w+) AFTER \w+ ON (\w+)", TRIGGERS)
    functions = re.findall(r"CREATE FUNCTION (\w+)", FUNCTIONS + TRIGGERS)
    drops = [f"DROP TRIGGER {name} ON {table}" for name, table in triggers]
    return ";".join(drops + [f"DROP FUNCTION {name} CASCADE" for name in reversed(functions)])
