"""Templates, made over the REST API."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_testing import pdfs
from paraph_testing.program import Program


@pytest.fixture
def profile(api: Program) -> str:
    return str(api("GET", "signatureProfiles").json()["items"][0]["id"])


@pytest.fixture
def template(api: Program, profile: str) -> Callable[..., dict[str, Any]]:
    """A template of Alice: an employee signs a form, then a manager approves."""

    def template(content: bytes | None = None, **more: Any) -> dict[str, Any]:
        wanted = {
            "name": "Employment contract",
            "workflowName": "Contract of {employee.lastName}, {reference}",
            "data": {"data1": "{reference}"},
            "steps": [
                {"stepType": "signature", "recipients": [{"role": "Employee"}]},
                {"stepType": "approval", "recipients": [{"role": "Manager"}], "maxInvites": 0},
            ],
            **more,
        }
        made = api("POST", "templates", wanted)
        assert made.status_code == 200, made.content
        path = f"templates/{made.json()['id']}"
        disposition = {"HTTP_CONTENT_DISPOSITION": 'attachment; filename="contract.pdf"'}
        sent = api.send(
            "POST",
            f"{path}/parts?signatureProfileId={profile}",
            content or pdfs.form(),
            content_type="application/pdf",
            **disposition,
        )
        assert sent.status_code == 200, sent.content
        return dict(api("GET", path).json())

    return template
