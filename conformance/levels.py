"""Every level of signature on the running platform: sent over REST, walked by who signs, and judged.

Bob proves his name at FranceConnect. Carol brings keys of her own: on cards, which the agent lends, and at a trust
service provider. Both providers are played, and so is the trusted list that names the authority behind Carol's keys.
What is delivered is judged by its evidence, offline, and by the EU's DSS, which is shown the same lists.
"""

import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.serialization import Encoding
from paraph import certs, evidence
from paraph.certs import TrustStore
from paraph.client import Client, NewRecipient, NewStep
from paraph.evidence import Means, Person, SignatureLevel
from paraph.keys.file import FileSigner
from paraph_agent import flow, paired
from paraph_agent.links import Invitation
from paraph_testing import lending, pdfs, visitor
from paraph_testing.cast import BOB, CAROL
from paraph_testing.cast import Person as Signer
from paraph_testing.demo import Platform
from paraph_testing.identity_provider import IdentityProvider
from paraph_testing.pki import QUALIFIED, STARS
from paraph_testing.qtsp import CLIENT, PASSWORD, PIN, SECRET, Qtsp
from paraph_testing.token import MODULE, Token
from paraph_testing.trustlist import Publisher
from paraph_testing.visitor import CODE, Visitor

from conformance.judges import Anchors, Verdict

PERSONS = "1.3.6.1.4.1.32473.1.1"
SIMPLE, ADVANCED = (f"{PERSONS} {PERSONS}.{number}" for number in (1, 2))
"""The policies of people who were identified by a code, and by their name, as the demonstration's ceremony says."""
RGS = {f"{PERSONS}.2": 1, STARS[2]: 2, STARS[3]: 3}
"""The policies that this platform's operator takes to be qualified for the RGS."""
PATIENCE = 90.0  # seconds until a workflow is finished
SHOWN_CODE = re.compile(r'<code class="big">([^<]+)</code>')


class World:
    """What lies outside the platform: who vouches for names and keys, and what its operator knows of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.provider = Qtsp()
        self.state = Publisher(self.provider.pki)

    def __enter__(self) -> Self:
        self.folder.mkdir()
        self.provider.__enter__()
        self.provider.open("carol", self.provider.pki.qualified)
        self.state.publish(self.folder)
        return self

    def __exit__(self, *exception: object) -> None:
        self.provider.__exit__(*exception)

    def settle(self, home: Path) -> dict[str, str]:
        """Lay into the platform's folder what it needs to know; the options that go with it."""
        home.mkdir(mode=0o711)
        (home / "card-roots.pem").write_bytes(self.provider.pki.root.certificate.public_bytes(Encoding.PEM))
        self.state.teach(home / "lists")
        return {"PARAPH_RGS_POLICIES": ", ".join(f"{policy}={stars}" for policy, stars in RGS.items())}

    def beside(self, anchors: Anchors) -> Anchors:
        """These anchors, and what else is needed to reach the root behind Carol's keys."""
        pki, names = self.provider.pki, ("provider.cer", "provider-root.crl", "provider-issuing.crl")
        contents = (pki.root.certificate.public_bytes(Encoding.DER), *pki.revocation_lists())
        for name, content in zip(names, contents, strict=True):
            (self.folder / name).write_bytes(content)
        return replace(anchors, der=(*anchors.der, *(self.folder / name for name in names)))

    def card(self, name: str, *policies: str, qualified: bool = False) -> FileSigner:
        """Carol's newest card, in the reader."""
        key = self.provider.pki.card(*policies, qualified=qualified)
        folder = self.folder / name
        folder.mkdir()
        Token(folder, "Carol's card").put(key, "signature")
        os.environ.update(PARAPH_AGENT_HOME=str(folder), PARAPH_AGENT_MODULES=str(MODULE), PARAPH_AGENT_LANGUAGE="en")
        return key


@dataclass(frozen=True, slots=True)
class Case:
    """A level, who signs, what the consent page asks for, and what must come of it."""

    level: SignatureLevel
    signer: Signer
    means: tuple[Means, ...]
    walk: "Callable[[Scene, Visitor], object]"
    stated: str
    """What DSS must read in the certificate, and how qualified it must find the signature."""
    reached: tuple[SignatureLevel, ...]
    """All that the evidence must state, whatever was asked for."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A signer at their page."""

    case: Case
    world: World
    platform: Platform
    program: Client
    after: int
    """The number of the last message before theirs."""


# ---------------------------------------------------------------- what signers do


def by_code(scene: Scene, browser: Visitor) -> None:
    message = visitor.await_message(scene.platform, scene.case.signer.email, after=scene.after, with_=CODE)
    browser.submit("/verify", code=CODE.findall(message["text"])[0])
    browser.submit("/sign")


def by_name(scene: Scene, browser: Visitor) -> None:
    [known] = scene.program.request("GET", "identityProviders")["items"]
    browser.leave(f"/identity/{known['id']}")
    browser.open("?login=bob")
    by_code(scene, browser)


def by_card(*policies: str, qualified: bool = False) -> Callable[[Scene, Visitor], None]:
    """With a card under these policies, which the real agent lends."""

    def by_card(scene: Scene, browser: Visitor) -> None:
        scene.world.card(scene.case.level, *policies, qualified=qualified)
        [code] = SHOWN_CODE.findall(browser.submit("/card"))
        platform = paired.Platform(scene.platform.url)
        try:
            flow.sign(
                Invitation(scene.platform.url, code.replace("-", "").strip(), by_link=False), lending.Person(), platform
            )
        finally:
            platform.close()

    return by_card


