"""`paraph-server`: make the database ready, serve, work; make tenants, and who administers them."""

import argparse
import json
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
from pydantic import ValidationError

from paraph_server.config.options import BadOptions, options

if TYPE_CHECKING:
    from paraph_server.accounts.models import User

# ruff: noqa: PLC0415 - models can be imported once Django is set up, and what a command does not use is not loaded

BAD_INPUT = 2  # exit code


def main(arguments: list[str] | None = None) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "paraph_server.config.settings")
    asked = _parser().parse_args(arguments)
    try:
        options()
        asked.command(asked)
    except (BadOptions, ValidationError) as error:
        print(f"paraph-server: {error}", file=sys.stderr)  # noqa: T201 - a command speaks
        return BAD_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="paraph-server", description="The Paraph platform.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    migrate = commands.add_parser("migrate", help="bring the database to this version")
    migrate.set_defaults(command=_migrate)

    serve = commands.add_parser("serve", help="answer browsers and the REST API")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--processes", type=int, default=1)
    serve.add_argument("--threads", type=int, default=8, help="in each process (default: 8)")
    serve.set_defaults(command=_serve)

    worker = commands.add_parser("worker", help="send messages, make signatures and evidence files")
    worker.add_argument("--jobs", type=int, default=4, help="at the same time (default: 4)")
    worker.set_defaults(command=_worker)

    origins = commands.add_parser("allow-origins", help="say which sites may show an organisation's signing pages")
    origins.add_argument("tenant", help="its identifier, ten_…")
    origins.add_argument("origins", nargs="*", metavar="ORIGIN", help="such as https://shop.example.org; all of them")
    origins.set_defaults(command=_allow_origins)

    new = commands.add_parser(
        "tenant", help="make an organisation and who administers it; prints the link for a password"
    )
    new.add_argument("name")
    new.add_argument("--email", required=True)
    new.add_argument("--first-name", required=True)
    new.add_argument("--last-name", required=True)
    new.add_argument("--language", choices=("en", "fr"), default="fr")
    new.set_defaults(command=_tenant)

    operators = commands.add_parser(
        "operators", help="say which organisations look after the whole installation's jobs"
    )
    operators.add_argument("tenants", nargs="*", metavar="TENANT", help="an identifier, ten_…; all of them")
    operators.set_defaults(command=_operators)

    seal = commands.add_parser(
        "seal", help="let an organisation seal with a credential of the trust service, and no other"
    )
    seal.add_argument("tenant", help="its identifier, ten_…")
    seal.add_argument("credential")
    seal.add_argument("--name", default="", help="what its users see; otherwise the credential")
    seal.add_argument("--withdraw", action="store_true", help="let it seal with this one no more")
    seal.set_defaults(command=_seal)

    administrator = commands.add_parser("administrator", help="let somebody administer their organisation")
    administrator.add_argument("email")
    administrator.set_defaults(command=_administrator)

    factors = commands.add_parser("forget-factors", help="let somebody who lost their second factors in without them")
    factors.add_argument("email")
    factors.set_defaults(command=_forget_factors)

    door = commands.add_parser("let-in", help="let somebody in by a password for a day, whatever their directory says")
    door.add_argument("email")
    door.set_defaults(command=_let_in)

    domains = commands.add_parser("grant-domains", help="say which domains of e-mail addresses are an organisation's")
    domains.add_argument("tenant", help="its identifier, ten_…")
    domains.add_argument("domains", nargs="+", metavar="DOMAIN", help="such as example.org")
    domains.set_defaults(command=_grant_domains)

    tenant = commands.add_parser(
        "demo-tenant", help="make the demonstration's tenant, or give its user a new password and token; prints JSON"
    )
    tenant.add_argument("--email", default="alice@example.org")
    tenant.add_argument("--password-file", type=Path, help="otherwise a password is invented")
    tenant.set_defaults(command=_demo_tenant)
    return parser


def _migrate(_asked: argparse.Namespace) -> None:
    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False)
    _renew_consent_pages()


def _renew_consent_pages() -> None:
    """Texts are an organisation's own as soon as it changes them; those it never touched follow this version."""
    from django.utils import timezone

    from paraph_server.accounts.models import Tenant
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.workflows.actions import renew_pages

    for tenant_id in Tenant.objects.values_list("pk", flat=True):
        with tenant_context(tenant_id):
            renew_pages(tenant_id, at=timezone.now())


def _serve(asked: argparse.Namespace) -> None:
    options().complete()
    from paraph_server.config import serving

    serving.serve(host=asked.host, port=asked.port, processes=asked.processes, threads=asked.threads)


def _worker(asked: argparse.Namespace) -> None:
    options().complete()
    django.setup()
    from paraph_server import worker

    worker.work(jobs=asked.jobs)


def _allow_origins(asked: argparse.Namespace) -> None:
    _organisation(asked.tenant)
    from django.utils import timezone

    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.embedding import actions
    from paraph_server.embedding.errors import BadOrigin
    from paraph_server.journal.actions import PLATFORM

    try:
        with tenant_context(asked.tenant):
            allowed = actions.allow_origins(asked.tenant, asked.origins, by=PLATFORM, at=timezone.now())
    except BadOrigin as error:
        raise BadOptions(str(error)) from None
    print("\n".join(allowed))  # noqa: T201 - its output


