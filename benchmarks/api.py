"""How fast the REST API answers when a tenant has a million workflows and fifty thousand users.

A database of its own is filled by SQL, `paraph-server serve` answers on loopback, and programs with one connection each
ask one thing after the other. Beside it stand what the database alone needs for the rows of one page, and a Django view
that does nothing, served in the same way. Everything is measured in rounds, so that a busy machine slows all alike.

    uv run --no-sync python -m benchmarks.api [--workflows N] [--users N] [--seconds S] [--programs P] [--keep DIR]
"""

import argparse
import base64
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import psutil
import psycopg
from paraph_testing import postgres

from benchmarks import sealing

BATCH = 50_000
ROUNDS = 3
LIMIT = 100.0  # milliseconds that 95 of 100 answers must keep to
GUEST = {"email": "bob@example.org", "firstName": "Bob", "lastName": "Durand"}

# Nine in ten belong to the account of one application, the others to everybody.
FILL_USERS = """
INSERT INTO accounts_user (id, tenant_id, group_id, email, first_name, last_name, phone_number, locale, is_active,
        password, created_at, updated_at)
    SELECT 'usr_' || lpad(n::text, 24, 'z'), %(tenant)s, %(group)s, 'user' || n || '@example.org', 'First' || n %% 997,
        'Last' || n, '', 'fr', true, '!', now(), now() FROM generate_series(1, %(users)s::int) n
"""
FILL_WORDS = """
INSERT INTO accounts_word (tenant_id, subject, word)
    SELECT %(tenant)s, 'usr_' || lpad(n::text, 24, 'z'), word FROM generate_series(1, %(users)s::int) n,
        unnest(ARRAY['first' || n %% 997, 'last' || n, 'user' || n, 'example', 'org']) word
"""
FILL = """
WITH numbers AS (SELECT n, lpad(n::text, 24, 'z') AS key, now() - (%(all)s - n) * interval '20 seconds' AS at,
        CASE WHEN n %% 10 = 0 THEN 'usr_' || lpad((1 + n / 10 %% %(users)s)::text, 24, 'z') ELSE %(owner)s END AS owner
        FROM generate_series(%(first)s::int, %(last)s::int) n),
    parts AS (INSERT INTO documents_part (id, tenant_id, filename, content_type, size, hash, pages, created_at)
        SELECT 'prt_' || key, %(tenant)s, 'contract-' || n || '.pdf', 'application/pdf', 50000, md5(key) || md5(key), 1,
            at FROM numbers),
    made AS (INSERT INTO workflows_workflow (id, tenant_id, owner_id, name, description, data, created_at, updated_at,
            started_at, stopped_at, stop_reason, signed_at, finished_at, archived_at, repair_reason, filing_class,
            notified_events, co_manager_events)
        SELECT 'wfl_' || key, %(tenant)s, owner, 'Contract ' || n || ' of ' || (ARRAY['Paris', 'Lyon', 'Marseille',
                'Lille', 'Nantes'])[1 + n %% 5], 'Please sign', jsonb_build_object('data1', 'order ' || n), at, at,
            CASE WHEN n %% 20 > 0 THEN at END, CASE WHEN n %% 20 = 1 THEN at END, '', CASE WHEN n %% 20 > 3 THEN at END,
            CASE WHEN n %% 20 > 3 THEN at END, NULL, '', '', '[]', '[]' FROM numbers),
    steps AS (INSERT INTO workflows_step (id, tenant_id, workflow_id, position, kind, required_recipients,
            validity_period, max_invites, send_download_link, allow_comments, allow_refusal, allow_delegation,
            hide_recipients, hide_attachments, prolonged, started_at)
        SELECT 'stp_' || key, %(tenant)s, 'wfl_' || key, 0, 'signature', 1, '30 days', 1, true, false, true, false,
            false, false, '0', at FROM numbers)
INSERT INTO workflows_document (id, tenant_id, workflow_id, position, original_id, current_id, signature_profile_id,
        signature_fields, created_at, updated_at)
    SELECT 'doc_' || key, %(tenant)s, 'wfl_' || key, 0, 'prt_' || key, 'prt_' || key, %(profile)s, '[]', at, at
        FROM numbers
"""
FILL_RECIPIENTS = """
INSERT INTO workflows_recipient (id, tenant_id, step_id, position, user_id, email, first_name, last_name, phone_number,
        country, locale, consent_page_id, invited_at, refusal_reason, comment, invitations)
    SELECT 'rcp_' || key, %(tenant)s, 'stp_' || key, 0, NULL, 'person' || n %% 40000 || '@example.com',
        'Person' || n %% 997, 'Name' || n %% 40000, '', 'FR', 'fr', %(page)s, now(), '', '', 1
        FROM (SELECT n, lpad(n::text, 24, 'z') AS key FROM generate_series(%(first)s::int, %(last)s::int) n) numbers
"""
FILL_TERMS = """
SELECT workflows_find_again(ARRAY(SELECT 'wfl_' || lpad(n::text, 24, 'z')
    FROM generate_series(%(first)s::int, %(last)s::int) n))
"""
FILLED = ["workflows_workflow", "workflows_step", "workflows_recipient", "workflows_document", "workflows_term"]
FILLED += ["documents_part"]
# Keys stay, but for that of the terms, whose order is another one than that in which they come.
CONSTRAINTS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = ANY (%s::regclass[])
        AND (contype = 'f' OR contype = 'p' AND conrelid = 'workflows_term'::regclass)
    ORDER BY contype = 'f'