def at_provider(scene: Scene, browser: Visitor) -> None:
    [known] = scene.program.request("GET", "signingProviders")["items"]
    browser.leave(f"/provider/{known['id']}")
    browser.submit("", account="carol", password=PASSWORD, answer="yes")
    browser.wait(browser.address, "is being checked")
    browser.leave("/leave")
    browser.submit("", pin=PIN, answer="yes")


_NAME = (Means.FRANCECONNECT_PLUS, Means.EMAIL_CODE)
_IN_A_NAME = (SignatureLevel.ADVANCED, SignatureLevel.RGS_1)
_QSCD = "qualified [QCT_ESIGN] QSCD QESig"
CASES = (
    Case(SignatureLevel.SIMPLE, BOB, (Means.EMAIL_CODE,), by_code, SIMPLE, (SignatureLevel.SIMPLE,)),
    Case(SignatureLevel.ADVANCED, BOB, _NAME, by_name, ADVANCED, _IN_A_NAME),
    Case(SignatureLevel.RGS_1, BOB, _NAME, by_name, ADVANCED, _IN_A_NAME),
    Case(
        SignatureLevel.RGS_2,
        CAROL,
        (Means.CARD,),
        by_card(STARS[2]),
        STARS[2],
        (SignatureLevel.ADVANCED, SignatureLevel.RGS_2),
    ),
    Case(
        SignatureLevel.RGS_3,
        CAROL,
        (Means.CARD,),
        by_card(QUALIFIED, STARS[3], qualified=True),
        f"{QUALIFIED} {STARS[3]} {_QSCD}",
        (SignatureLevel.QUALIFIED, SignatureLevel.RGS_3),
    ),
    Case(
        SignatureLevel.QUALIFIED,
        CAROL,
        (Means.PROVIDER,),
        at_provider,
        f"{QUALIFIED} {_QSCD}",
        (SignatureLevel.QUALIFIED,),
    ),
)


# ---------------------------------------------------------------- what comes of it


def verdicts(folder: Path, world: World, platform: Platform) -> Iterator[Verdict]:
    """Walk through every level, and see what its evidence states."""
    with ExitStack() as outside:
        program = outside.enter_context(Client(f"{platform.url}/api", platform.account.token))
        outside.enter_context(IdentityProvider.known_to(lambda us: program.request("POST", "identityProviders", us)))
        known = {"name": "Atelier Trust", "address": world.provider.url, "clientId": CLIENT, "clientSecret": SECRET}
        program.request("POST", "signingProviders", known)
        for case in CASES:
            yield _signed(folder, Scene(case, world, platform, program, visitor.newest(platform, case.signer)))


def stated() -> dict[str, str]:
    """What DSS must read in the certificates of what was signed, and how qualified it must find the signatures."""
    return {f"{case.level}.pdf": case.stated for case in CASES}


def _signed(folder: Path, scene: Scene) -> Verdict:
    case, program = scene.case, scene.program
    workflow = _sent(scene)
    with Visitor() as browser:
        browser.open(program.invite(workflow, case.signer.email))
        page = browser.address
        browser.submit("/accept", agreed="on")
        case.walk(scene, browser)
        browser.wait(f"{page}state", "applying")
    patience = time.monotonic() + PATIENCE
    while program.workflow(workflow).workflow_status != "finished":
        if time.monotonic() > patience:
            raise TimeoutError(f"The workflow at the level {case.level} does not finish.")
        time.sleep(0.2)
    signed, proof = folder / f"{case.level}.pdf", folder / f"{case.level}-evidence.pdf"
    with signed.open("wb") as documents, proof.open("wb") as file:
        program.download_documents(workflow, documents)
        program.download_evidence(workflow, file)
    return _stated(scene, proof, signed)


def _sent(scene: Scene) -> str:
    """The workflow in which one person signs one document at the level."""
    program, signer = scene.program, scene.case.signer
    asked = NewRecipient(
        email=signer.email,
        first_name=signer.first_name,
        last_name=signer.last_name,
        preferred_locale=signer.locale,
        consent_page_id=_consent_page(scene),
    )
    name, steps = f"At the level {scene.case.level}", [NewStep(recipients=[asked])]
    workflow = program.create_workflow(program.me().id, name=name, steps=steps)
    profile = next(iter(program.signature_profiles()))
    program.add_document(workflow.id, pdfs.contract(), signature_profile_id=profile.id, filename="contract.pdf")
    program.start_workflow(workflow.id)
    return workflow.id


def _consent_page(scene: Scene) -> str:
    case = scene.case
    asked = {
        "name": f"Level {case.level}",
        "identificationMeans": list(case.means),
        "signatureLevel": case.level,
        "textEn": "I sign.",
        "textFr": "Je signe.",
    }
    return str(scene.program.request("POST", "consentPages", asked)["id"])


def _stated(scene: Scene, proof: Path, signed: Path) -> Verdict:
    """The level that the evidence states, and that whoever computes it again finds the same."""
    roots = certs.read((scene.platform.folder / "root.pem").read_bytes())
    trusted = TrustStore((*roots, *scene.world.provider.pki.trusted.roots))
    verdict = evidence.verify(proof.read_bytes(), [signed.read_bytes()], trusted=trusted, at=datetime.now(UTC))
    [person] = verdict.record.people
    passed = verdict.holds and person.levels == scene.case.reached
    return Verdict("paraph evidence verify", proof.name, passed, _why(person) if verdict.holds else str(verdict))


def _why(person: Person) -> str:
    made = person.certificate
    means = " + ".join(f"{each.means} ({each.assurance.name.lower()})" for each in person.proofs)
    return f"{', '.join(person.levels)}: {means}; key with {made.device if made else 'nobody'}"
