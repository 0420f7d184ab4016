"""A certificate is qualified because a Member State's list says so, when it was issued and when it signs."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from paraph.errors import Unavailable
from paraph.keys.file import FileSigner
from paraph.trustlists import NOT_QUALIFIED, Qualification, TrustedLists
from paraph_testing.pki import DAY, Pki
from paraph_testing.trustlist import FRANCE, LISTS, Publisher


def fetched(folder: Path, publisher: Publisher, at: datetime) -> TrustedLists:
    lists = TrustedLists(folder)
    assert lists.refresh(address=LISTS, signers=[publisher.signer.certificate], get=publisher.get, at=at) == []
    return lists


def ask(lists: TrustedLists, signer: FileSigner, at: datetime) -> Qualification | None:
    return lists.qualification(signer.certificate, signer.chain, at=at)


def test_a_listed_authority_makes_a_qualified_certificate_of_one_that_says_so(
    tmp_path: Path, pki: Pki, noon: datetime
) -> None:
    found = ask(fetched(tmp_path, Publisher(pki), noon), pki.qualified, noon)
    assert found == Qualification(True, "esign", on_device=True, service="Test Issuing CA (FR)")


def test_one_that_does_not_say_so_is_not_qualified(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    assert ask(fetched(tmp_path, Publisher(pki), noon), pki.agent, noon) == NOT_QUALIFIED


def test_an_authority_that_is_not_listed_makes_none(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    assert ask(fetched(tmp_path, Publisher(Pki(noon)), noon), pki.qualified, noon) == NOT_QUALIFIED


def test_nor_does_one_whose_status_was_withdrawn(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    assert ask(fetched(tmp_path, Publisher(pki, status="withdrawn"), noon), pki.qualified, noon) == NOT_QUALIFIED


@pytest.mark.parametrize("purposes", [("ForeSeals",), ()])
def test_nor_does_one_that_is_listed_for_something_else(
    tmp_path: Path, pki: Pki, noon: datetime, purposes: tuple[str, ...]
) -> None:
    """Neither for seals, nor for what its list does not say (TS 119 615 §4.4): the EU's DSS judges the same."""
    assert ask(fetched(tmp_path, Publisher(pki, purposes=purposes), noon), pki.qualified, noon) == NOT_QUALIFIED


def test_the_list_has_the_last_word_on_certificates_and_devices(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    without = ask(fetched(tmp_path / "1", Publisher(pki, qualifiers=("QCNoQSCD",)), noon), pki.qualified, noon)
    assert without is not None
    assert (without.qualified, without.on_device) == (True, False)
    never = ask(fetched(tmp_path / "2", Publisher(pki, qualifiers=("NotQualified",)), noon), pki.qualified, noon)
    assert never == NOT_QUALIFIED


def test_a_certificate_from_before_its_authority_was_listed_is_not_qualified(
    tmp_path: Path, pki: Pki, noon: datetime
) -> None:
    later = Publisher(pki)
    later.pki = Pki(noon + 9 * DAY + timedelta(hours=1))
    later.pki.__dict__["issuing"] = pki.issuing
    assert ask(fetched(tmp_path, later, noon), pki.qualified, noon + 20 * DAY) == NOT_QUALIFIED


def test_the_listed_issuer_is_where_a_path_may_end(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    """Whether it came along or not: it is the list's own certificate."""
    lists = fetched(tmp_path, Publisher(pki), noon)
    for chain in (pki.qualified.chain, ()):
        assert lists.anchor(pki.qualified.certificate, chain, at=noon) == pki.issuing.certificate
    assert lists.age(at=noon + DAY) == DAY


def test_a_path_ends_nowhere_else(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    """Not for what is not qualified, nor for an authority of the same name, nor by a list that is out of date."""
    lists, other = fetched(tmp_path, Publisher(pki), noon), Pki(noon)
    assert lists.anchor(pki.agent.certificate, pki.agent.chain, at=noon) is None
    assert other.issuing.certificate.subject == pki.issuing.certificate.subject
    for chain in (other.qualified.chain, pki.qualified.chain, ()):
        assert lists.anchor(other.qualified.certificate, chain, at=noon) is None
    assert lists.anchor(pki.qualified.certificate, (), at=noon + 181 * DAY) is None


@pytest.mark.parametrize("status", ["withdrawn", "deprecatedatnationallevel"])
def test_nor_with_a_service_that_is_not_granted(tmp_path: Path, pki: Pki, noon: datetime, status: str) -> None:
    lists = fetched(tmp_path, Publisher(pki, status=status), noon)
    assert lists.anchor(pki.qualified.certificate, pki.qualified.chain, at=noon) is None


def test_without_a_list_nothing_is_said(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    assert ask(TrustedLists(tmp_path), pki.qualified, noon) is None


def test_a_list_that_is_out_of_date_says_nothing(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    assert ask(fetched(tmp_path, Publisher(pki), noon), pki.qualified, noon + 181 * DAY) is None


def test_a_list_of_lists_that_somebody_else_signed_changes_nothing(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    lists = fetched(tmp_path, Publisher(pki), noon)
    stranger = Publisher(Pki(noon))
    with pytest.raises(Unavailable, match="cannot be verified"):
        lists.refresh(address=LISTS, signers=[pki.seal.certificate], get=stranger.get, at=noon)
    assert ask(lists, pki.qualified, noon) != NOT_QUALIFIED


FORGERIES: dict[str, Callable[[bytes], bytes]] = {
    "altered": lambda content: content.replace(b"granted", b"withdrawn"),
    "no XML": lambda _content: b"<no",
    "empty": lambda _content: b"",
}


@pytest.mark.parametrize("forged", FORGERIES)
def test_a_list_that_cannot_be_verified_stays_as_it_was(tmp_path: Path, pki: Pki, noon: datetime, forged: str) -> None:
    publisher = Publisher(pki)
    lists = fetched(tmp_path, publisher, noon)
    publisher.forged[FRANCE] = FORGERIES[forged](publisher.get(FRANCE))
    (fault,) = lists.refresh(address=LISTS, signers=[publisher.signer.certificate], get=publisher.get, at=noon)
    assert "FR" in fault
    assert ask(lists, pki.qualified, noon) != NOT_QUALIFIED


def test_a_document_type_is_refused_before_anything_is_read(tmp_path: Path, pki: Pki, noon: datetime) -> None:
    publisher = Publisher(pki)
    publisher.forged[FRANCE] = publisher.get(FRANCE).replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "a">]>', 1)
    lists = TrustedLists(tmp_path)
    (fault,) = lists.refresh(address=LISTS, signers=[publisher.signer.certificate], get=publisher.get, at=noon)
    assert "document type" in fault