"""
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = ANY (%s::regclass[]) AND NOT indisunique AND indexrelid <> 'term_of_workflow'::regclass
"""
PAGE = """
SELECT * FROM workflows_workflow w WHERE owner_id = %s ORDER BY created_at DESC, id DESC LIMIT 20
"""


# ---------------------------------------------------------------- the platform


@dataclass(frozen=True, slots=True)
class Account:
    """The application's."""

    tenant: str
    group: str
    user: str
    token: str
    profile: str
    page: str


def environment(folder: Path) -> dict[str, str]:
    key = base64.b64encode(bytes(32)).decode()
    (folder / "roots.pem").touch()
    return {
        "PARAPH_DATABASE_URL": postgres.start(folder / "postgres"),
        "PARAPH_SECRET_KEY": "a secret that is only good for measuring",
        "PARAPH_STORAGE_DIR": str(folder / "storage"),
        "PARAPH_STORAGE_KEY": key,
        "PARAPH_FIELD_KEY": key,
        "PARAPH_TRUST_URL": "http://127.0.0.1:9",
        "PARAPH_TRUST_TOKEN": "none",
        "PARAPH_TRUST_ROOTS": str(folder / "roots.pem"),
        "PARAPH_TSA_URL": "http://127.0.0.1:9",
        "PARAPH_DEMO": "true",
        "PARAPH_CALLS_PER_MINUTE": "0",
    }


def account(env: dict[str, str]) -> Account:
    """The database is made ready, and the application gets its tenant and its token."""
    server = [sys.executable, "-m", "paraph_server"]
    subprocess.run([*server, "migrate"], env=os.environ | env, check=True, stdout=subprocess.DEVNULL)
    made = json.loads(subprocess.check_output([*server, "demo-tenant"], env=os.environ | env))
    with psycopg.connect(env["PARAPH_DATABASE_URL"]) as database:
        speak(database, "*")
        row = database.execute("SELECT tenant_id, group_id FROM accounts_user WHERE id = %s", [made["user_id"]])
        tenant, group = row.fetchone() or ("", "")
        [profile, page] = [
            database.execute(f"SELECT id FROM {table} ORDER BY created_at, name").fetchone()  # type: ignore[index]
            for table in ("workflows_signatureprofile", "workflows_consentpage")
        ]
    return Account(tenant, group, made["user_id"], made["token"], profile[0], page[0])


def speak(database: "psycopg.Connection[Any]", tenant: str) -> None:
    database.execute("SELECT set_config('paraph.tenant', %s, false)", [tenant])


def fill(env: dict[str, str], who: Account, *, workflows: int, users: int) -> None:
    """As many as wanted, all or none of what is missing; what is there already stays."""
    values = {"tenant": who.tenant, "group": who.group, "owner": who.user, "users": users, "all": workflows}
    values |= {"profile": who.profile, "page": who.page}
    with psycopg.connect(env["PARAPH_DATABASE_URL"], autocommit=True) as database:
        speak(database, who.tenant)
        present = database.execute("SELECT count(*) FROM workflows_workflow WHERE id LIKE 'wfl_zz%'").fetchone() or (0,)
        if not present[0]:
            database.execute(FILL_USERS, values)
            database.execute(FILL_WORDS, values)
        if present[0] < workflows:
            with database.transaction(), stripped(database):
                for first in range(present[0] + 1, workflows + 1, BATCH):
                    batch = values | {"first": first, "last": min(first + BATCH - 1, workflows)}
                    for statement in (FILL, FILL_RECIPIENTS, FILL_TERMS):
                        database.execute(statement, batch)
                    print(f"\r{batch['last']} workflows", end="", file=sys.stderr, flush=True)
            database.execute("VACUUM ANALYZE")
    print(file=sys.stderr)


