"""The whole platform on one machine, for demonstration: `make run`.

Database, trust service, web server, worker and inbox run as children of this process, with everything they keep in
`.paraph/`: secrets and keys that only the current user can read, one log per child. What dies is started again; when
this process ends, however it ends, everything ends with it. The next start finds the data where the last one left it.

    PARAPH_HOME   another folder than .paraph
    PARAPH_PORT   another first port than 8000 (8001: trust service, 8002 to 8004: FranceConnect and a provider of
                  qualified signatures, both played, 8025 and 8026: inbox)
"""

import base64
import contextlib
import ctypes
import fcntl
import hashlib
import importlib.util
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

from paraph_testing import citizens, equipment, pdfs, postgres, qtsp, trustlist
from paraph_testing.cast import ALICE, BOB, CAROL

ROOT = Path(__file__).resolve().parents[2]
CEREMONY = ROOT / "trust" / "ceremonies" / "demo.toml"
PATIENCE = 60.0  # seconds until everything answers
FAREWELL = 15.0  # seconds until a child that was asked to stop is killed
STEADY = 60.0  # seconds after which a child is no longer one that keeps dying
LONGEST_PAUSE = 30.0  # seconds before a child that keeps dying is started again
PR_SET_PDEATHSIG = 1  # prctl(2)


