"""Replays, guesses, strangers: what somebody may try who has a code, a secret or a certificate that is not theirs."""

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.utils import timezone
from paraph.evidence import SignatureLevel
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.cards import codes
from paraph_server.cards.models import MOST_PRESENTED, Attempts, Pairing
from paraph_server.cards.tasks import forget
from paraph_server.signing import actions as signing
from paraph_server.signing.errors import BadCertificate, NotProven
from paraph_server.signing.models import PendingSignature, Signing
from paraph_server.signing.names import check_name
from paraph_server.signing.signers import Signer
from paraph_server.workflows import actions as workflows
from paraph_server.workflows.models import ConsentPage, Recipient, Status, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person
from paraph_testing.pki import Pki
from paraph_testing.status import StatusService

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
Ask = Callable[..., str]
Run = Callable[[], int]


@pytest.fixture
def asked(by_card: Send, recipient: Find, ask: Ask) -> str:
    """The code that Carol's page shows."""
    return ask(recipient(by_card(CAROL), CAROL))


@pytest.fixture
def ready(asked: str, agent: Any, run_jobs: Run) -> list[dict[str, Any]]:
    """What Carol's card is asked for."""
    agent.claim(asked)
    agent.present()
    run_jobs()
    return list(agent.standing().json()["toSign"])


def nothing_is_signed() -> bool:
    return (
        not PendingSignature.objects.exclude(value=None).exists()
        and not Signing.objects.exclude(requested_at=None).exists()
    )


# ---------------------------------------------------------------- the code


def test_a_code_is_good_for_one_agent(asked: str, agent: Any) -> None:
    assert agent.claim(asked).status_code == 200
    assert agent.claim(asked).status_code == 200
    agent.secret = secrets.token_urlsafe(32)
    assert agent.claim(asked).status_code == 404


def test_a_code_is_good_for_minutes(asked: str, agent: Any) -> None:
    Pairing.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = agent.claim(asked)
    assert (answer.status_code, answer.json()["code"]) == (410, "PairingOver")


def test_another_code_ends_the_first(by_card: Send, recipient: Find, ask: Ask, agent: Any) -> None:
    carol = recipient(by_card(CAROL), CAROL)
    first, second = ask(carol), ask(carol)
    assert agent.claim(first).status_code == 410
    assert agent.claim(second).status_code == 200


def test_guessing_is_slowed_down(agent: Any, tenant: Any) -> None:
    answers = [agent.claim(codes.new()).status_code for _ in range(codes.TRIES + 2)]
    assert answers[: codes.TRIES] == [404] * codes.TRIES
    assert answers[codes.TRIES :] == [429, 429]
    assert agent.claim(codes.new(), REMOTE_ADDR="192.0.2.99").status_code == 404


def test_a_user_of_the_platform_is_counted_too(agent: Any, api: Any) -> None:
    """Under an Idempotency-Key, a refused call leaves nothing behind."""
    known = {"HTTP_AUTHORIZATION": f"Bearer {api.token}", "HTTP_IDEMPOTENCY_KEY": "once"}
    assert agent.claim(codes.new(), **known).status_code == 400
    assert agent.claim(codes.new(), HTTP_AUTHORIZATION=known["HTTP_AUTHORIZATION"]).status_code == 404


def test_a_newer_agent_is_told(asked: str, agent: Any) -> None:
    assert agent.claim(asked, protocol=2).json()["code"] == "AgentTooOld"


def test_codes_and_secrets_are_not_kept(asked: str, agent: Any) -> None:
    agent.claim(asked)
    kept = repr(list(Pairing.objects.values()))
    assert asked not in kept
    assert agent.secret not in kept


# ---------------------------------------------------------------- the secret


@pytest.mark.parametrize("secret", ["", "x", "act_1.secret", secrets.token_urlsafe(32), "x" * 500])
def test_without_the_secret_nothing_is_told(asked: str, agent: Any, secret: str) -> None:
    agent.claim(asked)
    agent.secret = secret
    for answer in (agent.standing(), agent.present(), agent.deliver([{"document": "doc_1", "value": "AA=="}])):
        assert answer.status_code in {401, 404}
        assert b"Carol" not in answer.content
    assert agent.fail("cancelled", final=True).status_code in {401, 404}
    assert Pairing.objects.get().state == "claimed"


def test_another_tenants_rows_are_not_seen(asked: str, other_tenant: Any) -> None:
    with tenant_context(other_tenant):
        assert Pairing.objects.count() == 0