@contextmanager
def stripped(database: "psycopg.Connection[Any]") -> Iterator[None]:
    """The tables without what looks at each row by itself: it is made again for all of them at once."""
    database.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL plan_cache_mode = force_custom_plan")
    constraints = database.execute(CONSTRAINTS, [FILLED]).fetchall()
    indexes = database.execute(INDEXES, [FILLED]).fetchall()
    for table, name, _made in constraints:
        database.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    for name, _made in indexes:
        database.execute(f"DROP INDEX {name}")
    for table in FILLED:
        database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    for table in FILLED:
        database.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _name, made in indexes:
        database.execute(made)
    for table, name, made in constraints:
        database.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {made}")


@contextmanager
def serving(command: list[str], env: dict[str, str], port: int) -> Iterator[psutil.Process]:
    """A server, from when it answers until it is no longer needed."""
    with subprocess.Popen(
        command, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            patience = time.monotonic() + 30
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > patience or server.poll() is not None:
                        raise
                    time.sleep(0.1)
            yield psutil.Process(server.pid)
        finally:
            server.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


# ---------------------------------------------------------------- the programs


@dataclass
class Measured:
    """Milliseconds of each answer, how many came in a second, and milliseconds of a processor that they took."""

    times: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    worked: dict[str, float] = field(default_factory=dict)
    """Altogether, by who worked: the server, the database."""

    def at(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def rate(self) -> float:
        return statistics.median(self.rates)

    def work(self, who: str) -> float:
        return self.worked.get(who, 0.0) / len(self.times)


Ask = Callable[[http.client.HTTPConnection, int], None]


def worked(process: psutil.Process) -> float:
    """Milliseconds of a processor that a process and its children took so far, also those that have ended."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system + each.children_user + each.children_system for each in times) * 1000


def load(
    measured: Measured,
    ask: Ask,
    port: int,
    *,
    programs: int,
    seconds: float,
    watched: Mapping[str, psutil.Process] = MappingProxyType({}),
) -> None:
    """Have so many programs ask for so long; faults end the benchmark."""
    faults: list[BaseException] = []
    working = {name: worked(process) for name, process in watched.items()}
    started = time.perf_counter()
    before = len(measured.times)

    def work(number: int) -> None:
        connection, asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60), 0
        try:
            while time.perf_counter() < started + seconds:
                begun = time.perf_counter()
                ask(connection, number + programs * asked)
                measured.times.append((time.perf_counter() - begun) * 1000)
                asked += 1
        except BaseException as fault:  # noqa: BLE001  it is told below
            faults.append(fault)

    threads = [threading.Thread(target=work, args=[number]) for number in range(programs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    measured.rates.append((len(measured.times) - before) / (time.perf_counter() - started))
    for name, process in watched.items():
        measured.worked[name] = measured.worked.get(name, 0.0) + worked(process) - working[name]


def call(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    token: str,
    body: bytes | None = None,
    **headers: str,
) -> Any:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, {"Authorization": f"Bearer {token}", **named})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != http.client.OK:
        raise RuntimeError(f"{method} {path}: {answer.status} {content[:300]!r}")
    return json.loads(content)


def reading(workflows: int) -> dict[str, Callable[[int], str]]:
    """What is asked for, each time something else."""
    return {
        "list": lambda _: "/api/workflows",
        "list, page 50": lambda _: "/api/workflows?pageIndex=50",
        "list by name": lambda _: "/api/workflows?sortBy=items.name&sortOrder=asc",
        "list, started only": lambda _: "/api/workflows?items.workflowStatus=started",
        "search, one is found": lambda n: f"/api/workflows?text=contract%20{workflows - n * 7919 % (workflows // 2)}",
        "search, a fifth is found": lambda _: "/api/workflows?text=marseille",
        "search, words of all": lambda _: "/api/workflows?text=please%20sign%20contract%20lyon",
        "search, a person": lambda n: f"/api/workflows?text=name{n * 7919 % 40000}",
        "filter, data1": lambda n: f"/api/workflows?items.data1=order%20{1 + n * 7919 % workflows}",
        "status": lambda n: f"/api/workflows/wfl_{str(1 + 10 * (n * 7919 % (workflows // 10))).rjust(24, 'z')}",
        "colleagues": lambda n: f"/api/users?text=last{n * 79 % 40000}",
        "version": lambda _: "/api/version",
    }


def creating(who: Account) -> Ask:
    """A workflow, its document of some 50 kB, and off it goes."""
    document = sealing.invoices()[0]
    body = {"name": "Contract", "steps": [{"recipients": [GUEST]}], "data1": "order"}
    json_type = {"Content_Type": "application/json"}

    def create(connection: http.client.HTTPConnection, _number: int) -> None:
        made = call(
            connection, "POST", f"/api/users/{who.user}/workflows", who.token, json.dumps(body).encode(), **json_type
        )
        workflow = f"/api/workflows/{made['id']}"
        name = {"Content_Disposition": 'attachment; filename="contract.pdf"', "Content_Type": "application/pdf"}
        query = f"createDocuments=true&signatureProfileId={who.profile}"
        call(connection, "POST", f"{workflow}/parts?{query}", who.token, document, **name)
        call(connection, "PATCH", workflow, who.token, b'{"workflowStatus":"started"}', **json_type)

    return create


# ---------------------------------------------------------------- measuring


def bare(env: dict[str, str], who: Account) -> float:
    """Milliseconds that the database needs for the rows of one page, asked by the role of the server."""
    with psycopg.connect(env["PARAPH_DATABASE_URL"], autocommit=True) as database:
        speak(database, who.tenant)
        times = []
        for _ in range(200):
            begun = time.perf_counter()
            database.execute(PAGE, [who.user]).fetchall()
            times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def measure(folder: Path, options: argparse.Namespace) -> bool:
    """Print the table; whether every target was met."""
    env = environment(folder)
    who = account(env)
    fill(env, who, workflows=options.workflows, users=options.users)
    port, empty_port = free_port(), free_port()
    serve = [sys.executable, "-m", "paraph_server", "serve", "--port", str(port), "--threads", "4"]
    empty = [sys.executable, "-m", "benchmarks.empty", str(empty_port)]
    asked = reading(options.workflows)
    results = {name: Measured() for name in (*asked, "creation", "empty view")}
    effort = {"programs": options.programs, "seconds": options.seconds}

    def ask(name: str) -> Ask:
        return lambda connection, number: call(connection, "GET", asked[name](number), who.token)

    with serving(serve, env, port) as server, serving(empty, {}, empty_port):
        for each in (*(ask(name) for name in asked), creating(who)):
            load(Measured(), each, port, programs=1, seconds=1)  # caches fill, counts are taken
        with psycopg.connect(env["PARAPH_DATABASE_URL"], autocommit=True) as database:
            database.execute("ANALYZE")  # autovacuum would, within a minute
        watched = {
            "server": server,
            "database": psutil.Process(int((folder / "postgres/postmaster.pid").read_text().split()[0])),
        }
        for _ in range(ROUNDS):
            nothing = results["empty view"]
            load(nothing, lambda c, _: call(c, "GET", "/", ""), empty_port, programs=options.programs, seconds=1)
            for name in asked:
                load(results[name], ask(name), port, watched=watched, **effort)
            load(results["creation"], creating(who), port, watched=watched, **effort)
    return tell(results, bare(env, who), options)


def tell(results: dict[str, Measured], page: float, options: argparse.Namespace) -> bool:
    nothing = results["empty view"].at(0.5)
    print(
        f"\n{options.workflows} workflows and {options.users} users in one tenant; one server process with 4 threads,"
        f" {options.programs} programs.\nThe database alone: {page:.2f} ms for the rows of a page."
        f"\n\n| what | p50 ms | p95 ms | per second | x the empty view | x the bare query"
        f" | ms of a processor: server | database |\n|---|---|---|---|---|---|---|---|"
    )
    for name, each in results.items():
        p50, p95 = each.at(0.5), each.at(0.95)
        print(
            f"| {name} | {p50:.1f} | {p95:.1f} | {each.rate:.0f} | {p50 / nothing:.1f} | {p50 / page:.1f}"
            f" | {each.work('server'):.1f} | {each.work('database'):.1f} |"
        )
    late = [name for name, each in results.items() if name != "creation" and each.at(0.95) > LIMIT]
    print(f"\nLater than {LIMIT:.0f} ms: {', '.join(late) or 'nothing'}.", flush=True)
    return not late


def main(*given: str) -> bool:
    arguments = argparse.ArgumentParser(description="Measure the REST API with a million workflows.")
    arguments.add_argument("--workflows", type=int, default=1_000_000)
    arguments.add_argument("--users", type=int, default=50_000)
    arguments.add_argument("--seconds", type=float, default=5, help="of each measurement, three times")
    arguments.add_argument("--programs", type=int, default=4, help="that ask at the same time")
    arguments.add_argument("--keep", type=Path, help="a folder for the database, to be used again")
    options = arguments.parse_args(given)
    folder = options.keep or Path(tempfile.mkdtemp(prefix="paraph-benchmark-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return measure(folder, options)
    finally:
        postgres.stop(folder / "postgres")
        if not options.keep:
            shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(0 if main(*sys.argv[1:]) else 1)