class CannotRunError(Exception):
    """What keeps the demonstration from running, in a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Ports:
    server: int
    trust: int
    inbox: int
    smtp: int
    partners: int = 0
    """The first of three; 0 where the platform is alone."""

    @classmethod
    def beginning(cls, first: int) -> Self:
        return cls(first, first + 1, first + 25, first + 26, first + 2)

    @classmethod
    def free(cls) -> Self:
        """Four ports that nobody uses at this moment."""
        with contextlib.ExitStack() as held:
            sockets = [held.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(4)]
            return cls(*(one.getsockname()[1] for one in sockets))

    def check(self) -> None:
        """Make sure that all can be had.

        Raises:
            CannotRunError: another program has one.
        """
        others = range(self.partners, self.partners + 3) if self.partners else ()
        for port in (self.server, self.trust, self.inbox, self.smtp, *others):
            try:
                socket.create_server(("127.0.0.1", port)).close()
            except OSError:
                raise CannotRunError(
                    f"Port {port} is taken by another program. Stop that, or choose others: PARAPH_PORT=9000 make run"
                ) from None


@dataclass(frozen=True, slots=True)
class Account:
    """Whom to sign in as, and what to call the REST API with."""

    email: str
    password: str
    token: str
    user_id: str


# ---------------------------------------------------------------- one child


@dataclass
class Child:
    """A program of the platform: started, watched, started again when it dies."""

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    health: str = ""
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    not_before: float = 0.0
    since: float = field(default_factory=time.monotonic)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C reaches this process only, which then says goodbye in order
                preexec_fn=_end_with_parent,  # noqa: PLW1509 — no other thread runs when children start
            )
        self.since = time.monotonic()

    def revive(self) -> bool:
        """Start it again if it died, later and later if it keeps dying; tell whether it was started."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        if not self.not_before:
            self.deaths = self.deaths + 1 if now - self.since < STEADY else 1
            self.not_before = now + min(2.0 ** (self.deaths - 1), LONGEST_PAUSE) - 1
        if now < self.not_before:
            return False
        self.not_before = 0.0
        self._signal(signal.SIGKILL)  # what the dead one left behind of its group
        self.start()
        return True

    def kill(self) -> None:
        """End it and all its processes as a power cut would."""
        self._signal(signal.SIGKILL)
        if self.process:
            self.process.wait()

    def ask_to_stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def stop(self, until: float) -> None:
        """Wait until it has stopped; kill what is left of it then."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(max(0.1, until - time.monotonic()))
            self.kill()

    @property
    def healthy(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            return False
        if not self.health:
            return True
        try:
            with urllib.request.urlopen(self.health, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def last_words(self, lines: int = 15) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def _signal(self, number: signal.Signals) -> None:
        if self.process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


def _end_with_parent() -> None:
    """In the child, before its program runs: die when the supervisor does, even by kill -9 (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


# ---------------------------------------------------------------- the platform


class Platform:
    """Everything together, in one folder.

    Tests of the whole use it as a context and may be rude to its children:

        with Platform(tmp_path, Ports.free()) as platform:
            platform.children["worker"].kill()
            platform.revive()
    """

    def __init__(self, folder: Path, ports: Ports, **options: str) -> None:
        """With these `options` of the server besides its own."""
        self.folder = folder.resolve()
        self.ports = ports
        self.options = {"paraph_server": options}
        self.children: dict[str, Child] = {}

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Set up what is missing, start everything, and return when it answers.

        Raises:
            CannotRunError: a port is taken, or a part does not come up.
        """
        self.ports.check()
        self.folder.mkdir(mode=0o711, parents=True, exist_ok=True)
        for name in ("logs", "secrets", "trust", "storage", "inbox"):
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
        self._start(self._inbox())
        if self.ports.partners:
            self._start(self._partners())
        if not self._prepared():
            say("First start: making keys, certificates and the database …")
            postgres.start(self.folder / "postgres")
            self._prepare()
        self._start(self._trust())
        self._start(self._server())
        postgres.start(self.folder / "postgres")  # while those two load; they need it for their first request
        self._start(self._worker())
        self._wait()
        if self.ports.partners and not (self.folder / "equipped").exists():
            self._equip()

    def stop(self) -> None:
        """Stop everything, the newest part first; the database last."""
        for child in reversed(self.children.values()):
            child.ask_to_stop()
        until = time.monotonic() + FAREWELL
        for child in reversed(self.children.values()):
            child.stop(until)
        postgres.stop(self.folder / "postgres")

    def revive(self) -> dict[str, Path]:
        """Start again what died; the name of each, and the log that says why."""
        died = {}
        if not postgres.answers(self.folder / "postgres"):
            postgres.start(self.folder / "postgres")
            died["database"] = self.folder / "postgres" / "log"
        return died | {child.name: child.log for child in self.children.values() if child.revive()}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.ports.server}"

    @property
    def trust_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.trust}"

    @property
    def franceconnect(self) -> str:
        return f"http://127.0.0.1:{self.ports.partners}{citizens.PATH}"

    @property
    def provider(self) -> str:
        return f"http://127.0.0.1:{self.ports.partners + 1}"

    @property
    def inbox_url(self) -> str:
        return f"http://127.0.0.1:{self.ports.inbox}"

    @property
    def account(self) -> Account:
        return Account(**json.loads((self.folder / "secrets" / "account.json").read_text()))

    # ------------------------------------------------------------ the children

    def _start(self, child: Child) -> None:
        self.children[child.name] = child
        child.start()

    def _inbox(self) -> Child:
        ports = ["--http-port", str(self.ports.inbox), "--smtp-port", str(self.ports.smtp)]
        file = ["--file", str(self.folder / "inbox" / "messages.json")]
        return self._child("inbox", "paraph_testing.inbox", *ports, *file, health=f"{self.inbox_url}/health")

    def _partners(self) -> Child:
        where = ["--folder", str(self.folder / "partners"), "--port", str(self.ports.partners)]
        back = ["--back-to", f"{self.url}/"]
        return self._child("partners", "paraph_testing.partners", *where, *back, health=f"{self.franceconnect}/jwks")

    def _trust(self) -> Child:
        serve = ["serve", "--port", str(self.ports.trust)]
        return self._child("trust", "paraph_trust", *serve, health=f"{self.trust_url}/health")

    def _server(self) -> Child:
        serve = ["serve", "--port", str(self.ports.server)]
        return self._child("server", "paraph_server", *serve, health=f"{self.url}/api/version")

    def _worker(self) -> Child:
        return self._child("worker", "paraph_server", "worker")

    def _child(self, name: str, module: str, *arguments: str, health: str = "") -> Child:
        command = [sys.executable, "-m", module, *arguments]
        return Child(name, command, self.environment(module), self.folder / "logs" / f"{name}.log", health)

    def environment(self, module: str) -> dict[str, str]:
        """What an operator would set for one program."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PARAPH_")}
        own = OPTIONS[module](self) if module in OPTIONS else {}
        return inherited | {"PYTHONUNBUFFERED": "1"} | own | self.options.get(module, {})

    # ------------------------------------------------------------ the first start

    def secret(self, name: str) -> str:
        """The path of a secret of 32 random bytes in Base64, made on first use."""
        path = self.folder / "secrets" / name
        if not path.exists():
            self._keep(path, base64.b64encode(secrets.token_bytes(32)).decode())
        return str(path)

    def _keep(self, path: Path, content: str) -> None:
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(content)
        fresh.replace(path)

    def _prepare(self) -> None:
        """Bring both databases to this version, hold the key ceremony, make the demonstration's tenant."""
        with ThreadPoolExecutor() as both:
            for done in [both.submit(self._prepare_trust), both.submit(self._prepare_server)]:
                done.result()
        password = self.folder / "secrets" / "alice-password"
        if not password.exists():
            self._keep(password, secrets.token_urlsafe(12))
        account = self._run("paraph_server", "demo-tenant", "--email", ALICE.email, "--password-file", str(password))
        self._keep(self.folder / "secrets" / "account.json", account)
        self._keep(self.folder / "prepared", _fingerprint())

    def _prepare_trust(self) -> None:
        self._run("paraph_trust", "migrate")
        self._run("paraph_trust", "ceremony", str(CEREMONY))
        if self.ports.partners:
            supplement = self.folder / "trust" / "organisation.toml"
            supplement.write_text(equipment.CEREMONY)
            self._run("paraph_trust", "ceremony", str(supplement))
        shutil.copy(self.folder / "trust" / "certificates" / "root.pem", self.folder)
        token = self.folder / "secrets" / "trust-token"
        if not token.exists():
            self._keep(token, self._run("paraph_trust", "client", "add", "server").strip())

    def _equip(self) -> None:
        """Give the demonstration's organisation what it takes to try each level, once."""
        office = equipment.Office(self.url, self.account.token)
        tenant = office("GET", "users/me")["tenantId"]
        with ThreadPoolExecutor() as both:
            credential, name = equipment.CREDENTIAL, equipment.SEAL_NAME
            sealing = both.submit(self._run, "paraph_server", "seal", tenant, credential, "--name", name)
            equipment.equip(office, franceconnect=self.franceconnect, provider=self.provider)
            sealing.result()
        equipment.make_template(office)
        (self.folder / equipment.SAMPLE).write_bytes(pdfs.contract())
        self._keep(self.folder / "equipped", _fingerprint())

    def _prepare_server(self) -> None:
        self._run("paraph_server", "migrate")

    def _prepared(self) -> bool:
        mark = self.folder / "prepared"
        return mark.exists() and mark.read_text() == _fingerprint()

    def _run(self, module: str, *arguments: str) -> str:
        command = [sys.executable, "-m", module, *arguments]
        done = subprocess.run(command, env=self.environment(module), capture_output=True, text=True, check=False)
        with (self.folder / "logs" / "setup.log").open("a") as log:
            log.write(f"$ {module} {' '.join(arguments)}\n{done.stderr}")
        if done.returncode:
            last = "\n".join(done.stderr.strip().splitlines()[-3:])
            raise CannotRunError(f"`{module} {' '.join(arguments)}` failed; see {log.name}. It ends with:\n{last}")
        return done.stdout

    def _wait(self) -> None:
        patience = time.monotonic() + PATIENCE
        for child in self.children.values():
            while not child.healthy:
                died = child.process is None or child.process.poll() is not None
                if died or time.monotonic() > patience:
                    raise CannotRunError(
                        f"The {child.name} does not start. The end of {child.log}:\n{child.last_words()}"
                    )
                time.sleep(0.05)


