"""An installation from before certificates had roles and units had names goes on after `migrate`."""

from pathlib import Path

import psycopg
from conftest import PASSPHRASE, Database
from live import CEREMONY, Service, free_port

BEFORE = """
ALTER TABLE authority_certificate DROP COLUMN role;
ALTER TABLE authority_practice DROP COLUMN level_policies;
ALTER TABLE timestamping_unit DROP COLUMN name;
DROP TABLE timestamping_token;
DROP FUNCTION timestamping_token_is_append_only;
DROP TABLE enrolment_grant;
DROP TABLE ceremony_request;
DELETE FROM django_migrations WHERE (app, name) IN
    (('authority', '0003_role'), ('authority', '0004_level_policies'), ('timestamping', '0002_several_units'),
     ('timestamping', '0003_token'), ('enrolment', '0001_initial'), ('ceremony', '0003_requests'));
"""


def test_it_is_migrated(tmp_path: Path, database: Database) -> None:
    (tmp_path / "passphrase").write_text(PASSPHRASE)
    service = Service(tmp_path, database(), free_port())
    assert service.run("ceremony", str(CEREMONY)).returncode == 0
    with psycopg.connect(service.database_url) as connection:
        connection.execute(BEFORE)
    migrated = service.run("migrate")
    assert migrated.returncode == 0, migrated.stderr
    service.admit("server")
    service.start()
    try:
        assert service.get("/crl/issuing.crl")
        subject = {"givenName": "Bob", "surname": "Durand", "country": "FR", "serialNumber": "IDCFR-1"}
        assert service.post("credentials/issue", {"requestID": "1", "subject": subject, "validity": 3600})[0] == 200
    finally:
        service.stop()
