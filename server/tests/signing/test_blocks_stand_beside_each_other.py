"""The visible blocks: where the sender put them, else side by side at the foot of the last page."""

from collections.abc import Callable
from itertools import combinations

import pytest
from django.utils import timezone
from paraph import pades
from paraph.pades import Block
from paraph_server.signing import blocks
from paraph_server.signing.models import Signing
from paraph_server.workflows import actions, fields
from paraph_server.workflows import blocks as placed
from paraph_server.workflows.errors import BadFields
from paraph_server.workflows.fields import Place
from paraph_server.workflows.models import Document, Recipient, SignatureProfile, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def block(recipient: Recipient, document: Document, content: bytes) -> Block | None:
    return blocks.look(Signing(recipient=recipient), document, content, at=timezone.now()).block


def free(*taken: Place) -> list[Place]:
    return list(placed._free(pades.inspect(pdfs.invoice()).sizes, taken))


def test_many_signers_do_not_cover_each_other() -> None:
    width, height = pades.inspect(pdfs.invoice()).sizes[-1]
    places = free()
    assert len(places) > 20
    assert all(0 <= each.x <= each.x + each.width <= width for each in places)
    assert all(0 <= each.y <= each.y + each.height <= height for each in places)
    assert not any(one.meets(other) for one, other in combinations(places, 2))


def test_nobody_is_put_where_the_sender_put_somebody_else() -> None:
    first, second, *_ = free()
    assert free(first)[0] == second
    assert free(Place(1, 0, 0, 2000, 2000)) == []


def test_who_has_no_place_takes_the_next_free_one(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL])
    document = workflow.documents.get()
    bobs = block(recipient(workflow, BOB), document, pdfs.invoice())
    document.signature_fields = [
        {"signer": 1, "imagePage": 1, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70}
    ]
    carols = block(recipient(workflow, CAROL), document, pdfs.invoice())
    assert bobs is not None
    assert carols is not None
    assert (carols.x, carols.y) == (bobs.x, bobs.y)


def test_when_the_page_is_full_further_signatures_are_invisible(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL])
    document = workflow.documents.get()
    everywhere = {"signer": 1, "imagePage": 1, "imageX": 0, "imageY": 0, "imageWidth": 2000, "imageHeight": 2000}
    document.signature_fields = [everywhere]
    assert block(recipient(workflow, CAROL), document, pdfs.invoice()) is None


def test_who_approves_does_not_count_as_a_signer(send: Send, recipient: Find) -> None:
    workflow = send(CAROL, BOB)
    workflow.steps.filter(position=0).update(kind="approval")
    document = workflow.documents.get()
    document.signature_fields = [{"imagePage": 1, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70}]
    bobs = block(recipient(workflow, BOB), document, pdfs.invoice())
    assert bobs is not None
    assert (bobs.x, bobs.y) == (50, 60)


def test_the_block_says_who_when_and_in_which_workflow_in_the_signers_language(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL])
    carol = recipient(workflow, CAROL)
    made = block(carol, workflow.documents.get(), pdfs.invoice())
    assert made is not None
    text = "\n".join(made.lines)
    assert CAROL.name in text
    assert workflow.pk in text
    assert str(timezone.now().year) in text
    assert workflow.pk in blocks.reason(carol)


def test_the_nth_field_is_the_nth_signers(send: Send, recipient: Find) -> None:
    workflow = send(BOB, CAROL, contents=(pdfs.contract(3),))
    document = workflow.documents.get()
    document.signature_fields = [
        {"imagePage": 2, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70},
        {"imagePage": -2, "imageX": 300, "imageY": 60, "imageWidth": 150, "imageHeight": 70},
    ]
    assert fields.places(document) == {1: Place(2, 50, 60, 150, 70), 2: Place(2, 300, 60, 150, 70)}
    document.signature_fields[0]["signer"] = 3
    assert fields.place(document, 1) is None
    assert fields.place(document, 3) == Place(2, 50, 60, 150, 70)


@pytest.mark.parametrize(
    "field",
    [
        {"imagePage": 9, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70},
        {"imagePage": -9, "imageX": 50, "imageY": 60, "imageWidth": 150, "imageHeight": 70},
        {"imagePage": 1, "imageX": 500, "imageY": 60, "imageWidth": 150, "imageHeight": 70},
        {"imagePage": 1, "imageX": 50, "imageY": 830, "imageWidth": 150, "imageHeight": 70},
    ],
    ids=["page 9 of 1", "page -9 of 1", "beyond the right edge", "below the page"],
)
def test_a_field_off_the_page_is_said_to_the_sender(send: Send, by_alice: object, field: dict[str, float]) -> None:
    workflow = send(BOB)
    Workflow.objects.update(started_at=None)
    profile = SignatureProfile.objects.get()
    Document.objects.update(signature_fields=[field], signature_profile=profile)
    with pytest.raises(BadFields):
        actions.start(workflow, by=by_alice, at=timezone.now())  # type: ignore[arg-type]
