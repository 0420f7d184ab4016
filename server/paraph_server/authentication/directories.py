"""The directories that an organisation's own people sign in with, and whom each of them is asked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from paraph.evidence import Means

from paraph_server.accounts.models import Group, Tenant, User
from paraph_server.accounts.rights import Right
from paraph_server.accounts.tenancy import every_tenant, id_of
from paraph_server.authentication.errors import BadDirectory, DomainTaken, NoSuchDirectory, OnlyByDirectory
from paraph_server.authentication.models import Directory, Domain, Factor, Leave
from paraph_server.authentication.notices import tell
from paraph_server.config.options import options
from paraph_server.identification import addresses
from paraph_server.identification.errors import BadAddress, BadProvider
from paraph_server.identification.openid import exchange
from paraph_server.identification.openid.exchange import Party
from paraph_server.identification.openid.kinds import RULES
from paraph_server.journal.actions import Actor, record
from paraph_server.web.sealed import seal, unseal

KINDS = (Means.OIDC, Means.PROCONNECT)
"""The providers that know people by their work."""
LONGEST = {"name": 60, "issuer": 300, "client_id": 200, "secret": 500, "strong_values": 200}
MOST_DOMAINS = 50
LEAVE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an administrator decides about a directory, and may decide otherwise later."""

    name: str
    domains: Sequence[str]
    secret: str = ""
    """Empty: as before."""
    strong_values: str = ""
    group: Group | None = None
    alone: bool = False


# ---------------------------------------------------------------- keep


@transaction.atomic
def register(
    tenant: Tenant | str, terms: Terms, *, kind: Means, issuer: str, client_id: str, by: Actor, at: datetime
) -> Directory:
    """Connect a directory.

    Raises:
        BadDirectory: something is missing, or cannot be.
        DomainTaken: another directory answers for one of the domains.
    """
    if kind not in KINDS:
        raise BadDirectory(_("There are no directories of this kind."))
    try:
        issuer = exchange.check_address(issuer.strip() or RULES[kind].issuer)
    except BadProvider as error:
        raise BadDirectory(str(error)) from None
    made = Directory(
        tenant_id=id_of(tenant), kind=kind, issuer=issuer, client_id=client_id.strip(), secret=b"", created_at=at
    )
    if not made.client_id or not terms.secret.strip():
        raise BadDirectory(_("Write down the identifier and the secret that the provider gave you."))
    _agree(made, terms)
    _tell("directory:registered", made, by, at)
    return made


@transaction.atomic
def change(directory: Directory, terms: Terms, *, by: Actor, at: datetime) -> Directory:
    """Take other terms; who is linked stays linked. Raises as `register` does."""
    changed = Directory.objects.select_for_update().get(pk=directory.pk)
    _agree(changed, terms)
    _tell("directory:changed", changed, by, at)
    return changed


@transaction.atomic
def remove(directory: Directory, *, by: Actor, at: datetime) -> None:
    """Nobody signs in with it any more; its people use their passwords, or choose one."""
    _tell("directory:removed", directory, by, at)
    directory.delete()


@transaction.atomic
def grant(tenant: Tenant | str, names: Sequence[str], *, by: Actor, at: datetime) -> list[str]:
    """The operator says that these domains are an organisation's; all that are so from now on.

    Raises:
        BadDirectory: none of its directories answers for one of them.
        DomainTaken: it is another organisation's.
    """
    for name in names:
        found = Domain.objects.filter(tenant=id_of(tenant), name=_domain(name)).first()
        if found is None:
            raise BadDirectory(_("No directory of this organisation answers for %(name)s.") % {"name": name})
        _grant(found)
    record("directory:granted", tenant=id_of(tenant), subject=id_of(tenant), by=by, at=at, domains=list(names))
    return list(Domain.objects.filter(tenant=id_of(tenant), granted=True).values_list("name", flat=True))


@transaction.atomic
def give_leave(user: User, *, by: Actor, at: datetime) -> None:
    """The operator lets somebody in by their password for a day, whatever their directory's terms say."""
    Leave.objects.update_or_create(user=user, defaults={"tenant_id": user.tenant_id, "until": at + LEAVE})
    tell("user:password-allowed", user, by, at, until=(at + LEAVE).isoformat())


def _agree(directory: Directory, terms: Terms) -> None:
    directory.name = terms.name.strip() or RULES[directory.means].name
    directory.strong_values = " ".join(terms.strong_values.split())
    directory.group, directory.alone = terms.group, terms.alone
    if terms.secret.strip():
        directory.secret = seal(terms.secret.strip())
    if len(terms.secret) > LONGEST["secret"] or any(
        len(getattr(directory, name)) > LONGEST[name] for name in ("name", "issuer", "client_id", "strong_values")
    ):
        raise BadDirectory(_("This is too long for a directory."))
    if terms.group and Right.ADMINISTER in terms.group.rights:
        raise BadDirectory(_("This group administers: choose another one for those who have no account yet."))
    directory.save()
    _answer_for(directory, sorted({_domain(each) for each in terms.domains}))


