"""The REST API as a program calls it, through the whole HTTP layer."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from paraph_server.accounts.models import User

# ruff: noqa: PLC0415 - models can only be imported once Django is set up


@dataclass(frozen=True)
class Program:
    """Somebody's business application, with an access token."""

    user_id: str
    token: str

    def __call__(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        """Send JSON to `/api/…`."""
        content = b"" if body is None else json.dumps(body).encode()
        return self.send(method, path, content, content_type="application/json", **headers)

    def send(self, method: str, path: str, content: Any = b"", **options: Any) -> HttpResponseBase:
        authorisation = {"HTTP_AUTHORIZATION": f"Bearer {self.token}"}
        return Client().generic(method, f"/api/{path}", content, **authorisation | options)

    def upload(self, workflow: str, content: bytes, name: str = "contract.pdf", **options: Any) -> Any:
        disposition = {"HTTP_CONTENT_DISPOSITION": f'attachment; filename="{name}"'}
        path = f"workflows/{workflow}/parts"
        return self.send("POST", path, content, content_type="application/pdf", **disposition | options)


def _program(user: "User") -> Program:
    from paraph_server.accounts.actions import create_access_token
    from paraph_server.workflows.actions import set_up_tenant

    set_up_tenant(user.tenant, at=timezone.now())
    return Program(user.pk, create_access_token(user, name="test", at=timezone.now()))


@pytest.fixture
def api(alice: "User") -> Program:
    """Alice's program."""
    return _program(alice)


@pytest.fixture
def mallorys_api(mallory: "User") -> Program:
    """Mallory's, in another tenant."""
    from paraph_server.accounts.tenancy import tenant_context

    with tenant_context(mallory.tenant):
        return _program(mallory)


@pytest.fixture
def draft(api: Program) -> Callable[..., dict[str, Any]]:
    """A draft made over the API, for one or more recipients."""

    def draft(*recipients: dict[str, Any], **more: Any) -> dict[str, Any]:
        steps = [{"stepType": "signature", "recipients": [each]} for each in recipients]
        made = api("POST", f"users/{api.user_id}/workflows", {"name": "Contract 42", "steps": steps, **more})
        assert made.status_code == 200, made.content
        return dict(made.json())

    return draft
