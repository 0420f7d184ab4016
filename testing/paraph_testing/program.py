"""Somebody's business application, which calls the REST API through the whole HTTP layer."""

import json
from dataclasses import dataclass
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client


@dataclass(frozen=True)
class Program:
    """It has the access token of a user."""

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
