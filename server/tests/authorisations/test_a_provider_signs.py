from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding
from paraph import pades
from paraph.evidence import Device, Means, SignatureLevel
from paraph.keys.csc import Version
from paraph.validation import Indication, validate
from paraph_server import trust
from paraph_server.documents import queries as stored
from paraph_server.journal.models import Entry
from paraph_server.providers.models import Provider
from paraph_server.signing.models import Signing
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import CAROL, Person
from paraph_testing.qtsp import Qtsp
from paraph_testing.signing_service import SigningService
from paraph_testing.trustlist import Publisher

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Run = Callable[[], int]


def finish(visitor: Any, provider: Provider, run_jobs: Run) -> Workflow:
    """The signer's whole way, from their page to the end."""
    assert "being checked" in visitor.sign_in(provider)
    run_jobs()
    assert "Release my signature" in visitor.says()
    assert visitor.browser.get(visitor.release()).status_code == 302
    run_jobs()
    return Workflow.objects.get(pk=visitor.recipient.workflow.pk)


def test_all_documents_in_one_authorisation(
    at_provider: Send,
    recipient: Find,
    carol_reads: Any,
    provider: Provider,
    qtsp: Qtsp,
    listed: Publisher,
    run_jobs: Run,
    trust_service: SigningService,
) -> None:
    sent = at_provider(CAROL, level="qualified", contents=(pdfs.invoice(), pdfs.invoice(2)))
    workflow = finish(carol_reads(recipient(sent, CAROL)), provider, run_jobs)
    assert workflow.status is Status.FINISHED
    for document in workflow.documents.select_related("current"):
        content = stored.content(document.current)
        [signature] = pades.read(content)
        assert signature.certificate == qtsp.pki.qualified.certificate.public_bytes(Encoding.DER)
        assert validate(content, trusted=trust.trusted(), at=document.updated_at).indication is Indication.TOTAL_PASSED
    assert (qtsp.signed, qtsp.asked.count("signatures/signHash")) == (2, 1)
    assert trust_service.signatures == 0


def test_the_level_is_qualified_when_the_trusted_lists_say_so(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, listed: Publisher, run_jobs: Run
) -> None:
    sent = at_provider(CAROL, level="qualified")
    workflow = finish(carol_reads(recipient(sent, CAROL)), provider, run_jobs)
    carol = recipient(workflow, CAROL)
    assert carol.level == SignatureLevel.QUALIFIED
    signing = Signing.objects.get(recipient=carol)
    assert (signing.device, signing.qualified) == (Device.QUALIFIED, "qualified")
    [proof] = signing.proofs
    assert (proof["means"], proof["names"]) == (Means.PROVIDER, "same")
    details = Entry.objects.get(event="recipient:signed").payload.details
    assert details["checked"]["qualification"]["service"] == "Test Issuing CA (FR)"
    assert details["checked"]["revocation"]["state"] == details["checked"]["again"]["revocation"]["state"] == "good"
    told = Entry.objects.filter(event__startswith="authorisation:").order_by("sequence")
    events = list(told.values_list("event", flat=True))
    assert events == ["authorisation:begun", "authorisation:prepared", "authorisation:given"]


def test_without_trusted_lists_it_is_not(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, run_jobs: Run
) -> None:
    """What a certificate says of itself is not enough: the signature is advanced, and no more is asked for."""
    workflow = finish(carol_reads(recipient(at_provider(CAROL), CAROL)), provider, run_jobs)
    assert recipient(workflow, CAROL).level == SignatureLevel.ADVANCED
    assert Signing.objects.get(recipient=recipient(workflow, CAROL)).qualified == ""


def test_a_signature_below_the_level_is_refused_before_the_key_is_used(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, qtsp: Qtsp, run_jobs: Run
) -> None:
    visitor = carol_reads(recipient(at_provider(CAROL, level="qualified"), CAROL))
    visitor.sign_in(provider)
    run_jobs()
    said = visitor.says()
    assert "would not be of the level that is asked for" in said
    assert "With which certificate do you sign?" in said
    assert qtsp.signed == 0


def test_who_has_several_certificates_chooses(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, qtsp: Qtsp, run_jobs: Run
) -> None:
    qtsp.open("carol", qtsp.pki.mallory, qtsp.pki.agent)
    visitor = carol_reads(recipient(at_provider(CAROL), CAROL))
    assert "With which certificate do you sign?" in visitor.sign_in(provider)
    visitor.browser.post(f"{visitor.page}/provider/certificate", {"credential": "carol-1"})
    run_jobs()
    assert "Mallory" in visitor.says()
    visitor.browser.post(f"{visitor.page}/provider/certificate", {"credential": "carol-2"})
    run_jobs()
    visitor.browser.get(visitor.release())
    run_jobs()
    assert Workflow.objects.get().status is Status.FINISHED


def test_providers_of_version_1_do_as_well(
    at_provider: Send, recipient: Find, carol_reads: Any, provider: Provider, qtsp: Qtsp, run_jobs: Run
) -> None:
    qtsp.version = provider.version = Version.V1
    provider.save()
    workflow = finish(carol_reads(recipient(at_provider(CAROL), CAROL)), provider, run_jobs)
    assert workflow.status is Status.FINISHED
