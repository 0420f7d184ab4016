"""The certificates of a ceremony, each with its new key."""

from dataclasses import asdict
from datetime import datetime, timedelta
from itertools import count

from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pki
from paraph.keys.signer import Signer
from paraph.pki import LegalSubject, profiles
from paraph.pki.form import acceptable
from paraph.pki.profiles import Profile
from paraph.pki.request import request

from paraph_trust.authority import actions as authority
from paraph_trust.authority import queries
from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ISSUING, RESPONDER, ROOT, TIMESTAMPING
from paraph_trust.ceremony.models import Request
from paraph_trust.ceremony.plan import Plan, Seal, Standing, Timestamping
from paraph_trust.keys.folder import KeyFolder, private
from paraph_trust.log import actions as log
from paraph_trust.signing import actions as signing
from paraph_trust.timestamping.models import Unit


class Draft:
    """What a ceremony has made so far: keys in a folder or on tokens, certificates in the register."""

    def __init__(self, plan: Plan, keys: KeyFolder, at: datetime, *, root_secret: bytes) -> None:
        self._plan, self._keys, self._at, self._root_secret = plan, keys, at, root_secret
        self._signers: dict[str, Signer] = {}
        self.requests: list[Request] = []
        """What other authorities are to be asked for."""

    def root(self, section: Standing) -> Certificate:
        """The root, which vouches for itself."""
        key = self.key(ROOT, section)
        certificate = pki.self_issue(
            profiles.root(),
            self._plan.subject(section.name),
            key,
            serial=authority.new_serial(),
            at=self._at,
            validity=section.validity,
        )
        self._signers[ROOT] = self._folder(ROOT).signer(ROOT, [certificate])
        return authority.register(certificate, issuer=None, at=self._at, name=ROOT, role=ROOT)

    def issuing(self, section: Standing) -> Certificate:
        """An authority that issues to end entities."""
        root = queries.standing(ROOT)
        return self._issue(next_name(ISSUING), section, profiles.issuing(), issuer=root, role=ISSUING)

    def ask_for_issuing(self, section: Standing) -> None:
        """Ask another authority to certify one that issues to end entities."""
        self._ask(next_name(ISSUING), section, self._plan.subject(section.name))

    def responder(self, section: Standing) -> Certificate:
        """A responder for the newest issuing authority (RFC 6960 §4.2.2.2: delegated by that very one)."""
        return self._issue(next_name(RESPONDER), section, profiles.ocsp_responder(), role=RESPONDER)

    def unit(self, section: Timestamping) -> None:
        """A time-stamping unit, which signs from now on in the place of the one before."""
        if section.external:
            self._ask(next_name(TIMESTAMPING), section, self._plan.subject(section.name))
            return
        profile = profiles.timestamping_unit()
        if section.signs_days:
            profile = profile.signing_for(timedelta(days=section.signs_days))
        certificate = self._issue(next_name(TIMESTAMPING), section, profile, role=TIMESTAMPING)
        employ(certificate, section, at=self._at)

    def seal(self, section: Seal) -> None:
        """A seal in an organisation's name, lent to clients."""
        owner = self._plan.subject(section.name, section.organisation)
        if section.external:
            self._ask(section.credential, section, owner)
            return
        profile = profiles.seal().under(*section.policies)
        employ(self._issue(section.credential, section, profile, subject=owner), section, at=self._at)

    def signer(self, name: str) -> Signer:
        """A key of this ceremony or of an earlier one.

        Raises:
            NotReady: it is kept elsewhere.
        """
        if name == ROOT and name not in self._signers:
            self._signers[name] = queries.opened(name, KeyFolder(private(), self._root_secret))
        return self._signers.get(name) or queries.signer(name)

    def key(self, name: str, section: Standing) -> Signer:
        """A new key, kept in the draft or on its token, with a certificate that stands in."""
        keys = self._folder(name)
        key, token = keys.make(name, section.key, section.token), keys.token(name)
        log.record("key:created", subject=name, at=self._at, type=section.key, token=asdict(token) if token else None)
        return key

    def _folder(self, name: str) -> KeyFolder:
        return KeyFolder(self._keys.path, self._root_secret) if name == ROOT else self._keys

    def _ask(self, name: str, section: Standing, subject: LegalSubject) -> None:
        csr = request(subject, self.key(name, section)).public_bytes(Encoding.PEM).decode()
        self.requests = [*self.requests, Request(name=name, csr=csr, made_at=self._at)]

    def _issue(
        self,
        name: str,
        section: Standing,
        profile: Profile,
        *,
        issuer: Certificate | None = None,
        role: str | None = None,
        subject: LegalSubject | None = None,
    ) -> Certificate:
        """A certificate under another one, in the operator's name or somebody else's."""
        key = self.key(name, section)
        issuer = issuer or queries.serving(ISSUING, at=self._at)
        certificate = authority.issue(
            profile,
            subject or self._plan.subject(section.name),
            acceptable(key.certificate.public_key()),
            issuer=issuer,
            signer=self.signer(str(issuer.name)),
            validity=section.validity,
            at=self._at,
            name=name,
            role=role,
        )
        self._signers[name] = self._keys.signer(name, [certificate.parsed])
        return certificate


def employ(certificate: Certificate, section: Standing, *, at: datetime) -> None:
    """Put the key of a unit or a seal to its work."""
    if isinstance(section, Timestamping):
        Unit.objects.create(name=str(certificate.name), policy=section.policy, accuracy=section.accuracy)
    if isinstance(section, Seal):
        signing.lend_seal(section.credential, certificate, clients=section.clients, at=at)


def next_name(role: str) -> str:
    """The name of a role's next certificate: `ocsp`, then `ocsp-2`."""
    names = (f"{role}-{number}" if number > 1 else role for number in count(1))
    return next(name for name in names if not taken(name))


def taken(name: str) -> bool:
    """Whether a certificate has this name, or will have it."""
    return Certificate.objects.filter(name=name).exists() or Request.objects.filter(name=name).exists()
