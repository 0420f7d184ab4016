"""The options of signing, and the wish that they stand for."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from paraph import certs, pades
from paraph.algorithms import SignatureAlgorithm
from paraph.certs import Revocations, TrustStore
from paraph.cli import keys
from paraph.cli.keys import Key
from paraph.cli.options import FILE, passphrase, passphrase_fd, passphrase_file, password, password_in, timestamper, tsa
from paraph.keys.signer import Signer
from paraph.pades import Changes
from paraph.signatures import Level


@dataclass(frozen=True, slots=True)
class Wish:
    """How to sign: everything but the documents."""

    key: Key
    level: Level
    tsas: tuple[str, ...]
    roots: bytes | None
    """Whom to trust, for levels that need validation data."""
    name: str
    reason: str
    block: pades.Block | None
    field: str
    certify: Changes | None
    password: str = dataclasses.field(repr=False)
    """Of the documents."""
    allow_misleading: bool

    def revocations(self) -> Revocations | None:
        """Where status is asked, once for all documents."""
        return Revocations(TrustStore(tuple(certs.read(self.roots)))) if self.roots else None

    def sealer(self) -> pades.Sealer:
        return pades.Sealer(
            self.key.signer(),
            level=self.level,
            timestamper=timestamper(self.tsas),
            revocations=self.revocations(),
            name=self.name,
            reason=self.reason,
            block=self.block,
            field=self.field,
            certify=self.certify,
            password=self.password,
            allow_misleading=self.allow_misleading,
        )


class Rectangle(click.ParamType[pades.Block]):
    name = "page,x,y,width,height"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> pades.Block:
        try:
            page, *rectangle = str(value).split(",")
            x, y, width, height = map(float, rectangle)
            return pades.Block(int(page), x, y, width, height)
        except ValueError:
            self.fail("write it as page,x,y,width,height in points from the top left; page -1 is the last", param, ctx)


_SIGNING = [
    click.option(
        "--key",
        required=True,
        metavar="FILE|URI",
        help="PKCS#12, or a private key in PEM or DER; or the URI of a key on a token (pkcs11:) or far away (csc:).",
    ),
    click.option("--certificates", type=FILE, help="The key's certificate and its issuers', PEM."),
    passphrase_file,
    passphrase_fd,
    click.option("--pss", is_flag=True, help="Pad an RSA key's signatures as PSS, which outlives PKCS#1 v1.5."),
    click.option(
        "--level",
        type=click.Choice([level.value for level in Level]),
        help="B-T if there is a time-stamp authority, else B-B. B-LT and B-LTA need --tsa and --trust.",
    ),
    tsa,
    click.option("--trust", "roots", type=FILE, help="The root certificates to trust, for B-LT and B-LTA."),
    click.option("--name", default="", help="In PDFs, the name of who signs, as viewers show it."),
    click.option("--reason", default="", help="In PDFs, why, as viewers show it."),
    click.option("--block", type=Rectangle(), help="In PDFs, show the signature there, in points from the top left."),
    click.option("--field", default="", metavar="NAME", help="In PDFs, sign in this signature field of the form."),
    click.option(
        "--certify",
        type=click.Choice([each.name.lower() for each in Changes]),
        help="In PDFs, certify as the first signer; afterwards only this may change.",
    ),
    password,
    click.option("--allow-misleading", is_flag=True, help="Sign also PDFs with scripts, hidden layers and the like."),
]


def signing(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command the options of signing, read into one `wish`."""

    @wraps(command)
    def wished(
        *,
        key: str,
        certificates: Path | None,
        passphrase_file: Path | None,
        passphrase_fd: int | None,
        pss: bool,
        level: str | None,
        tsas: tuple[str, ...],
        roots: Path | None,
        name: str,
        reason: str,
        block: pades.Block | None,
        field: str,
        certify: str | None,
        password_file: Path | None,
        allow_misleading: bool,
        **others: Any,
    ) -> int:
        algorithm = SignatureAlgorithm.PSS_SHA256 if pss else None
        opened = keys.opened(key, passphrase(passphrase_file, passphrase_fd), certificates, algorithm)
        _warn(opened.signer())
        chosen = Level(level) if level else (Level.T if tsas else Level.B)
        if field and block:
            raise click.UsageError("--field has a place of its own; leave --block away.")
        wish = Wish(
            opened,
            chosen,
            tsas,
            roots.read_bytes() if roots else None,
            name,
            reason,
            block,
            field,
            Changes[certify.upper()] if certify else None,
            password_in(password_file),
            allow_misleading,
        )
        wish.sealer()  # what is missing is said before anything is signed
        return command(wish=wish, **others)

    decorated: Callable[..., int] = wished
    for option in reversed(_SIGNING):
        decorated = option(decorated)
    return decorated


def _warn(signer: Signer) -> None:
    """Say in time when a key's signatures will no longer be accepted by themselves, or by whom they are not."""
    if not signer.algorithm.is_listed:
        unlisted = (
            "Ed25519 is not among the algorithms of TS 119 312: who validates by it does not accept the signature."
        )
        click.echo(f"paraph: {unlisted}", err=True)
    if ends := signer.algorithm.ends(signer.certificate.public_key()):
        name = signer.algorithm.name.replace("_", " with ")
        click.echo(
            f"paraph: {name} with this key is accepted until {ends:%Y-%m-%d} (TS 119 312); "
            "use P-256, or RSA from 3000 bits with --pss.",
            err=True,
        )