def _fingerprint() -> str:
    """Changes with everything that the first start depends on: the migrations and the ceremony."""
    digest = hashlib.sha256(CEREMONY.read_bytes() + equipment.CEREMONY.encode())
    for package in ("paraph_server", "paraph_trust", "procrastinate"):
        found = importlib.util.find_spec(package)
        for folder in (found.submodule_search_locations or []) if found else []:
            for migration in sorted(Path(folder).rglob("migrations/*.py")):
                digest.update(migration.read_bytes())
    return digest.hexdigest()


def _trust_options(platform: Platform) -> dict[str, str]:
    return {
        "PARAPH_TRUST_DATABASE_URL": postgres.url(platform.folder / "postgres", "paraph_trust"),
        "PARAPH_TRUST_KEYS_DIR": str(platform.folder / "trust"),
        "PARAPH_TRUST_PASSPHRASE_FILE": platform.secret("trust-passphrase"),
        "PARAPH_TRUST_PUBLIC_URL": platform.trust_url,
    }


def _server_options(platform: Platform) -> dict[str, str]:
    brought = {"PARAPH_CARD_ROOTS": "card-roots.pem", "PARAPH_TRUSTED_LISTS_DIR": "lists"}
    if platform.ports.partners:
        brought = {"PARAPH_CARD_ROOTS": "partners/roots.pem", "PARAPH_TRUSTED_LISTS_DIR": "partners/lists"}
    there = {name: str(platform.folder / each) for name, each in brought.items() if (platform.folder / each).exists()}
    return there | {
        "PARAPH_DATABASE_URL": postgres.url(platform.folder / "postgres", "paraph"),
        "PARAPH_SECRET_KEY_FILE": platform.secret("secret-key"),
        "PARAPH_STORAGE_KEY_FILE": platform.secret("storage-key"),
        "PARAPH_FIELD_KEY_FILE": platform.secret("field-key"),
        "PARAPH_STORAGE_DIR": str(platform.folder / "storage"),
        "PARAPH_PUBLIC_URL": platform.url,
        "PARAPH_TRUST_URL": platform.trust_url,
        "PARAPH_TRUST_TOKEN_FILE": str(platform.folder / "secrets" / "trust-token"),
        "PARAPH_TRUST_ROOTS": str(platform.folder / "root.pem"),
        "PARAPH_TSA_URL": f"{platform.trust_url}/tsa",
        "PARAPH_SEAL_CREDENTIAL": "seal-demo",
        "PARAPH_LOTL_URL": trustlist.LISTS,
        "PARAPH_SMTP_URL": f"smtp://127.0.0.1:{platform.ports.smtp}",
        "PARAPH_ENDPOINT_NETWORKS": "127.0.0.0/8",
        "PARAPH_SMS_URL": f"{platform.inbox_url}/sms",
        "PARAPH_MAIL_FROM": "Paraph <no-reply@paraph.example>",
        "PARAPH_DEMO": "true",
    }


