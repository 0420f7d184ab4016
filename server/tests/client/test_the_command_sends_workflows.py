"""`paraph workflow …`, as a person types it, against the server."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from paraph import evidence, pades
from paraph_testing.cast import BOB, CAROL

Command = Callable[..., tuple[int, str, str]]
TO_BOB = "Bob Durand <bob@example.org> +33639980102"


@pytest.fixture
def sent(command: Command) -> str:
    """What Bob is to sign; its id."""
    code, said, _ = command("create", "contract.pdf", "--to", TO_BOB, "--send")
    assert code == 0
    workflow, state = said.split()
    assert state == "started"
    return workflow


def test_help_comes_without_a_server(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARAPH_API")
    code, said, _ = command("--help")
    assert code == 0
    assert "paraph workflow wait wfl_…" in said


def test_a_workflow_from_the_first_command_to_the_last(
    command: Command, recipient: Callable[..., Any], sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    from paraph_server.workflows.models import Workflow  # noqa: PLC0415  models need Django set up

    code, said, _ = command(
        *("create", "contract.pdf", "--attach", "terms.pdf", "--name", "Contract 42", "--days", "7"),
        *("--identify", "email", "--language", "fr", "--block=-1,60,640,200,80", "--to", TO_BOB),
    )
    workflow, state = said.split()
    assert (code, state) == (0, "draft")
    assert command("send", workflow) == (0, f"{workflow} started\n", "")
    code, said, _ = command("status", workflow)
    assert (code, "Bob Durand <bob@example.org> is asked" in said) == (0, True)
    assert command("wait", workflow, "--timeout", "0")[::2] == (3, f"paraph: {workflow} is not finished yet.\n")
    sign(recipient(Workflow.objects.get(pk=workflow), BOB))
    run_jobs()
    assert command("wait", workflow) == (0, f"{workflow} finished\n", "")
    assert "Bob Durand <bob@example.org> signed 20" in command("status", workflow)[1]
    assert command("download", workflow, "--output", "signed.zip") == (0, "signed.zip\n", "")
    assert Path("signed.zip").read_bytes().startswith(b"PK")
    assert command("evidence", workflow, "--output", "evidence.pdf") == (0, "evidence.pdf\n", "")
    assert evidence.read(Path("evidence.pdf").read_bytes()).reference == workflow
    assert command("archive", workflow) == (0, f"{workflow} archived\n", "")


def test_a_download_has_the_servers_name_and_overwrites_nothing(
    command: Command, sent: str, recipient: Callable[..., Any], sign: Callable[..., None], run_jobs: Callable[[], int]
) -> None:
    from paraph_server.workflows.models import Workflow  # noqa: PLC0415  models need Django set up

    sign(recipient(Workflow.objects.get(pk=sent), BOB))
    run_jobs()
    before = Path("contract.pdf").read_bytes()
    code, _, said = command("download", sent)
    assert (code, "contract.pdf exists already" in said) == (2, True)
    assert Path("contract.pdf").read_bytes() == before
    Path("signed").mkdir()
    code, told, _ = command("download", sent, "--output", "signed", "--json")
    facts = json.loads(told)
    assert (code, facts["file"], facts["contentType"]) == (0, "signed/contract.pdf", "application/pdf")
    assert len(pades.read(Path("signed/contract.pdf").read_bytes())) == 1
    assert sorted(each.name for each in Path().iterdir()) == ["contract.pdf", "signed", "terms.pdf"]


def test_steps_are_written_as_people_speak(command: Command) -> None:
    code, said, _ = command(
        *("create", "contract.pdf", "--to", TO_BOB, "--json", "--no-mail"),
        *("--to", "approve, 1 of: Carol Łukasiewicz <carol@example.org>, Dan de la Tour <dan@example.org>"),
    )
    assert code == 0
    first, second = json.loads(said)["steps"]
    assert (first["stepType"], first["recipients"][0]["phoneNumber"], first["maxInvites"]) == (
        "signature",
        BOB.phone_number,
        0,
    )
    assert (second["stepType"], second["requiredRecipients"]) == ("approval", 1)
    assert [(each["firstName"], each["lastName"], each["email"]) for each in second["recipients"]] == [
        (CAROL.first_name, CAROL.last_name, CAROL.email),
        ("Dan", "de la Tour", "dan@example.org"),
    ]


@pytest.mark.parametrize("people", ["", "Bob", "bob@example.org", "sign: ", "witness: " + TO_BOB, "0 of: " + TO_BOB])
def test_people_who_cannot_be_read_are_usage(command: Command, people: str) -> None:
    code, _, said = command("create", "contract.pdf", "--to", people)
    assert (code, "Usage" in said) == (2, True)


def test_a_recipient_is_invited_by_link_or_again(command: Command, sent: str) -> None:
    code, said, _ = command("invite", sent, BOB.email)
    assert (code, "/invite?token=" in said) == (0, True)
    assert command("remind", sent, BOB.email) == (0, f"{sent} started\n", "")


def test_what_was_stopped_is_no_success(command: Command, sent: str) -> None:
    assert command("stop", sent)[0] == 0
    assert command("wait", sent) == (1, f"{sent} stopped\n", "")
    assert "stopped, cancelled" in command("status", sent)[1]
    assert command("send", sent)[0] == 1


def test_workflows_are_listed(command: Command, sent: str) -> None:
    code, said, _ = command("list", "--text", "contract", "--status", "started")
    assert (code, said.split()[0]) == (0, sent)
    assert command("list", "--status", "finished") == (0, "", "")
    assert json.loads(command("list", "--json", "--limit", "1")[1])["id"] == sent


def test_a_draft_that_could_not_be_completed_is_named(command: Command) -> None:
    Path("broken.pdf").write_bytes(b"MZ")
    code, said, told = command("create", "broken.pdf", "--to", TO_BOB, "--send")
    assert (code, said) == (2, "")
    assert "was made and not sent." in told
    assert "not a PDF" in told


def test_nobody_waits_for_a_draft(command: Command) -> None:
    workflow = command("create", "contract.pdf", "--to", TO_BOB)[1].split()[0]
    code, _, said = command("wait", workflow)
    assert (code, "was not sent" in said) == (2, True)


def test_an_unknown_identification_is_told_the_known_ones(command: Command) -> None:
    code, _, said = command("create", "contract.pdf", "--to", TO_BOB, "--identify", "blood")
    assert (code, "email, sms" in said) == (2, True)


def test_the_token_comes_from_a_file_or_a_descriptor(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    token = os.environ["PARAPH_TOKEN"]
    monkeypatch.delenv("PARAPH_TOKEN")
    code, _, said = command("list")
    assert (code, "There is no access token" in said) == (2, True)
    Path("token").write_text(f"{token}\n")
    assert command("list", "--token-file", "token")[0] == 0
    reading, writing = os.pipe()
    os.write(writing, token.encode())
    os.close(writing)
    assert command("list", "--token-fd", str(reading))[0] == 0


def test_a_wrong_token_and_an_absent_server_have_their_exit_codes(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARAPH_TOKEN", "act_unknown.secret")
    assert command("list")[0] == 1
    code, _, said = command("list", "--api", "http://127.0.0.1:9/api")
    assert (code, "does not answer" in said) == (3, True)


def test_the_adviser_answers_in_ones_language(command: Command) -> None:
    answers = ("--amount", "25000", "--counterparty", "known", "--person", "legal", "--home", "--no-prescribed-form")
    code, said, _ = command("advise", "--document", "contract", *answers)
    assert (code, said.splitlines()[0]) == (0, "Advanced signature (advanced)")
    assert "Code civil, article 1359" in said
    code, said, _ = command("advise", "--document", "contract", *answers, "--language", "fr", "--json")
    assert (code, json.loads(said)["title"]) == (0, "Signature avancée")
    assert command("advise", "--amount", "much")[0] == 2
