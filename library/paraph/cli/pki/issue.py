"""`paraph pki issue`."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import click

from paraph.certs.names import readable
from paraph.cli import results
from paraph.cli.options import FILE
from paraph.cli.pki.options import authority
from paraph.formats.text import legible
from paraph.pki import profiles
from paraph.pki.folder import Authority, pem
from paraph.pki.profiles import Profile
from paraph.pki.request import Request


class For(StrEnum):
    """What a certificate may be issued for."""

    SEAL = "seal"
    AGENT = "agent"
    PERSON = "person"
    TIMESTAMPING = "timestamping"
    RESPONDER = "responder"
    AUTHORITY = "authority"

    @property
    def profile(self) -> Profile:
        match self:
            case For.SEAL:
                return profiles.seal()
            case For.AGENT:
                return profiles.agent()
            case For.PERSON:
                return profiles.person()
            case For.TIMESTAMPING:
                return profiles.timestamping_unit()
            case For.RESPONDER:
                return profiles.ocsp_responder()
            case For.AUTHORITY:
                return profiles.issuing()


WHAT = """\b
Profiles:
  seal          the seal of an organisation (EN 319 412-3)
  agent         somebody who acts for an organisation, for years (EN 319 412-2)
  person        somebody's signature, for hours: nobody could revoke it in time
  timestamping  a time-stamping unit (EN 319 422)
  responder     answers for this authority about its certificates (RFC 6960)
  authority     an authority that issues to all of these
"""


@click.command(epilog=WHAT)
@authority
@click.argument("request", type=FILE)
@click.option(
    "--profile", "wanted", required=True, type=click.Choice([each.value for each in For]), help="What it is for."
)
@click.option("--days", type=click.FloatRange(min=0, min_open=True), required=True, help="How long it lasts.")
@click.option("--policy", "policies", multiple=True, metavar="OID", help="Under which certificate policies.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="The file of the certificate.")
def issue(
    *, authority: Authority, request: Path, wanted: str, days: float, policies: tuple[str, ...], output: Path | None
) -> int:
    """Issue the certificate that a REQUEST (PKCS#10) asks for; look at it first, with `paraph pki show`.

    It is checked against the rules of its profile before the authority's key is used. The certificate and those of
    its issuers are written beside the request, as PEM.
    """
    place = output or request.with_suffix(".pem")
    results.refuse_to_overwrite(place)
    asked = Request.read(request.read_bytes())
    profile = For(wanted).profile.under(*policies)
    certificate = authority.issue(
        profile, asked.subject(profile.kind), asked.key, at=datetime.now(UTC), validity=timedelta(days=days)
    )
    results.write(place, pem([certificate, *authority.path]))
    click.echo(f"{place}: {legible(readable(certificate.subject))}")
    return 0
