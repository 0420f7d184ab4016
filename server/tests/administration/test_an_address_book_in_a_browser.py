"""Contacts in a browser without scripts: listed, added, changed, removed, and taken in from a list."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from paraph_server.accounts.models import User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.administration import lists, queries
from paraph_server.administration.models import Contact
from paraph_server.journal.models import Entry
from paraph_testing.cast import CAROL

FORM = {"first_name": "Zoé", "last_name": "Lemoine", "email": "zoe@example.org", "locale": "fr", "country": "FR"}
LIST = """Prénom;Nom;Adresse e-mail;Numéro de mobile;Société
Zoé;Lemoine;Zoe@Example.org;+33 6 39 98 01 02;X
Jean;Petit;jean@example.org;;Y
;Sans-prénom;sans@example.org;;
Anne;Grand;nonsense;;
"""


def browser(user: User) -> Client:
    client = Client(headers={"accept": "text/html"})
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def alices(alice: User) -> Client:
    return browser(alice)


def take_in(client: Client, content: str | bytes, **more: str) -> tuple[int, str]:
    data = content if isinstance(content, bytes) else content.encode("cp1252")
    answer = client.post("/contacts/import/", {"file": SimpleUploadedFile("list.csv", data), **more})
    return answer.status_code, answer.content.decode()


def test_somebody_is_added_changed_and_removed(alices: Client) -> None:
    assert alices.post("/contacts/new/", FORM | {"email": "nonsense"}).status_code == 422
    assert alices.post("/contacts/new/", FORM)["Location"] == "/contacts/"
    contact = Contact.objects.get()
    assert "Zoé Lemoine" in alices.get("/contacts/?text=lem").content.decode()
    assert "Zoé Lemoine" not in alices.get("/contacts/?text=durand").content.decode()
    alices.post(f"/contacts/{contact.pk}/", FORM | {"last_name": "Durand", "is_shared": "on"})
    assert Contact.objects.get().name == "Zoé Durand"
    alices.post(f"/contacts/{contact.pk}/remove")
    assert not Contact.objects.exists()


def test_colleagues_read_what_is_shared_and_change_nothing(
    alices: Client, hire: Callable[..., User], mallory: User
) -> None:
    for name, shared in (("Own", {}), ("Everybodys", {"is_shared": "on"})):
        alices.post("/contacts/new/", FORM | {"last_name": name, **shared})
    own, shared_one = Contact.objects.order_by("created_at")
    carol = browser(hire(CAROL, "send"))
    page = carol.get("/contacts/").content.decode()
    assert "Everybodys" in page
    assert "Own" not in page
    assert carol.get(f"/contacts/{own.pk}/").status_code == 404
    assert "<textarea" not in (read := carol.get(f"/contacts/{shared_one.pk}/").content.decode())
    assert 'name="email"' not in read
    assert carol.post(f"/contacts/{shared_one.pk}/", FORM).status_code == 422
    assert carol.post(f"/contacts/{shared_one.pk}/remove").status_code == 403
    with tenant_context(mallory.tenant):
        assert browser(mallory).get(f"/contacts/{shared_one.pk}/").status_code == 404


def test_a_list_is_taken_in_and_what_is_wrong_is_said_by_line(alices: Client, alice: User) -> None:
    status, page = take_in(alices, LIST, is_shared="on")
    assert status == 200
    assert "2 contacts were added" in page
    assert '<span class="number">4</span>' in page
    assert '<span class="number">5</span>' in page
    zoe, jean = Contact.objects.order_by("-email")
    assert (zoe.email, zoe.phone_number, zoe.is_shared) == ("zoe@example.org", "+33639980102", True)
    assert jean.name == "Jean Petit"
    assert [each.name for each in queries.contacts(alice, "lem")] == ["Zoé Lemoine"]
    assert Entry.objects.get(event="contacts:imported").payload.details["new"] == 2


def test_taken_in_once_more_it_doubles_nobody(alices: Client) -> None:
    take_in(alices, LIST)
    take_in(alices, LIST)
    assert Contact.objects.count() == 2
    assert Entry.objects.filter(event="contacts:imported").count() == 1
    _status, page = take_in(alices, LIST.replace("Jean;Petit", "Jean;Grand"))
    assert "1 was changed" in page
    assert sorted(Contact.objects.values_list("last_name", flat=True)) == ["Grand", "Lemoine"]


def test_who_stands_twice_in_a_list_is_kept_once(alices: Client) -> None:
    line = "Jean;Petit;jean@example.org\n"
    take_in(alices, "Prénom;Nom;E-mail\n" + line + line.replace("Petit", "Grand"))
    assert [each.last_name for each in Contact.objects.all()] == ["Grand"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "neither a CSV"),
        ("Name;Town\nA;B\n", "must name the columns"),
        ("", ""),
        ("Prénom;Nom;E-mail\n" + "a;b;c@example.org\n" * (lists.MOST + 1), "more than 10000 lines"),
        (b"x" * (lists.LARGEST + 1), "larger than 5 MB"),
    ],
)
def test_what_is_no_such_list_is_refused_and_nothing_kept(alices: Client, content: str | bytes, said: str) -> None:
    status, page = take_in(alices, content)
    assert status == 422
    assert said in page
    assert not Contact.objects.exists()


def test_a_long_list_asks_few_questions(alices: Client) -> None:
    lines = "".join(f"Prénom;Nom{number};person{number}@example.org\n" for number in range(1000))
    with CaptureQueriesContext(connection) as captured:
        take_in(alices, "Prénom;Nom;E-mail\n" + lines)
    assert Contact.objects.count() == 1000
    assert len(captured) < 60
