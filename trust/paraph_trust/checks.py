"""What `paraph doctor` looks at in an installation of the trust service. Nothing is changed and nothing signed."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import django
from paraph.cli.checks import Check

from paraph_trust.config.options import PREFIX, Options, options
from paraph_trust.errors import NotReady, TrustError

# ruff: noqa: PLC0415 - models can be imported once Django is set up

NOTICE = timedelta(days=30)
"""How long before a certificate or the root's list expires somebody must hear of it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """Something to look at: how, and what to do when it is not well."""

    name: str
    look: Callable[[], str]
    """Returns a sentence about what is well, or raises."""
    remedy: str


def checks() -> Iterator[Check]:
    """Every check of this package; those after the options only if the options are complete."""
    if not any(PREFIX + name.upper() in os.environ for name in Options.model_fields):
        yield Check(
            "options", None, f"The trust service is not configured here: none of its {PREFIX}… variables is set."
        )
        return
    try:
        options()
    except NotReady as error:
        yield Check("options", ok=False, sentence=str(error), remedy="Set them; see deploy/ for an example.")
        return
    yield Check("options", ok=True, sentence="They are complete.")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph_trust.config.settings")
    django.setup()
    yield from map(examined, PROBES)


def examined(probe: Probe) -> Check:
    """One check; that something is missing is a finding, not a failure of the doctor."""
    from django.db import DatabaseError

    try:
        return Check(probe.name, ok=True, sentence=probe.look())
    except (TrustError, DatabaseError, OSError) as error:
        return Check(probe.name, ok=False, sentence=str(error).partition("\n")[0], remedy=probe.remedy)


def database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        (version,) = cursor.fetchone()
    return f"PostgreSQL {version} answers."


def migrations() -> str:
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        raise NotReady(f"{len(missing)} are missing, the first is {missing[0][0]}.")
    return "All are applied."


def ceremony() -> str:
    from paraph_trust.ceremony.models import Ceremony

    performed = Ceremony.objects.first()
    if performed is None:
        raise NotReady("The key ceremony has not been performed.")
    return f"Performed on {performed.performed_at:%Y-%m-%d}."


def keys() -> str:
    """Open each key that answering needs, and those of the seals."""
    from paraph_trust.authority.queries import EXTERNAL, ROOT, in_use, signer
    from paraph_trust.keys.folder import folder, private, wrapping

    folder_mode = private().stat().st_mode
    open_to_others = [file.name for file in private().iterdir() if file.stat().st_mode & folder_mode & 0o077]
    if open_to_others:
        raise NotReady(f"Others than the service's user can read {', '.join(sorted(open_to_others))}.")
    ours = [each for each in in_use(datetime.now(UTC)) if each.role not in {ROOT, EXTERNAL}]
    opened = [signer(str(certificate.name)) for certificate in ours]
    wrapping()
    where = "on this host: keep it offline" if folder().holds(ROOT) else "kept elsewhere, as it should be"
    return f"{len(opened)} private keys open; the root's is {where}."


def certificates() -> str:
    from paraph_trust.authority.queries import in_use

    now = datetime.now(UTC)
    first = min(in_use(now), key=lambda certificate: certificate.signs_until, default=None)
    if first is None:
        raise NotReady("There are none.")
    if first.signs_until < now + NOTICE:
        raise NotReady(f"{first.name} signs until {first.signs_until:%Y-%m-%d} only.")
    return f"The first whose time ends is {first.name}, on {first.signs_until:%Y-%m-%d}."


def revocation_lists() -> str:
    """A list whose issuer's key is here is made when it is asked for; the root's must last while its key is away."""
    from paraph_trust.keys.folder import folder
    from paraph_trust.status.queries import keepers, newest

    now = datetime.now(UTC)
    for issuer in keepers():
        name, published = str(issuer.name), newest(issuer)
        if folder().holds(name):
            continue
        if published is None or published.next_update <= now:
            raise NotReady(f"The list of {name} is not in force, and its key is not here to make the next.")
        if published.next_update < now + NOTICE:
            raise NotReady(f"The list of {name} runs out on {published.next_update:%Y-%m-%d}, and its key is not here.")
    return "In force."


def log() -> str:
    from paraph_trust.log import queries

    return f"The chain of its {queries.verify()} entries is whole."


PROBES = (
    Probe("database", database, "Look at PARAPH_TRUST_DATABASE_URL, and whether PostgreSQL runs."),
    Probe("migrations", migrations, "Run `paraph-trust migrate`."),
    Probe("ceremony", ceremony, "Perform it: `paraph-trust ceremony FILE`."),
    Probe(
        "keys",
        keys,
        "Look at PARAPH_TRUST_KEYS_DIR, the files with passphrase and PIN, who may read them, and the tokens.",
    ),
    Probe("certificates", certificates, "Perform a ceremony for the successors: `paraph-trust ceremony SUPPLEMENT`."),
    Probe("revocation lists", revocation_lists, "Bring the root's key for a new list, then take it away again."),
    Probe("log", log, "Stop the service, keep the database as it is, and find out who changed it."),
)
