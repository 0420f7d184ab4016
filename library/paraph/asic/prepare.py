"""The first verb: everything about a signature but its value."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from paraph import cades, xades
from paraph.algorithms import Digest, SignatureAlgorithm
from paraph.asic.container import META, Container, Kind
from paraph.asic.form import Form, chosen
from paraph.asic.manifest import Manifest, Reference, manifests
from paraph.errors import InputError
from paraph.formats.content import identity
from paraph.formats.media import media_type
from paraph.signatures import Level, Pending

Signable = bytes | Mapping[str, bytes]
"""Files by name, for a new container; or the bytes of a container, for a further signature."""


def prepare(
    content: Signable,
    certificate: x509.Certificate,
    *,
    kind: Kind | None = None,
    form: Form | None = None,
    chain: Sequence[x509.Certificate] = (),
    level: Level = Level.B,
    at: datetime,
    algorithm: SignatureAlgorithm | None = None,
) -> Pending:
    """Everything about a signature in a container but its value (EN 319 162-1 §5).

    Args:
        content: what is signed, all of it.
        certificate: of the key that is to sign what `Pending.digest` says.
        kind: of a new container; E when nothing is said.
        form: of the first signature; XAdES when nothing is said, which the most readers know.
        chain: the issuing certificates, nearest first.
        level: what `complete` is to reach.
        at: the claimed time.
        algorithm: the signer's, where it is not the usual one of the key.

    Raises:
        InputError: no file, several for ASiC-S, a name that cannot stand in a container, or a kind or form that the
            container does not have.
        BrokenDocument: not a container, or one whose files are not those that were signed.
        WeakAlgorithm: the key of the certificate is no longer acceptable.
    """
    container = opened(content, kind)
    form, files = chosen(container, kind, form), container.files
    stamp = Digest.of(b"".join((certificate.fingerprint(SHA256()), at.isoformat().encode(), identity(files).value)))
    plan = Plan(container.kind, form, stamp.hex[:8])
    if form is Form.XADES:
        inner = xades.prepare(files, certificate, chain=chain, level=level, at=at, algorithm=algorithm)
    else:
        signed, below = plan.signed(files), plan.inner(level)
        inner = cades.prepare(signed, certificate, chain=chain, level=below, at=at, algorithm=algorithm)
    return Pending(inner.digest, level, identity(files), plan.to_bytes(inner))


def opened(content: Signable, kind: Kind | None) -> Container:
    """The container that is given, or a new one of the files that are given; every file is as it was signed."""
    if not isinstance(content, bytes):
        return Container.of(content, kind or Kind.E)
    container = Container.from_bytes(content)
    manifests(container)
    return container


@dataclass(frozen=True, slots=True)
class Plan:
    """How a signature is to stand in its container."""

    kind: Kind
    form: Form
    mark: str
    """Of its files with CAdES in ASiC-E: several sign at the same time, so numbers are not free until the end."""

    @property
    def signature(self) -> str:
        """The name of the file with a signature in CAdES."""
        return f"{META}signature.p7s" if self.kind is Kind.S else f"{META}signature-{self.mark}.p7s"

    @property
    def manifest(self) -> str:
        return f"{META}ASiCManifest-{self.mark}.xml"

    def signed(self, files: Mapping[str, bytes]) -> bytes:
        """What a signature in CAdES signs: the one file, or the list of all (§4.4.2)."""
        if self.kind is Kind.S:
            return next(iter(files.values()))
        references = tuple(Reference.to(name, files[name]) for name in sorted(files))
        return Manifest(self.signature, media_type(self.signature), references).to_bytes()

    def inner(self, level: Level) -> Level:
        """The level of the signature itself: in ASiC-E with CAdES, archive time-stamps stand beside it (§5.4.3)."""
        beside = self.kind is Kind.E and self.form is Form.CADES and level is Level.LTA
        return Level.LT if beside else level

    def to_bytes(self, inner: Pending) -> bytes:
        facts = {"kind": self.kind.name, "form": self.form.value, "mark": self.mark}
        return json.dumps(facts | {"inner": base64.b64encode(inner.to_bytes()).decode("ascii")}).encode("ascii")

    @classmethod
    def from_bytes(cls, data: bytes) -> tuple[Self, Pending]:
        """What `to_bytes` made.

        Raises:
            InputError: it is something else, or damaged.
        """
        try:
            facts = json.loads(data)
            plan = cls(Kind[facts["kind"]], Form(facts["form"]), str(facts["mark"]))
            return plan, Pending.from_bytes(base64.b64decode(facts["inner"], validate=True))
        except (ValueError, KeyError, TypeError) as error:
            raise InputError("This pending signature is damaged; prepare the files again.") from error
