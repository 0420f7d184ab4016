"""The proof of concept for Deno: every function that it exports, called in its own runtime."""

import base64
import json
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from paraph import pades
from paraph_testing import pdfs, visitor
from paraph_testing.cast import BOB
from paraph_testing.demo import Platform

from conformance.clients.walk import Walk, await_that, choices, newest, recipient

HERE = Path(__file__).parent


class Remote:
    """The module in its own process: `remote("createWorkflow", {…})` calls what it exports."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self, name: str, *given: Any) -> Any:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"name": name, "given": given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline() or '{"fault": "The process has ended."}')
        if "fault" in answer:
            raise RuntimeError(answer["fault"])
        return answer["result"]


def walk(path: Path, platform: Platform, walked: Walk) -> None:
    """One workflow, from its making to the signed file."""
    profile, consent = choices(platform)
    environment = {
        "GOODFLAG_BASE_URL": f"{platform.url}/api",
        "GOODFLAG_API_KEY": platform.account.token,
        "GOODFLAG_USER_ID": platform.account.user_id,
        "GOODFLAG_SIGNATURE_PROFILE_ID": profile,
        "GOODFLAG_CONSENT_PAGE_ID": consent,
    }
    with _running(path, environment) as remote:
        _sign(remote, platform, walked)


def _sign(remote: Remote, platform: Platform, walked: Walk) -> None:
    signer = recipient(BOB, comments="By the stairs", organizationId="org_1")
    made = walked.call(
        "createWorkflow",
        remote,
        "createWorkflow",
        {"name": "Proof of concept", "signer": signer},
        expect=lambda said: said["id"].startswith("wfl_") and said["workflowStatus"] == "draft" and said["created"],
    )
    workflow = made["id"]
    uploaded = walked.call(
        "uploadWorkflowDocument",
        remote,
        "uploadWorkflowDocument",
        workflow,
        {"file": base64.b64encode(pdfs.contract()).decode(), "name": "Contrat €.pdf"},
        expect=lambda said: said["documentId"].startswith("doc_"),
    )
    document = uploaded["documentId"]
    walked.call(
        "applyDefaultSignatureField",
        remote,
        "applyDefaultSignatureField",
        document,
        expect=lambda said: said is None,
    )
    before = newest(platform, BOB)
    walked.call(
        "startWorkflow", remote, "startWorkflow", workflow, expect=lambda said: said["workflowStatus"] == "started"
    )
    visitor.sign(platform, BOB, after=before)
    await_that(lambda: remote("fetchWorkflow", workflow)["workflowStatus"] == "finished")
    walked.call(
        "fetchWorkflow",
        remote,
        "fetchWorkflow",
        workflow,
        expect=lambda said: said["workflowStatus"] == "finished" and said["updated"] >= said["created"],
    )
    walked.call(
        "downloadWorkflowDocuments",
        remote,
        "downloadWorkflowDocuments",
        workflow,
        expect=lambda said: (
            (said["fileName"], said["contentType"]) == ("Contrat €.pdf", "application/pdf")
            and len(pades.read(base64.b64decode(said["bytes"]))) == 1
        ),
    )


@contextmanager
def _running(path: Path, environment: dict[str, str]) -> Iterator[Remote]:
    """`deno` is on the path where `make clients` put it."""
    options = [
        "--quiet",
        "--no-config",
        "--no-remote",
        "--no-lock",
        "--allow-net=127.0.0.1",
        "--allow-env",
        "--allow-read",
    ]
    command = ["deno", "run", *options, f"--import-map={HERE / 'imports.json'}", str(HERE / "remote.ts"), str(path)]
    with tempfile.TemporaryDirectory() as cache:
        surroundings = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        process = subprocess.Popen(
            command,
            env=surroundings | environment | {"DENO_DIR": cache},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            yield Remote(process)
        finally:
            process.kill()
            process.communicate()
