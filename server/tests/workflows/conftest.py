"""Drafts, made over the REST API."""

from collections.abc import Callable
from typing import Any

import pytest
from paraph_testing.program import Program


@pytest.fixture
def draft(api: Program) -> Callable[..., dict[str, Any]]:
    """A draft made over the API, for one or more recipients."""

    def draft(*recipients: dict[str, Any], **more: Any) -> dict[str, Any]:
        steps = [{"stepType": "signature", "recipients": [each]} for each in recipients]
        made = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract 42", "steps": steps, **more})
        assert made.status_code == 200, made.content
        return dict(made.json())

    return draft