OPTIONS: dict[str, Callable[[Platform], dict[str, str]]] = {
    "paraph_trust": _trust_options,
    "paraph_server": _server_options,
}


# ---------------------------------------------------------------- the command


class _Farewell(BaseException):
    """Somebody asked to stop."""


def main() -> None:
    """Run the demonstration; with the argument `doctor`, examine the one that runs."""
    began = time.monotonic()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _say_farewell)
    folder = Path(os.environ.get("PARAPH_HOME", ROOT / ".paraph"))
    platform = Platform(folder, Ports.beginning(int(os.environ.get("PARAPH_PORT", "8000"))))
    if sys.argv[1:] == ["doctor"]:
        sys.exit(_examine(platform))
    try:
        with _only_one(folder):
            _demonstrate(platform, began)
    except CannotRunError as reason:
        sys.exit(f"paraph: {reason}")


def _demonstrate(platform: Platform, began: float) -> None:
    try:
        platform.start(_say)
        _say(_welcome(platform, time.monotonic() - began))
        while True:
            time.sleep(0.5)
            for name, log in platform.revive().items():
                _say(f"The {name} had stopped; it was started again. Why: {log}")
    except _Farewell:
        _say("Stopping …")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        platform.stop()


def _examine(platform: Platform) -> int:
    """Let `paraph doctor` look at both programs, each with its own options; the worse of the two exit codes."""
    command = [sys.executable, "-m", "paraph", "doctor", "--only"]
    examined = [
        subprocess.run([*command, name], env=platform.environment(f"paraph_{name}"), check=False)
        for name in ("trust", "server")
    ]
    return max(one.returncode for one in examined)


def _welcome(platform: Platform, seconds: float) -> str:
    account = platform.account
    return f"""
Paraph is ready ({seconds:.1f} s).

  Send a document    {platform.url}/
                     sign in as {account.email} with the password {account.password}
                     a PDF to send: {platform.folder / equipment.SAMPLE}
  Read the e-mails   {platform.inbox_url}/
                     everybody's e-mails and text messages, nothing leaves this machine

  Each level of signature is a way to identify who signs; choose it where you name them.
    simple           Code by e-mail: whoever you like
    advanced         FranceConnect + Code by e-mail: {BOB.name}, and be him at the played FranceConnect
    qualified        Trust service provider: {CAROL.name}; at the played {qtsp.NAME}
                     her account is carol, her password {qtsp.PASSWORD}, her PIN {qtsp.PIN}
  A template (with the organisation's seal), and a signature policy to put into force, are there as well.

  Call the REST API  {platform.url}/api/
                     Authorization: Bearer {account.token}
  Read the logs      {platform.folder / "logs"}

Keys and certificates are for demonstration. Ctrl-C stops everything and keeps your data.
"""


@contextlib.contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotRunError(f"A demonstration is already running from {folder}.") from None
        yield


def _say_farewell(_number: int, _frame: FrameType | None) -> None:
    raise _Farewell


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    main()
