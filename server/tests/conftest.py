"""A database of its own for the tests, the fixed cast, and jobs that run when told to."""

import base64
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from paraph_testing import postgres

if TYPE_CHECKING:
    from paraph_server.accounts.models import Tenant, User
    from paraph_server.journal.actions import Actor
    from paraph_server.workflows.actions import NewRecipient
    from paraph_server.workflows.models import ConsentPage, Recipient, Workflow
    from paraph_testing.cast import Person
    from paraph_testing.program import Program
    from paraph_testing.signing_service import SigningService
    from paraph_testing.status import StatusService

# ruff: noqa: PLC0415 - models can only be imported once Django is set up

PASSWORD = "correct horse battery staple"


def pytest_configure(config: pytest.Config) -> None:
    """Options first, Django afterwards: models can only be imported once it is set up."""
    if "DJANGO_SETTINGS_MODULE" in os.environ:
        return
    folder = Path(tempfile.mkdtemp(prefix="paraph-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith("PARAPH_")]:
        del os.environ[name]
    os.environ.update(
        DJANGO_SETTINGS_MODULE="paraph_server.config.settings",
        PARAPH_DATABASE_URL=postgres.temporary(),
        PARAPH_SECRET_KEY="a secret that is only good for tests",
        PARAPH_STORAGE_DIR=str(folder / "storage"),
        PARAPH_STORAGE_KEY=base64.b64encode(bytes(32)).decode(),
        PARAPH_FIELD_KEY=base64.b64encode(bytes(range(32))).decode(),
        PARAPH_PUBLIC_URL="http://testserver",
        PARAPH_ENDPOINT_NETWORKS="127.0.0.0/8",
        PARAPH_MAIL_FROM="Paraph <no-reply@paraph.example>",
    )
    import django
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast
    django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Let tests with real transactions empty the tables afterwards, which the journal refuses to everybody else."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.sql_flush

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        permanent = [table for table in tables if table.startswith("journal_")]
        queues = ["procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_events"]
        return [
            *(f"ALTER TABLE {table} DISABLE TRIGGER permanent_table" for table in permanent),
            *flush(self, style, [*tables, *queues], **options),
            *(f"ALTER TABLE {table} ENABLE TRIGGER permanent_table" for table in permanent),
        ]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _no_language_left_behind() -> Iterator[None]:
    """A request in French leaves its thread speaking French."""
    from django.utils import translation

    yield
    translation.deactivate()


@pytest.fixture
def noon() -> datetime:
    return datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def tenant(db: None, noon: datetime) -> "Iterator[Tenant]":
    """The tenant of Alice; the test speaks for it."""
    from paraph_server.accounts import actions
    from paraph_server.accounts.tenancy import tenant_context

    tenant = actions.create_tenant("Marchand & Co", at=noon)
    with tenant_context(tenant):
        yield tenant


@pytest.fixture
def other_tenant(db: None, noon: datetime) -> "Tenant":
    """The tenant of Mallory."""
    from paraph_server.accounts import actions

    return actions.create_tenant("Sauvage SA", at=noon)


@pytest.fixture
def alice(tenant: "Tenant", noon: datetime) -> "User":
    from paraph_server.accounts import actions
    from paraph_testing.cast import ALICE

    return actions.create_user(
        tenant,
        email=ALICE.email,
        first_name=ALICE.first_name,
        last_name=ALICE.last_name,
        password=PASSWORD,
        locale=ALICE.locale,
        at=noon,
    )


@pytest.fixture
def mallory(other_tenant: "Tenant", noon: datetime) -> "User":
    from paraph_server.accounts import actions
    from paraph_testing.cast import MALLORY

    return actions.create_user(
        other_tenant,
        email=MALLORY.email,
        first_name=MALLORY.first_name,
        last_name=MALLORY.last_name,
        password=PASSWORD,
        locale=MALLORY.locale,
        at=noon,
    )


@pytest.fixture
def by_alice(alice: "User") -> "Actor":
    from paraph_server.journal.actions import Actor

    return Actor("user", alice.pk, alice.name, address="192.0.2.1")


@pytest.fixture
def run_jobs(db: None) -> Callable[[], int]:
    """Do what was deferred, in order and within the test's transaction, until nothing is left; how many were done.

    A job that fails raises here: what a worker would retry, a test wants to see. What is put off stays undone.
    """
    from django.db import connection
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.models import ProcrastinateJob

    def run() -> int:
        done = 0
        due = ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("id")
        while job := due.first():
            with connection.cursor() as cursor:
                cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [job.pk])
                cursor.execute("UPDATE procrastinate_jobs SET status = 'succeeded' WHERE id = %s", [job.pk])
            app.tasks[job.task_name].func(**job.args)
            done += 1
        return done

    return run


# ---------------------------------------------------------------- workflows


@pytest.fixture
def invited(tenant: "Tenant") -> "Callable[..., NewRecipient]":
    """A person as somebody invites them, identified by e-mail."""
    from django.utils import timezone
    from paraph_server.workflows import actions, queries

    actions.set_up_tenant(tenant, at=timezone.now())

    def invited(person: "Person", **more: Any) -> actions.NewRecipient:
        return actions.NewRecipient(
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            consent_page=queries.consent_pages().get(means=["email-code"]),
            phone_number=person.phone_number,
            locale=person.locale,
            **more,
        )

    return invited


@pytest.fixture
def identified(tenant: "Tenant", invited: object, alice: "User", by_alice: "Actor") -> "Callable[..., ConsentPage]":
    """How signers are identified, for a test."""
    from django.utils import timezone
    from paraph.evidence import Means
    from paraph_server.workflows import actions

    def identified(*means: Means) -> "ConsentPage":
        wanted = actions.NewConsentPage(" and ".join(means), means, "I sign.", "Je signe.")
        return actions.create_page(wanted, owner=alice, by=by_alice, at=timezone.now())

    return identified


@pytest.fixture
def send(
    tenant: "Tenant", alice: "User", by_alice: "Actor", invited: "Callable[..., NewRecipient]"
) -> "Callable[..., Workflow]":
    """Alice sends documents to people, one after the other; to those in a list at the same time.

    A step may also be given as it is asked for, and so may the circle.
    """
    from django.utils import timezone
    from paraph_server.documents import actions as documents
    from paraph_server.workflows import actions, queries
    from paraph_server.workflows.contents import add_document
    from paraph_testing import pdfs

    at = timezone.now()

    def send(*steps: Any, contents: tuple[bytes, ...] = (), circle: Any = None, **options: Any) -> "Workflow":
        wanted = [step if isinstance(step, actions.NewStep) else together(step, options) for step in steps]
        asked = actions.NewWorkflow("Contract 42", steps=wanted, circle=circle or actions.Circle())
        workflow = actions.create(asked, owner=alice, by=by_alice, at=at)
        for number, content in enumerate(contents or (pdfs.invoice(),), start=1):
            part = documents.receive(tenant, BytesIO(content), f"file {number}.pdf", by=by_alice, at=at)
            profile = queries.signature_profiles().get()
            add_document(workflow, part, profile=profile, by=by_alice, at=at)
        return actions.start(workflow, by=by_alice, at=at)

    def together(step: Any, options: dict[str, Any]) -> actions.NewStep:
        people = step if isinstance(step, list) else [step]
        return actions.NewStep([invited(person) for person in people], **options)

    return send


@pytest.fixture
def recipient() -> "Callable[[Workflow, Person], Recipient]":
    """A person in a workflow, as the database has them now."""
    from paraph_server.workflows import queries
    from paraph_server.workflows.models import Recipient

    def recipient(workflow: "Workflow", person: "Person") -> "Recipient":
        return queries.recipient(Recipient.objects.get(step__workflow=workflow, email=person.email).pk)

    return recipient


@pytest.fixture
def trust_service(monkeypatch: pytest.MonkeyPatch) -> "SigningService":
    """A trust service in memory, in the place of the one that the options name."""
    from paraph_server import trust
    from paraph_testing.pki import Pki
    from paraph_testing.signing_service import SigningService

    service = SigningService(Pki())
    monkeypatch.setattr(trust, "signing_service", lambda: service)
    monkeypatch.setattr(trust, "timestamper", lambda: service)
    monkeypatch.setattr(trust, "trusted", lambda: service.authority.trusted)
    return service


@pytest.fixture
def browsers_show(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[StatusService]":
    """A proxy on this machine asks browsers for certificates; whose authority the operator named."""
    from cryptography.hazmat.primitives.serialization import Encoding
    from paraph_server import trust
    from paraph_server.config.options import options
    from paraph_testing.status import StatusService

    with StatusService() as authority:
        roots = tmp_path / "browsers.pem"
        roots.write_bytes(authority.pki.root.certificate.public_bytes(Encoding.PEM))
        monkeypatch.setenv("PARAPH_CLIENT_CERTIFICATE_PROXIES", "127.0.0.1")
        monkeypatch.setenv("PARAPH_CLIENT_CERTIFICATE_ROOTS", str(roots))
        for each in (options, trust.trusted_in_browsers):
            each.cache_clear()
        yield authority
    monkeypatch.undo()
    for each in (options, trust.trusted_in_browsers):
        each.cache_clear()


@pytest.fixture
def prove() -> "Callable[[Recipient], str]":
    """Somebody opens their invitation, accepts, and enters the code they were sent; what their browser keeps of it."""
    import re

    from django.utils import timezone
    from paraph_server.notifications.content import Content
    from paraph_server.notifications.models import Message
    from paraph_server.signing import actions, queries
    from paraph_server.workflows import queries as waiting

    def prove(recipient: "Recipient") -> str:
        by, at = actions.actor(recipient, address="192.0.2.7", agent="Browser"), timezone.now()
        actions.open_session(recipient, by=by, at=at)
        shown = queries.consent_digest(waiting.consent_text(recipient, "fr"), queries.shown(recipient))
        actions.accept(recipient, shown=shown, language="fr", by=by, at=at)
        (means,) = [each for each in queries.asked(recipient) if each in actions.CHANNELS]
        actions.request_code(recipient, means, by=by, at=at)
        message = Message.objects.filter(recipient_id=recipient.pk, kind="code").latest("created_at")
        code = re.findall(r"\b[0-9]{6}\b", Content.decrypt(bytes(message.content or b"")).text)[0]
        proof = actions.verify(recipient, code=code, by=by, at=at)
        actions.prove(recipient, proof, by=by, at=at)
        return proof.id

    return prove


@pytest.fixture
def sign(trust_service: "SigningService", prove: "Callable[[Recipient], str]") -> "Callable[..., None]":
    """Somebody goes all the way to signing; the worker's part comes with `run_jobs`."""
    from django.utils import timezone
    from paraph_server.signing import actions

    def sign(recipient: "Recipient", mark: str = "", **said: str) -> None:
        proof, by = prove(recipient), actions.actor(recipient, address="192.0.2.7", agent="Browser")
        actions.request_signature(recipient, held=[proof], mark=mark, by=by, at=timezone.now(), **said)

    return sign


# ---------------------------------------------------------------- programs


def _program(user: "User") -> "Program":
    from django.utils import timezone
    from paraph_server.accounts.actions import create_access_token
    from paraph_server.workflows.actions import set_up_tenant
    from paraph_testing.program import Program

    set_up_tenant(user.tenant, at=timezone.now())
    return Program(user.pk, create_access_token(user, name="test", at=timezone.now()))


@pytest.fixture
def api(alice: "User") -> "Program":
    """Alice's program."""
    return _program(alice)


@pytest.fixture
def mallorys_api(mallory: "User") -> "Program":
    """Mallory's, in another tenant."""
    from paraph_server.accounts.tenancy import tenant_context

    with tenant_context(mallory.tenant):
        return _program(mallory)


# ---------------------------------------------------------------- colleagues


@pytest.fixture
def hire(tenant: "Tenant", alice: "User", noon: datetime) -> "Callable[..., User]":
    """A colleague of Alice's, by default in the first group, who may send, sign and approve."""
    from paraph_server.accounts import actions
    from paraph_server.accounts.models import Group

    def hire(person: "Person", *rights: str) -> "User":
        group = None
        if rights:
            name = " and ".join(rights)
            group = Group.objects.create(tenant=tenant, name=name, rights=list(rights), created_at=noon)
        return actions.create_user(
            tenant,
            email=person.email,
            first_name=person.first_name,
            last_name=person.last_name,
            phone_number=person.phone_number,
            locale=person.locale,
            password="correct horse battery staple",
            group=group,
            at=noon,
        )

    return hire


@pytest.fixture
def program() -> "Callable[..., Program]":
    """The program of somebody, with a token of its own."""
    from django.utils import timezone
    from paraph_server.accounts import access_tokens
    from paraph_testing.program import Program

    def program(user: "User", **limits: object) -> "Program":
        return Program(user.pk, access_tokens.create(user, name="test", at=timezone.now(), **limits)[1])  # type: ignore[arg-type]

    return program


@pytest.fixture
def bob(hire: "Callable[..., User]") -> "User":
    from paraph_testing.cast import BOB

    return hire(BOB)


@pytest.fixture
def carol(hire: "Callable[..., User]") -> "User":
    from paraph_testing.cast import CAROL

    return hire(CAROL)
