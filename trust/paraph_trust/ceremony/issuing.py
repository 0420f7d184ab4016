"""The certificates of a ceremony, each with its new key."""

from datetime import datetime

from paraph import pki
from paraph.keys.file import FileSigner, PrivateKey
from paraph.pki import LegalSubject
from paraph.pki.profiles import Profile

from paraph_trust.authority import actions as authority
from paraph_trust.authority.models import Certificate
from paraph_trust.authority.queries import ROOT, standing
from paraph_trust.ceremony.plan import Plan, Standing
from paraph_trust.keys.folder import KeyFolder
from paraph_trust.log import actions as log


class Draft:
    """What a ceremony has made so far: keys in a folder, certificates in the register."""

    def __init__(self, plan: Plan, keys: KeyFolder, at: datetime) -> None:
        self._plan, self._keys, self._at = plan, keys, at
        self.signers: dict[str, FileSigner] = {}

    def root(self) -> Certificate:
        """The root, which vouches for itself."""
        section = self._plan.root
        key = self._key(ROOT, section)
        certificate = pki.self_issue(
            pki.profiles.root(),
            self._plan.subject(section.name),
            key,
            serial=authority.new_serial(),
            at=self._at,
            validity=section.validity,
        )
        self.signers[ROOT] = FileSigner(key, certificate)
        return authority.register(certificate, issuer=None, at=self._at, name=ROOT)

    def issue(
        self, name: str, section: Standing, profile: Profile, *, issuer: str, subject: LegalSubject | None = None
    ) -> Certificate:
        """A certificate under another one of this ceremony, in the operator's name or somebody else's."""
        key = self._key(name, section)
        certificate = authority.issue(
            profile,
            subject or self._plan.subject(section.name),
            key.public_key(),
            issuer=standing(issuer),
            signer=self.signers[issuer],
            validity=section.validity,
            at=self._at,
            name=name,
        )
        self.signers[name] = FileSigner(key, certificate.parsed)
        return certificate

    def _key(self, name: str, section: Standing) -> PrivateKey:
        key = section.key.generate()
        self._keys.keep(name, key)
        log.record("key:created", subject=name, at=self._at, type=section.key)
        return key