def _tenant(asked: argparse.Namespace) -> None:
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from paraph_server.accounts import actions
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.administration import passwords
    from paraph_server.workflows.actions import set_up_tenant

    at = timezone.now()
    with _said_as_options(), transaction.atomic():
        tenant = actions.create_tenant(asked.name, operates=_is_first(), at=at)
        names = {"first_name": asked.first_name, "last_name": asked.last_name}
        user = actions.create_user(tenant, email=asked.email, **names, locale=asked.language, at=at)
        with tenant_context(tenant):
            set_up_tenant(tenant, at=at)
    print(passwords.INVITED.link(user))  # noqa: T201 - its output


def _operators(asked: argparse.Namespace) -> None:
    django.setup()
    from django.utils import timezone

    from paraph_server.jobs import actions
    from paraph_server.journal.actions import PLATFORM

    with _said_as_options():
        chosen = actions.let_operate(asked.tenants, by=PLATFORM, at=timezone.now())
    print("\n".join(each.pk for each in chosen))  # noqa: T201 - its output


def _seal(asked: argparse.Namespace) -> None:
    options().complete()
    _organisation(asked.tenant)
    from django.utils import timezone
    from paraph.errors import ParaphError

    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.journal.actions import PLATFORM
    from paraph_server.sealing import actions
    from paraph_server.workflows.actions import withdraw_seal

    at = timezone.now()
    try:
        with _said_as_options(), tenant_context(asked.tenant):
            if asked.withdraw:
                withdraw_seal(asked.tenant, asked.credential, by=PLATFORM, at=at)
            else:
                name = asked.name or asked.credential
                made = actions.give(asked.tenant, asked.credential, name=name, by=PLATFORM, at=at)
                print(made.pk)  # noqa: T201 - its output
    except ParaphError as error:
        raise BadOptions(str(error)) from None


def _administrator(asked: argparse.Namespace) -> None:
    user = _somebody(asked.email)
    from django.utils import timezone

    from paraph_server.accounts import actions

    actions.appoint(user, at=timezone.now())


def _forget_factors(asked: argparse.Namespace) -> None:
    user = _somebody(asked.email)
    from django.utils import timezone

    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.authentication import actions
    from paraph_server.journal.actions import PLATFORM

    with tenant_context(user.tenant_id):
        actions.forget_factors(user, acting=PLATFORM, at=timezone.now())


def _let_in(asked: argparse.Namespace) -> None:
    user = _somebody(asked.email)
    from django.utils import timezone

    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.administration import passwords
    from paraph_server.authentication import directories
    from paraph_server.journal.actions import PLATFORM

    with tenant_context(user.tenant_id):
        directories.give_leave(user, by=PLATFORM, at=timezone.now())
    print(passwords.FORGOTTEN.link(user))  # noqa: T201 - its output


def _grant_domains(asked: argparse.Namespace) -> None:
    _organisation(asked.tenant)
    from django.utils import timezone

    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.authentication import directories
    from paraph_server.journal.actions import PLATFORM

    with _said_as_options(), tenant_context(asked.tenant):
        granted = directories.grant(asked.tenant, asked.domains, by=PLATFORM, at=timezone.now())
    print("\n".join(granted))  # noqa: T201 - its output


def _organisation(tenant_id: str) -> None:
    django.setup()
    from paraph_server.accounts.models import Tenant

    if not Tenant.objects.filter(pk=tenant_id).exists():
        raise BadOptions(f"there is no organisation {tenant_id}.")


def _somebody(email: str) -> "User":
    django.setup()
    from paraph_server.accounts.models import User
    from paraph_server.accounts.tenancy import every_tenant

    with every_tenant():
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if user is None:
        raise BadOptions(f"nobody signs in as {email}.")
    return user


def _is_first() -> bool:
    """The first organisation belongs to whoever installs the platform, and looks after it."""
    from paraph_server.accounts.models import Tenant

    return not Tenant.objects.exists()


@contextmanager
def _said_as_options() -> Iterator[None]:
    """What the platform refuses is said like any other mistake in a command."""
    from paraph_server.web.errors import PlatformError

    try:
        yield
    except PlatformError as error:
        raise BadOptions(str(error)) from None


def _demo_tenant(asked: argparse.Namespace) -> None:
    if not options().demo:
        raise BadOptions("the demonstration's password is printed: set PARAPH_DEMO=true if you want such a tenant.")
    django.setup()
    password = asked.password_file.read_text().strip() if asked.password_file else secrets.token_urlsafe(12)
    print(json.dumps(_account(asked.email, password)))  # noqa: T201 - its output


def _account(email: str, password: str) -> dict[str, str]:
    """Alice and her tenant, made when missing; each time she gets this password and a fresh access token."""
    from django.utils import timezone

    from paraph_server.accounts import actions
    from paraph_server.accounts.models import User
    from paraph_server.accounts.tenancy import every_tenant, tenant_context
    from paraph_server.workflows.actions import set_up_tenant

    at = timezone.now()
    with every_tenant():
        user = User.objects.filter(email=email).select_related("tenant").first()
    if user is None:
        tenant = actions.create_tenant("Démonstration", operates=_is_first(), at=at)
        user = actions.create_user(
            tenant, email=email, first_name="Alice", last_name="Marchand", password=password, locale="fr", at=at
        )
    with tenant_context(user.tenant):
        set_up_tenant(user.tenant, at=at)
        actions.appoint(user, at=at)
        actions.change_password(user, password, at=at)
        token = actions.create_access_token(user, name="demonstration", at=at)
    return {"email": user.email, "password": password, "token": token, "user_id": user.pk}


if __name__ == "__main__":
    sys.exit(main())
