"""The reference as a page."""

from typing import Any

from paraph_server.reference.openapi import operations
from paraph_server.urls import api


def page(client: Any, query: str = "", language: str = "en") -> str:
    answer = client.get(f"/api/reference/{query}", HTTP_ACCEPT_LANGUAGE=language)
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_every_endpoint_is_on_it_and_can_be_linked_to(client: Any, db: None) -> None:
    shown = page(client)
    for _, _, operation in operations(api.get_openapi_schema()):
        assert f'id="{operation["operationId"]}"' in shown
        assert f'href="#{operation["operationId"]}"' in shown
    assert 'id="shape-Workflow"' in shown


def test_its_frame_is_french_for_the_french(client: Any, db: None) -> None:
    assert "Chercher dans la référence" in page(client, language="fr")


def test_it_is_searched_without_scripts(client: Any, db: None) -> None:
    shown = page(client, "?text=webhook register")
    assert 'id="webhooks_register"' in shown
    assert 'id="workflows_create"' not in shown
    assert "Nothing was found" in page(client, "?text=<nothing>")


def test_it_loads_nothing_from_elsewhere(client: Any, db: None) -> None:
    shown = page(client)
    assert "<script>" not in shown
    assert "style=" not in shown
    assert 'src="http' not in shown
