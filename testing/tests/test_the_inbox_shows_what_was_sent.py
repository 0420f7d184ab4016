import json
import smtplib
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from paraph_testing.cast import BOB, CAROL
from paraph_testing.inbox import KEPT, Inbox


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as inbox:
        yield inbox


def mail(inbox: Inbox, to: str, text: str, html: str = "") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Paraph <no-reply@example.org>", to, "Un document à signer"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    with smtplib.SMTP("127.0.0.1", urlsplit(inbox.smtp_url).port or 0) as smtp:
        smtp.send_message(message)


def sms(inbox: Inbox, body: bytes) -> int:
    request = urllib.request.Request(inbox.sms_url, body, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        return refusal.code


def page(inbox: Inbox) -> str:
    with urllib.request.urlopen(inbox.url) as answer:
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
        return str(answer.read().decode())


def test_an_e_mail_arrives_with_its_accents_and_its_link(inbox: Inbox) -> None:
    mail(inbox, BOB.email, "Bonjour Bob,\nsignez ici : http://127.0.0.1:8000/invite?token=abc.\n")
    [message] = inbox.wait(to=BOB.email)
    assert message.subject == "Un document à signer"
    assert message.links == ["http://127.0.0.1:8000/invite?token=abc"]
    assert '<a href="http://127.0.0.1:8000/invite?token=abc"' in page(inbox)


def test_a_text_message_arrives(inbox: Inbox) -> None:
    assert sms(inbox, json.dumps({"to": BOB.phone_number, "text": "Code 123456"}).encode()) == 200
    assert inbox.messages(to=BOB.phone_number)[0].text == "Code 123456"


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"to": "+33"}'])
def test_a_malformed_text_message_is_refused(inbox: Inbox, body: bytes) -> None:
    assert sms(inbox, body) == 400


def test_hostile_html_stays_in_its_frame(inbox: Inbox) -> None:
    mail(inbox, BOB.email, "<script>alert(1)</script>", html='<script>alert(2)</script>"></iframe>')
    inbox.wait(to=BOB.email)
    shown = page(inbox)
    assert "<script>alert" not in shown
    assert shown.count("</iframe>") == 1


def test_another_site_cannot_read_it_by_pointing_its_name_here(inbox: Inbox) -> None:
    request = urllib.request.Request(inbox.url + "messages.json", headers={"Host": "mallory.example"})
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(request)


def test_each_person_has_their_own_messages(inbox: Inbox) -> None:
    mail(inbox, BOB.email, "for Bob")
    mail(inbox, CAROL.email, "for Carol")
    assert [message.text.strip() for message in inbox.wait(to=CAROL.email)] == ["for Carol"]


def test_it_keeps_a_bounded_number(inbox: Inbox) -> None:
    for number in range(KEPT + 5):
        inbox.keep("sms", BOB.phone_number, str(number))
    assert len(inbox.messages()) == KEPT
    assert inbox.messages()[0].text == str(KEPT + 4)


def test_it_remembers_across_a_restart(tmp_path: Path) -> None:
    with Inbox(file=tmp_path / "inbox.json") as inbox:
        inbox.keep("sms", BOB.phone_number, "first")
    with Inbox(file=tmp_path / "inbox.json") as inbox:
        assert inbox.keep("sms", BOB.phone_number, "second").id == 2
        assert [message.text for message in inbox.messages()] == ["second", "first"]
