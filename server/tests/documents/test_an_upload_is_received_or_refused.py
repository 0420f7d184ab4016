import hashlib
import io
from datetime import datetime

import paraph.errors
import pytest
from paraph_server.accounts.models import Tenant
from paraph_server.documents import actions, queries
from paraph_server.documents.models import Part
from paraph_server.documents.storage import storage
from paraph_server.journal.actions import Actor
from paraph_server.journal.queries import head
from paraph_testing import pdfs


def files(tenant: Tenant) -> int:
    return sum(path.is_file() for path in (storage().root / tenant.pk).rglob("*"))


def test_a_pdf_is_kept_as_it_came(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    document = pdfs.contract(3)
    part = actions.receive(tenant, io.BytesIO(document), "Contrat d’été.pdf", by=by_alice, at=noon)
    assert (part.filename, part.content_type) == ("Contrat d’été.pdf", "application/pdf")
    assert (part.size, part.pages, part.hash) == (len(document), 3, hashlib.sha256(document).hexdigest())
    assert queries.content(part) == document


def test_the_journal_knows_what_came(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    part = actions.receive(tenant, io.BytesIO(pdfs.contract(1)), "a.pdf", by=by_alice, at=noon)
    entry = head(tenant)
    assert entry is not None
    assert (entry.event, entry.subject, entry.payload.details["sha256"]) == ("part:received", part.pk, part.hash)


@pytest.mark.parametrize(
    ("document", "refusal"),
    [
        (pdfs.empty(), paraph.errors.EmptyDocument),
        (pdfs.not_a_pdf(), paraph.errors.NotAPdf),
        (pdfs.encrypted(), paraph.errors.EncryptedDocument),
        (pdfs.cut_in_half(), paraph.errors.BrokenDocument),
    ],
    ids=["empty", "not a PDF", "encrypted", "broken"],
)
def test_what_cannot_be_signed_is_refused_and_not_kept(
    tenant: Tenant, by_alice: Actor, noon: datetime, document: bytes, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        actions.receive(tenant, io.BytesIO(document), "a.pdf", by=by_alice, at=noon)
    assert not Part.objects.exists()
    assert files(tenant) == 0


def test_too_much_is_refused_before_it_is_all_there(tenant: Tenant, by_alice: Actor, noon: datetime) -> None:
    class Endless:
        sent = 0

        def read(self, size: int, /) -> bytes:
            self.sent += size
            return bytes(size)

    endless = Endless()
    with pytest.raises(paraph.errors.TooLarge):
        actions.receive(tenant, endless, "a.pdf", by=by_alice, at=noon)
    assert endless.sent <= actions.LARGEST + 2**21
    assert files(tenant) == 0


def test_what_the_platform_makes_is_kept_as_well(tenant: Tenant, noon: datetime) -> None:
    part = actions.keep(tenant, b"\x89PNG", "mark.png", "image/png", at=noon)
    assert b"".join(queries.stream(part)) == b"\x89PNG"


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\contrats\\bail.pdf", "bail.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        ("", "document"),
        (".pdf", "pdf"),
        ("é" * 300 + ".pdf", "é" * 197 + ".pdf"),
    ],
)
def test_file_names_are_made_harmless(name: str, plain: str) -> None:
    assert actions.plain_filename(name) == plain
