"""What `paraph doctor` looks at in an installation of the server. Nothing is changed, no message is sent."""

import os
import secrets
import shutil
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import django
from cryptography import x509
from paraph import certs, fetch, timestamps
from paraph.algorithms import Digest
from paraph.cli.checks import Check
from paraph.errors import ParaphError
from pydantic import ValidationError

from paraph_server.config.options import OTHER_PROGRAMS, PREFIX, BadOptions, options

# ruff: noqa: PLC0415 - models and storage can be imported once Django is set up

NOTICE = timedelta(days=30)
"""How long before a certificate expires somebody must hear of it."""
CLOCKS_APART = timedelta(seconds=2)
"""How much the clocks of this host and of the time-stamp authority may differ, its accuracy aside."""


class Unwell(Exception):
    """A check's finding; the sentence is for the operator."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look at: how, and what to do when it is not well."""

    name: str
    look: Callable[[], str]
    """Returns a sentence about what is well, or raises."""
    remedy: str


def checks() -> Iterator[Check]:
    """Every check of this package; those after the options only if the options are complete."""
    if not any(name.startswith(PREFIX) and not name.startswith(OTHER_PROGRAMS) for name in os.environ):
        yield Check("options", None, f"The server is not configured here: no {PREFIX}… variable is set.")
        return
    try:
        options().complete()
    except (BadOptions, ValidationError) as error:
        yield Check("options", ok=False, sentence=_said(error), remedy="Set them; see deploy/ for an example.")
        return
    yield Check("options", ok=True, sentence="They are complete.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph_server.config.settings")
    django.setup()
    yield from map(examined, PROBES)


def examined(probe: Probe) -> Check:
    """One check; that something is away or refuses is a finding, not a failure of the doctor."""
    from django.db import DatabaseError

    try:
        return Check(probe.name, ok=True, sentence=probe.look())
    except (Unwell, ParaphError, DatabaseError, OSError, smtplib.SMTPException) as error:
        first_line = str(error).partition("\n")[0]
        return Check(probe.name, ok=False, sentence=first_line or type(error).__name__, remedy=probe.remedy)


def _said(error: BadOptions | ValidationError) -> str:
    """What is wrong, without the values: they may be secrets."""
    if isinstance(error, BadOptions):
        return str(error)
    found = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(f"{PREFIX}{'.'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in found)


# ---------------------------------------------------------------- this host


def database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), rolsuper FROM pg_roles WHERE rolname = current_user")
        version, superuser = cursor.fetchone()
    if superuser:
        raise Unwell("The server's role is a superuser, so that row security does not hold tenants apart.")
    return f"PostgreSQL {version} answers."


def migrations() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise Unwell(f"{len(missing)} are missing, the first is {missing[0][0]}.")
    return "All are applied."


def storage() -> str:
    """Write a file, read it back, forget it."""
    from paraph_server.documents.storage import storage as folder

    written = secrets.token_bytes(1000)
    with folder().receive("doctor", [written]) as incoming, incoming.plain() as file:
        if file.read() != written:
            raise Unwell("What was read back is not what was written.")
    (folder().root / "doctor").rmdir()
    free = shutil.disk_usage(folder().root).free
    return f"A file was written and read back; {free / 2**30:.1f} GB are free."


def workers() -> str:
    from django.db import connection

    from paraph_server.journal.tasks import SILENCE

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - make_interval(secs => %s)",
            [SILENCE],
        )
        (alive,) = cursor.fetchone()
    if not alive:
        raise Unwell(f"No worker gave a sign of life in the last {SILENCE:.0f} s.")
    return f"{alive} at work."


def roots() -> str:
    path = options().trust_roots
    found = certs.read(path.read_bytes()) if path else []
    return f"{len(found)} readable; {_lasting(found)}"


# ---------------------------------------------------------------- other services


def mail() -> str:
    """Greet and, where that is configured, encrypt and sign in; no message is sent."""
    from django.core.mail import get_connection

    connection = get_connection()
    try:
        connection.open()
    finally:
        connection.close()
    return "The mail server answers."


def trust_service() -> str:
    answer = fetch.get(f"{options().trust_url.rstrip('/')}/health")
    if answer.status != HTTPStatus.OK:
        raise Unwell(f"The trust service says that it is not well (HTTP status {answer.status}).")
    return "It answers and is well."


def timestamp() -> str:
    """A token over a random digest, verified as those in signatures are."""
    from paraph_server import trust

    digest = Digest.of(secrets.token_bytes(32))
    asked_at = datetime.now(UTC)
    token = trust.timestamper().timestamp(digest)
    answered_at = datetime.now(UTC)
    stamp = timestamps.verify(token, digest, trusted=trust.trusted())
    early, late = asked_at - stamp.time - stamp.accuracy, stamp.time - answered_at - stamp.accuracy
    if max(early, late) > CLOCKS_APART:
        apart = max(early, late).total_seconds()
        raise Unwell(f"The clocks of this host and of the time-stamp authority are {apart:.1f} s apart.")
    return f"A time-stamp was made and verifies; the clocks agree; {_lasting([stamp.certificate])}"


def seal() -> str:
    from paraph_server import trust

    name = options().seal_credential
    if not name:
        raise Unwell("PARAPH_SEAL_CREDENTIAL is not set: evidence files cannot be sealed.")
    credential = trust.signing_service().credential(name)
    certs.path(credential.certificate, intermediates=credential.chain, trusted=trust.trusted(), at=datetime.now(UTC))
    return f"{name} is there and leads to a trusted root; {_lasting([credential.certificate])}"


def _lasting(certificates: list[x509.Certificate]) -> str:
    """When the first of some certificates expires.

    Raises:
        Unwell: soon.
    """
    if not certificates:
        raise Unwell("There is no certificate.")
    first = min(certificates, key=lambda each: each.not_valid_after_utc)
    expires = first.not_valid_after_utc
    if expires < datetime.now(UTC) + NOTICE:
        raise Unwell(f"{first.subject.rfc4514_string()} expires on {expires:%Y-%m-%d}.")
    return f"good until {expires:%Y-%m-%d}."


PROBES = (
    Probe("database", database, "Look at PARAPH_DATABASE_URL, its role and whether PostgreSQL runs."),
    Probe("migrations", migrations, "Run `paraph-server migrate`."),
    Probe("storage", storage, "Give the server's user the folder PARAPH_STORAGE_DIR, and room in it."),
    Probe("workers", workers, "Start `paraph-server worker`."),
    Probe("roots", roots, "Renew the file PARAPH_TRUST_ROOTS from the trust service's root certificate."),
    Probe("mail server", mail, "Look at PARAPH_SMTP_URL."),
    Probe("trust service", trust_service, "Look at PARAPH_TRUST_URL; run `paraph doctor` where the service runs."),
    Probe("time-stamps", timestamp, "Look at PARAPH_TSA_URL, PARAPH_TRUST_ROOTS and both hosts' time service."),
    Probe("seal", seal, "Look at PARAPH_SEAL_CREDENTIAL and PARAPH_TRUST_TOKEN."),
)
