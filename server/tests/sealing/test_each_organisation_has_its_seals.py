"""A seal step names one of the organisation's own seals, and shows it where signatures are shown."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from paraph.errors import Refused
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.documents import queries as stored
from paraph_server.journal.actions import PLATFORM
from paraph_server.sealing.actions import give, seal_step
from paraph_server.sealing.errors import SealWithdrawn
from paraph_server.workflows import actions, queries
from paraph_server.workflows.errors import SealTaken
from paraph_server.workflows.models import Recipient, Seal, SignatureProfile, Step, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, Person
from paraph_testing.program import Program
from paraph_testing.signing_service import SigningService

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
PLAIN = actions.NewStep([], kind=Step.Kind.SEAL)


def sealing(seal: Seal) -> actions.NewStep:
    return actions.NewStep([], kind=Step.Kind.SEAL, seal=seal)


@pytest.fixture
def seals(tenant: Tenant, trust_service: SigningService, noon: datetime) -> list[Seal]:
    """Two seals of Alice's organisation."""
    return [
        give(tenant, f"seal-{name}", name=name, by=PLATFORM, at=noon.replace(hour=hour))
        for hour, name in enumerate(("sales", "finance"))
    ]


def content(workflow: Workflow) -> bytes:
    return stored.content(Workflow.objects.get(pk=workflow.pk).documents.get().current)


def boxes(document: bytes) -> list[list[float]]:
    """The rectangles of the signatures' blocks, the visible ones."""
    with pikepdf.open(io.BytesIO(document)) as pdf:
        found = [[float(edge) for edge in each.Rect] for page in pdf.pages for each in page.get("/Annots", [])]
    return [box for box in found if box[2] > box[0]]


def test_a_step_uses_the_seal_that_it_names(
    send: Send, seals: list[Seal], run_jobs: Callable[[], int], trust_service: SigningService
) -> None:
    send(sealing(seals[1]))
    run_jobs()
    assert trust_service.sealed_with[0] == "seal-finance"


def test_without_a_name_it_is_the_organisations_first_and_else_the_platforms(
    send: Send, tenant: Tenant, run_jobs: Callable[[], int], trust_service: SigningService, noon: datetime
) -> None:
    send(PLAIN)
    run_jobs()
    platforms = trust_service.sealed_with.copy()
    for hour, name in enumerate(("sales", "finance")):
        give(tenant, f"seal-{name}", name=name, by=PLATFORM, at=noon.replace(hour=hour))
    send(PLAIN)
    run_jobs()
    documents, evidence = trust_service.sealed_with[len(platforms) :]
    assert documents == "seal-sales"
    assert evidence == platforms[0] == "", "evidence files are the platform's"


def test_a_seal_is_one_organisations_and_no_others(
    seals: list[Seal], other_tenant: Tenant, mallorys_api: Program, api: Program, noon: datetime
) -> None:
    with tenant_context(other_tenant):
        with pytest.raises(SealTaken):
            give(other_tenant, "seal-sales", name="ours", by=PLATFORM, at=noon)
        assert not queries.seals().exists()
    assert [each["name"] for each in api("GET", "seals").json()["items"]] == ["sales", "finance"]
    assert mallorys_api("GET", "seals").json()["items"] == []
    wanted = {"name": "Stolen", "steps": [{"stepType": "seal", "sealId": seals[0].pk}]}
    assert mallorys_api("POST", "users/me/workflows", wanted).status_code == 400
    made = api("POST", "users/me/workflows", wanted).json()
    assert made["steps"][0]["sealId"] == seals[0].pk


def test_what_the_trust_service_does_not_know_is_not_given(tenant: Tenant, trust_service: SigningService) -> None:
    with pytest.raises(Refused):
        give(tenant, "unknown", name="", by=PLATFORM, at=timezone.now())
    assert not Seal.objects.exists()


def test_a_withdrawn_seal_seals_nothing_until_it_is_given_again(
    send: Send, seals: list[Seal], tenant: Tenant, run_jobs: Callable[[], int], noon: datetime
) -> None:
    workflow = send(sealing(seals[0]))
    actions.withdraw_seal(tenant, "seal-sales", by=PLATFORM, at=noon)
    organisation = queries.recipient(Recipient.objects.get(step__workflow=workflow).pk)
    with pytest.raises(SealWithdrawn):
        seal_step(organisation)
    assert list(queries.seals()) == [seals[1]]
    assert give(tenant, "seal-sales", name="sales again", by=PLATFORM, at=noon) == seals[0]
    run_jobs()
    assert Workflow.objects.get(pk=workflow.pk).finished_at


def test_a_seal_stands_beside_the_signatures(
    send: Send, recipient: Find, sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    workflow = send(PLAIN, BOB)
    run_jobs()
    sign(recipient(workflow, BOB))
    run_jobs()
    first, second = boxes(content(workflow))
    assert first[2] <= second[0] or second[2] <= first[0]
    assert min(first, second) == second, "Bob is the first signer, though the seal was there before"


@pytest.mark.usefixtures("trust_service")
def test_a_seal_stands_where_it_is_asked_for(send: Send, run_jobs: Callable[[], int]) -> None:
    workflow = send(PLAIN, contents=(pdfs.invoice(),))
    workflow.documents.update(
        signature_fields=[{"imagePage": 1, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70}]
    )
    run_jobs()
    [box] = boxes(content(workflow))
    assert (box[0], box[2] - box[0], box[3] - box[1]) == (50, 150, 70)


@pytest.mark.usefixtures("trust_service")
def test_a_seal_is_not_shown_where_signatures_are_not(send: Send, run_jobs: Callable[[], int], tenant: Any) -> None:
    workflow = send(PLAIN)
    SignatureProfile.objects.update(visible=False)
    run_jobs()
    assert boxes(content(workflow)) == []


def test_the_block_says_who_sealed(send: Send, alice: Any) -> None:
    from paraph_server.sealing.actions import _lines  # noqa: PLC0415

    organisation = queries.recipient(Recipient.objects.get(step__workflow=send(PLAIN)).pk)
    said, when, *_ = _lines(organisation, timezone.now())
    assert re.match("Cacheté par|Sealed by", said)
    assert "Marchand & Co" in said
    assert when
