"""Each correct row of a spreadsheet becomes one workflow, after its sender has seen what is wrong with the others."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from paraph_server.notifications.models import Message
from paraph_server.workflows.models import Workflow
from paraph_testing.program import Program

ROWS = [["Durand", "Bob", "bob@example.org", "n° 1"], ["Łukasiewicz", "Carol", "carol@example.org", "n° 2"]]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Checked = Callable[..., dict[str, Any]]


def test_nothing_is_sent_before_it_is_started(api: Program, checked: Checked, as_csv: Any, run_jobs: Any) -> None:
    found = checked(as_csv(ROWS, encoding="utf-8-sig"))
    assert (found["status"], found["total"], found["waiting"], found["done"]) == ("checked", 2, 2, 0)
    assert not Workflow.objects.exists()
    api("PATCH", f"bulkSends/{found['id']}", {"status": "started"})
    run_jobs()
    done = api("GET", f"bulkSends/{found['id']}").json()
    assert (done["status"], done["done"], done["progress"]) == ("finished", 2, 100)
    assert set(Workflow.objects.values_list("name", flat=True)) == {"Contrat n° 1", "Contrat n° 2"}
    assert set(Message.objects.values_list("to", flat=True)) == {"bob@example.org", "carol@example.org"}


def test_each_row_leads_to_its_workflow(api: Program, checked: Checked, as_csv: Any) -> None:
    found = checked(as_csv(ROWS, encoding="utf-8-sig"), "start=true")
    rows = api("GET", f"bulkSends/{found['id']}/rows").json()["items"]
    assert [(row["number"], row["state"]) for row in rows] == [(2, "done"), (3, "done")]
    workflow = api("GET", f"workflows/{rows[1]['workflowId']}").json()
    assert (workflow["name"], workflow["workflowStatus"]) == ("Contrat n° 2", "started")


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(";", "cp1252"), (",", "utf-8-sig"), ("\t", "utf-16"), ("|", "utf-8")],
)
def test_excel_may_write_csv_as_it_likes(
    api: Program, checked: Checked, as_csv: Any, delimiter: str, encoding: str
) -> None:
    found = checked(as_csv([["Besançon", "Zoé", "zoe@example.org", "€ 1"]], delimiter=delimiter, encoding=encoding))
    (row,) = api("GET", f"bulkSends/{found['id']}/rows").json()["items"]
    assert (found["waiting"], row["values"]["Salarié.lastName"], row["values"]["référence"]) == (1, "Besançon", "€ 1")


def test_a_workbook_is_read_as_it_looks(api: Program, checked: Checked, as_xlsx: Any, noon: datetime) -> None:
    rows = [["Durand", "Bob", "bob@example.org", 42.0], ["Durand", "Bob", "bob@example.org", noon.date()]]
    found = checked(as_xlsx([*rows, [None] * 4]), kind=XLSX)
    values = [row["values"]["référence"] for row in api("GET", f"bulkSends/{found['id']}/rows").json()["items"]]
    assert values == ["42", "11/23/2026"]


def test_programs_send_rows_as_json(api: Program, template: str, run_jobs: Any) -> None:
    row = {"salarié.lastName": "Durand", "salarié.firstName": "Bob", "salarié.email": "bob@example.org"}
    body = {"rows": [row | {"reference": 42}]}
    given = api("POST", f"templates/{template}/bulkSends?start=true", body).json()
    run_jobs()
    assert api("GET", f"bulkSends/{given['id']}").json()["done"] == 1
    assert Workflow.objects.get().name == "Contrat 42"


def test_every_fault_is_told_with_its_row_and_column(api: Program, checked: Checked, as_csv: Any) -> None:
    wrong = [
        ["", "Bob", "nowhere", "1"],
        ["Durand", "Bob", "bob@example.org", "2"],
        ["D" * 61, "", "b@example.org", ""],
    ]
    found = checked(as_csv(wrong), "start=true")
    assert (found["status"], found["faulty"], found["waiting"]) == ("checked", 2, 1)
    rows = api("GET", f"bulkSends/{found['id']}/rows?items.state=faulty").json()["items"]
    faults = [(row["number"], each["column"], each["message"]) for row in rows for each in row["faults"]]
    assert faults == [
        (2, "Salarié: last name", "This is missing."),
        (2, "Salarié: e-mail address", "This is not an e-mail address."),
        (4, "Salarié: last name", "A name has 60 characters at most."),
        (4, "Salarié: first name", "This is missing."),
        (4, "référence", "This is missing."),
    ]
    report = b"".join(api.send("GET", f"bulkSends/{found['id']}/faults").streaming_content).decode("utf-8-sig")
    assert report.splitlines()[:2] == ["Row,Column,Problem", "2,Salarié: last name,This is missing."]


def test_faulty_rows_are_left_out_on_request_only(api: Program, checked: Checked, as_csv: Any, run_jobs: Any) -> None:
    found = checked(as_csv([["", "", "", "", "x"], *ROWS[:1]]))
    path = f"bulkSends/{found['id']}"
    refused = api("PATCH", path, {"status": "started"})
    assert (refused.status_code, refused.json()["code"], refused.json()["faulty"]) == (409, "FaultyRows", 1)
    api("PATCH", path, {"status": "started", "skipFaulty": True})
    run_jobs()
    assert api("GET", path).json()["done"] == 1


def test_the_same_file_is_sent_again_on_request_only(give: Callable[..., Any], checked: Checked, as_csv: Any) -> None:
    first = checked(as_csv(ROWS, encoding="utf-8"))
    refused = give(as_csv(ROWS, encoding="utf-8"))
    assert (refused.status_code, refused.json()["code"]) == (409, "SentBefore")
    assert refused.json()["bulkSendId"] == first["id"]
    assert give(as_csv(ROWS, encoding="utf-8"), "again=true").status_code == 200


def test_a_template_that_cannot_be_sent_shows_before_anything_is(
    api: Program, template: str, checked: Checked, as_csv: Any
) -> None:
    (document,) = api("GET", f"templates/{template}").json()["documents"]
    assert api("DELETE", f"templates/{template}/parts/{document['id']}").status_code == 204
    found = checked(as_csv(ROWS, encoding="utf-8"), "start=true")
    assert (found["status"], found["problem"]) == ("refused", "Add at least one document to be signed.")
    assert not Workflow.objects.exists()


def test_a_change_of_the_template_does_not_reach_what_was_checked(
    api: Program, template: str, checked: Checked, as_csv: Any, run_jobs: Any
) -> None:
    found = checked(as_csv(ROWS, encoding="utf-8"))
    api("PATCH", f"templates/{template}", {"workflowName": "Other"})
    api("PATCH", f"bulkSends/{found['id']}", {"status": "started"})
    run_jobs()
    assert set(Workflow.objects.values_list("name", flat=True)) == {"Contrat n° 1", "Contrat n° 2"}


def test_the_model_is_what_is_read(api: Program, template: str, give: Callable[..., Any]) -> None:
    for language, label in (("fr", "Salarié\u00a0: nom"), ("en", "Salarié: last name")):
        text = api.send("GET", f"templates/{template}/model?format=csv", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert label in text
    assert give(text.encode() + b"Durand,Bob,bob@example.org,1\r\n").status_code == 200


def test_mallory_sees_nothing_of_it(mallorys_api: Program, template: str, checked: Checked, as_csv: Any) -> None:
    found = checked(as_csv(ROWS, encoding="utf-8"))
    for path in ("", "/rows", "/faults"):
        assert mallorys_api("GET", f"bulkSends/{found['id']}{path}").status_code == 404
    assert mallorys_api("PATCH", f"bulkSends/{found['id']}", {"status": "started"}).status_code == 404
    assert mallorys_api("GET", f"templates/{template}").status_code == 404
    body = json.dumps({"rows": [{"x": "y"}]})
    sent = mallorys_api.send("POST", f"templates/{template}/bulkSends", body, content_type="application/json")
    assert sent.status_code == 404
    assert mallorys_api("GET", "bulkSends").json()["totalItems"] == 0
