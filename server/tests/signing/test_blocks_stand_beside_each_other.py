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
from paraph_server.workflows.errors import IncompleteWorkflow
from paraph_server.workflows.models import Document, Recipient, SignatureProfile, Workflow
from paraph_testing import pdfs
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]


def block(recipient: Recipient, document: Document, content: bytes) -> Block | None:
    return blocks.block(Signing(recipient=recipient), document, content, at=timezone.now())


def overlap(one: Block, other: Block) -> bool:
    beside = one.x + one.width <= other.x or other.x + other.width <= one.x
    above = one.y + one.height <= other.y or other.y + other.height <= one.y
    return not (beside or above)


def test_twelve_signers_do_not_cover_each_other(send: Send, recipient: Find) -> None:
    workflow = send(BOB)
    bob, document, content = recipient(workflow, BOB), workflow.documents.get(), pdfs.invoice()
    width, height = pades.inspect(content).sizes[-1]
    places = []
    for bob.position in range(12):
        made = block(bob, document, content)
        assert made is not None
        assert 0 <= made.x <= made.x + made.width <= width
        assert height / 2 < made.y + made.height <= height
        places.append(made)
    assert not any(overlap(one, other) for one, other in combinations(places, 2))


def test_when_the_page_is_full_further_signatures_are_invisible(send: Send, recipient: Find) -> None:
    workflow = send(BOB)
    bob = recipient(workflow, BOB)
    bob.position = 99
    assert block(bob, workflow.documents.get(), pdfs.invoice()) is None


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
    assert fields.place(document, 0) == fields.Place(2, 50, 60, 150, 70)
    assert fields.place(document, 1) == fields.Place(2, 300, 60, 150, 70)
    assert fields.place(document, 2) is None


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
    with pytest.raises(IncompleteWorkflow):
        actions.start(workflow, by=by_alice, at=timezone.now())  # type: ignore[arg-type]