# ---------------------------------------------------------------- the certificate


def refused(agent: Any, asked: str, run_jobs: Run, signer: Any = None) -> str:
    agent.claim(asked)
    agent.present(signer)
    run_jobs()
    standing = agent.standing().json()
    assert standing["state"] == "refused", standing
    assert standing["toSign"] == []
    assert nothing_is_signed()
    return str(standing["reason"])


def test_somebody_elses_card_is_refused(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    assert "Bob Durand" in refused(agent, asked, run_jobs, issuer.pki.person(BOB))


def test_a_card_of_an_authority_that_nobody_knows_is_refused(asked: str, agent: Any, run_jobs: Run) -> None:
    """And none of the addresses in it is asked for anything: they could be anybody's."""
    with StatusService() as mallorys:
        refused(agent, asked, run_jobs, mallorys.pki.agent)
        assert mallorys.asked == []


def test_a_revoked_card_is_refused(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    issuer.pki.revoke(agent.signer.certificate)
    assert refused(agent, asked, run_jobs)


def test_an_expired_card_is_refused(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    issuer.pki.at -= timedelta(days=3)
    assert refused(agent, asked, run_jobs, issuer.pki.person(CAROL))


def test_an_authority_is_no_person(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    assert refused(agent, asked, run_jobs, issuer.pki.issuing)


def test_while_nobody_tells_whether_it_is_revoked_it_is_waited_for(
    asked: str, agent: Any, issuer: StatusService, run_jobs: Run
) -> None:
    issuer.broken |= {"/ocsp", "/crl/issuing.crl"}
    agent.claim(asked)
    agent.present()
    run_jobs()
    assert agent.standing().json()["state"] == "checking"


def test_after_a_refusal_another_card_may_come(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    refused(agent, asked, run_jobs, issuer.pki.person(BOB))
    agent.present()
    run_jobs()
    assert agent.standing().json()["state"] == "ready"


def test_once_it_is_prepared_the_certificate_stays(
    ready: list[Any], agent: Any, issuer: StatusService, run_jobs: Run
) -> None:
    assert agent.present().json()["state"] == "ready"
    assert agent.present(issuer.pki.person(CAROL)).status_code == 410


@pytest.mark.parametrize("nonsense", ["", "AA==", "!", "é"])
def test_nonsense_is_no_certificate(asked: str, agent: Any, nonsense: str) -> None:
    agent.claim(asked)
    told = {"certificate": nonsense, "chain": [], "algorithm": "ECDSA_SHA256"}
    assert agent.call("PUT", f"/pairings/{agent.pairing}/certificate", told).status_code == 400


# ---------------------------------------------------------------- the signatures


def test_a_signature_by_another_key_is_refused(ready: list[Any], agent: Any) -> None:
    assert agent.deliver(agent.signatures(ready, Pki().bob)).status_code == 400
    assert nothing_is_signed()


def test_a_signature_over_something_else_is_refused(ready: list[Any], agent: Any) -> None:
    other = [{**each, "attributes": "AAAA"} for each in ready]
    assert agent.deliver(agent.signatures(other)).status_code == 400
    assert nothing_is_signed()


def test_all_documents_are_signed_or_none(by_card: Send, recipient: Find, ask: Ask, agent: Any, run_jobs: Run) -> None:
    agent.claim(ask(recipient(by_card(CAROL, contents=(pdfs.invoice(), pdfs.invoice(2))), CAROL)))
    agent.present()
    run_jobs()
    both = agent.signatures(agent.standing().json()["toSign"])
    for some in (both[:1], [*both, {"document": "doc_other", "value": both[0]["value"]}], [both[0], both[0]]):
        assert agent.deliver(some).status_code == 400
    assert nothing_is_signed()
    assert agent.deliver(both).status_code == 200


def test_signatures_that_come_twice_count_once(ready: list[Any], agent: Any, run_jobs: Run) -> None:
    signed = agent.signatures(ready)
    assert agent.deliver(signed).json()["state"] == "received"
    assert agent.deliver(signed).json()["state"] == "received"
    run_jobs()
    assert agent.deliver(signed).json()["state"] == "done"
    assert Workflow.objects.get().status is Status.FINISHED


def test_signatures_that_come_too_late_are_refused(ready: list[Any], agent: Any) -> None:
    Signing.objects.update(certificate_expires_at=timezone.now() - timedelta(seconds=1))
    assert agent.deliver(agent.signatures(ready)).json()["code"] == "PairingOver"
    assert nothing_is_signed()


def test_a_proof_that_is_too_old_is_one_no_more(ready: list[Any], agent: Any) -> None:
    found = Signing.objects.get()
    long_ago = (timezone.now() - timedelta(hours=1)).isoformat()
    Signing.objects.update(proofs=[{**each, "verified_at": long_ago} for each in found.proofs])
    assert agent.deliver(agent.signatures(ready)).status_code == 409
    assert nothing_is_signed()


def test_a_workflow_that_was_stopped_takes_no_signature(ready: list[Any], agent: Any, by_alice: Any) -> None:
    workflows.stop(Workflow.objects.get(), by=by_alice, at=timezone.now())
    assert agent.deliver(agent.signatures(ready)).status_code == 410
    assert nothing_is_signed()


def test_who_cancels_in_the_agent_has_not_signed(ready: list[Any], agent: Any) -> None:
    assert agent.fail("cancelled", final=True).status_code == 200
    assert agent.deliver(agent.signatures(ready)).status_code == 410
    assert nothing_is_signed()


def test_a_card_that_does_not_reach_the_level_is_refused_before_its_pin_is_asked(
    asked: str, agent: Any, run_jobs: Run
) -> None:
    """Whether it is qualified, only the trusted lists would say."""
    ConsentPage.objects.filter(key_holder="card").update(level=SignatureLevel.QUALIFIED)
    assert "28" in refused(agent, asked, run_jobs)


def test_certificates_are_not_tried_without_end(asked: str, agent: Any, issuer: StatusService, run_jobs: Run) -> None:
    agent.claim(asked)
    Pairing.objects.update(presented=MOST_PRESENTED)
    assert agent.present().status_code == 410


def test_after_a_day_pairings_and_tries_are_forgotten(asked: str, agent: Any) -> None:
    agent.claim(asked)
    forget(int((timezone.now() + timedelta(days=2)).timestamp()))
    assert not Pairing.objects.exists()
    assert not Attempts.objects.exists()


@pytest.mark.parametrize(
    ("name", "same"),
    [
        ("CN=Éloïse Le Goff", True),
        ("CN=Eloise LE-GOFF", True),
        ("CN=LE GOFF Eloise", False),
        ("GN=Eloise Marie,SN=LE GOFF,CN=x", True),
        ("GN=Éloïse,SN=Le Gall,CN=Éloïse Le Goff", False),
        ("CN=Éloïse Le Goff PSEUDO", False),
        ("O=Le Goff", False),
    ],
)
def test_the_holder_must_be_who_was_asked(name: str, *, same: bool) -> None:
    """Where given name and surname stand, they count, and not what the common name calls itself."""
    oids = {"GN": NameOID.GIVEN_NAME, "SN": NameOID.SURNAME}
    certificate: Any = SimpleNamespace(subject=x509.Name.from_rfc4514_string(name, oids))
    signer = Signer("rcp_1", "Éloïse", "Le Goff", "", "", "FR", "fr")
    with nullcontext() if same else pytest.raises(BadCertificate, match="Éloïse Le Goff was asked"):
        check_name(certificate, signer)


@pytest.mark.parametrize("level", [SignatureLevel.SIMPLE, SignatureLevel.ADVANCED])
def test_nobody_goes_round_the_card(
    by_card: Send, recipient: Find, prove: Callable[[Recipient], str], level: SignatureLevel
) -> None:
    """The form of those who bring no card, sent by somebody of whom one is asked."""
    ConsentPage.objects.filter(key_holder="card").update(level=level)
    carol = recipient(by_card(CAROL), CAROL)
    proof = prove(carol)
    with pytest.raises(NotProven, match="Smart card"):
        signing.request_signature(carol, held=[proof], by=signing.actor(carol), at=timezone.now())
    assert recipient(carol.workflow, CAROL).acted_at is None
    assert nothing_is_signed()


def test_the_card_of_who_was_replaced_signs_no_more(
    ready: list[Any], agent: Any, invited: Callable[..., Any], by_alice: Any
) -> None:
    """Her page, her pairing and what was prepared for her card are still there."""
    workflow = Workflow.objects.get()
    workflows.replace(workflow, [workflows.NewStep([invited(BOB)])], by=by_alice, at=timezone.now())
    assert agent.standing().status_code == 410
    assert agent.deliver(agent.signatures(ready)).status_code == 410
    assert nothing_is_signed()