def _answer_for(directory: Directory, names: Sequence[str]) -> None:
    if not 0 < len(names) <= MOST_DOMAINS:
        raise BadDirectory(_("Write down the domains of your people’s addresses, such as example.org; 50 at most."))
    directory.domains.exclude(name__in=names).delete()
    operates = Tenant.objects.filter(pk=directory.tenant_id, operates=True).exists()
    for name in set(names) - set(directory.domains.values_list("name", flat=True)):
        try:
            with transaction.atomic():
                made = Domain.objects.create(tenant_id=directory.tenant_id, directory=directory, name=name)
        except IntegrityError:
            raise DomainTaken(_("Another directory answers for %(name)s.") % {"name": name}) from None
        if operates:
            _grant(made)


def _grant(domain: Domain) -> None:
    try:
        with transaction.atomic():
            Domain.objects.filter(pk=domain.pk).update(granted=True)
    except IntegrityError:
        raise DomainTaken(_("%(name)s is another organisation’s.") % {"name": domain.name}) from None


def _domain(name: str) -> str:
    try:
        return domain_of(addresses.email(f"anybody@{name.strip().removeprefix('@')}"))
    except BadAddress:
        raise BadDirectory(_("%(name)s is not the domain of an e-mail address.") % {"name": name.strip()}) from None


def _tell(event: str, directory: Directory, by: Actor, at: datetime) -> None:
    facts: dict[str, Any] = {
        "name": directory.name,
        "issuer": directory.issuer,
        "domains": domains(directory),
        "strong_values": directory.strong_values,
        "group": directory.group_id,
        "alone": directory.alone,
    }
    record(event, tenant=directory.tenant_id, subject=directory.pk, by=by, at=at, **facts)


# ---------------------------------------------------------------- find


def of(tenant: Tenant | str) -> QuerySet[Directory]:
    return Directory.objects.filter(tenant_id=id_of(tenant)).prefetch_related("domains")


def find(directory_id: str) -> Directory:
    """Raises `NoSuchDirectory`."""
    found = Directory.objects.filter(pk=directory_id).prefetch_related("domains").first()
    if found is None:
        raise NoSuchDirectory(_("There is no such directory."))
    return found


def group(tenant: Tenant | str, group_id: str) -> Group:
    """Where newcomers are put; raises `BadDirectory`."""
    found = Group.objects.filter(tenant=id_of(tenant), pk=group_id).first()
    if found is None:
        raise BadDirectory(_("There is no such group."))
    return found


def domains(directory: Directory) -> list[str]:
    return sorted(each.name for each in directory.domains.all())


def domain_of(email: str) -> str:
    return email.strip().lower().rpartition("@")[2]


def any_known() -> bool:
    """Whether somebody here signs in with one: then the address is asked for before the password."""
    with every_tenant():
        return Domain.objects.exists()


def for_address(email: str) -> Directory | None:
    """Where whoever types this address at the door signs in.

    A user's own organisation decides. Whom nobody knows is sent only where the operator says that the domain belongs:
    otherwise any organisation could have another one's people asked for their passwords.
    """
    with every_tenant():
        user = User.objects.filter(email=email.strip().lower()).first()
        answering = Domain.objects.filter(name=domain_of(email)).select_related("directory__tenant")
        found = answering.filter(tenant=user.tenant_id) if user else answering.filter(granted=True)
        domain = found.first()
    return domain.directory if domain else None


def for_user(user: User) -> Directory | None:
    domain = Domain.objects.filter(tenant=user.tenant_id, name=domain_of(user.email)).select_related("directory")
    found = domain.first()
    return found.directory if found else None


def takes_own(user: User, *, at: datetime) -> bool:
    """Whether a password or a passkey of ours lets somebody in."""
    directory = for_user(user)
    return not (directory and directory.alone) or Leave.objects.filter(user=user, until__gt=at).exists()


def check_way(user: User, factor: Factor, *, at: datetime) -> None:
    """Raises `OnlyByDirectory`: somebody may not sign in like this."""
    if factor in {Factor.PASSWORD, Factor.PASSKEY} and not takes_own(user, at=at):
        raise OnlyByDirectory(
            _("Your organisation lets you in by its own sign-in only. Write your address and leave the rest to it.")
        )


def party(directory: Directory) -> Party:
    """We, as the directory knows us."""
    return Party(
        directory.means,
        directory.issuer,
        directory.client_id,
        unseal(directory.secret),
        "",
        callback(directory.tenant_id),
        of_users=True,
    )


def callback(tenant: Tenant | str) -> str:
    """Where its people come back to: each organisation's own, so that one's provider cannot play another's."""
    return f"{options().public_url}/sign-in/from/{id_of(tenant)}"


def farewell() -> str:
    return f"{options().public_url}/sign-in/"
