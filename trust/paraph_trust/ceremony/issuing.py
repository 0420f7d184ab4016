"""The certificates of a ceremony, each with its new key."""

from datetime import datetime, timedelta

from paraph import pki
from paraph.keys.file import FileSigner, PrivateKey
from paraph.keys.signer import Signer
from paraph.pki import LegalSubject, profiles
from paraph.pki.profiles import Profile

from paraph_trust.authority import actions as authority
from paraph_trust.authority import queries
from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ISSUING, RESPONDER, ROOT, TIMESTAMPING
from paraph_trust.ceremony.plan import Plan, Seal, Standing, Timestamping
from paraph_trust.keys.folder import KeyFolder, private
from paraph_trust.log import actions as log
from paraph_trust.signing import actions as signing
from paraph_trust.timestamping.models import Unit


class Draft:
    """What a ceremony has made so far: keys in a folder, certificates in the register."""

    def __init__(self, plan: Plan, keys: KeyFolder, at: datetime, *, root_secret: bytes) -> None:
        self._plan, self._keys, self._at, self._root_secret = plan, keys, at, root_secret
        self._signers: dict[str, Signer] = {}

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
        self._signers[ROOT] = FileSigner(key, certificate)
        return authority.register(certificate, issuer=None, at=self._at, name=ROOT, role=ROOT)

    def issuing(self, section: Standing) -> Certificate:
        """An authority that issues to end entities."""
        root = queries.standing(ROOT)
        return self._issue(_next(ISSUING), section, profiles.issuing(), issuer=root, role=ISSUING)

    def responder(self, section: Standing) -> Certificate:
        """A responder for the newest issuing authority (RFC 6960 §4.2.2.2: delegated by that very one)."""
        return self._issue(_next(RESPONDER), section, profiles.ocsp_responder(), role=RESPONDER)

    def unit(self, section: Timestamping) -> Certificate:
        """A time-stamping unit, which signs from now on in the place of the one before."""
        profile = profiles.timestamping_unit()
        if section.signs_days:
            profile = profile.signing_for(timedelta(days=section.signs_days))
        certificate = self._issue(_next(TIMESTAMPING), section, profile, role=TIMESTAMPING)
        Unit.objects.create(name=str(certificate.name), policy=section.policy, accuracy=section.accuracy)
        return certificate

    def seal(self, section: Seal) -> Certificate:
        """A seal in an organisation's name, lent to clients."""
        profile = profiles.seal().under(*section.policies)
        owner = self._plan.subject(section.name, section.organisation)
        certificate = self._issue(section.credential, section, profile, subject=owner)
        signing.lend_seal(section.credential, certificate, clients=section.clients, at=self._at)
        return certificate

    def signer(self, name: str) -> Signer:
        """A key of this ceremony or of an earlier one.

        Raises:
            NotReady: it is kept elsewhere.
        """
        if name == ROOT and name not in self._signers:
            self._signers[name] = queries.opened(name, KeyFolder(private(), self._root_secret))
        return self._signers.get(name) or queries.signer(name)

    def key(self, name: str, section: Standing) -> PrivateKey:
        """A new key, kept in the draft."""
        key = section.key.generate()
        self._keys.keep(name, key, self._root_secret if name == ROOT else None)
        log.record("key:created", subject=name, at=self._at, type=section.key)
        return key

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
            key.public_key(),
            issuer=issuer,
            signer=self.signer(str(issuer.name)),
            validity=section.validity,
            at=self._at,
            name=name,
            role=role,
        )
        self._signers[name] = FileSigner(key, certificate.parsed)
        return certificate


def _next(role: str) -> str:
    """The name of a role's next certificate: `ocsp`, then `ocsp-2`."""
    earlier = Certificate.objects.filter(role=role).count()
    return f"{role}-{earlier + 1}" if earlier else role
