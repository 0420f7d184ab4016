import html
from typing import Any

import paraph.errors
import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from ninja import NinjaAPI, Schema
from paraph_server.web import problems
from paraph_server.web.errors import Conflict, TooManyRequests

RAISED = {
    "conflict": Conflict("The workflow has started already.", step=2),
    "flood": TooManyRequests("Slow down.", retry_after=30),
    "broken": paraph.errors.BrokenDocument("This file is damaged."),
    "large": paraph.errors.TooLarge("This file is too large."),
    "down": paraph.errors.Unavailable("The time-stamping service does not answer."),
    "hidden": Http404("no row 42"),
    "forbidden": PermissionDenied(),
    "bug": ZeroDivisionError("secret detail"),
}
EXPECTED = {
    "conflict": (409, "Conflict", "The workflow has started already."),
    "flood": (429, "TooManyRequests", "Slow down."),
    "broken": (422, "BrokenDocument", "This file is damaged."),
    "large": (413, "TooLarge", "This file is too large."),
    "down": (503, "Unavailable", "The time-stamping service does not answer."),
    "hidden": (404, "NotFound", "There is nothing here."),
    "forbidden": (403, "Forbidden", "You may not do this."),
    "bug": (500, "InternalError", "Something went wrong on our side. It has been noted."),
}

api = NinjaAPI(urls_namespace="errors")
problems.install(api)


class Order(Schema):
    amount: int


@api.get("/ninja/{what}")
def fail(request: HttpRequest, what: str) -> None:
    raise RAISED[what]


@api.post("/orders")
def order(request: HttpRequest, order: Order) -> None: ...


def page(request: HttpRequest, what: str) -> HttpResponse:
    raise RAISED[what]


class Urls:
    urlpatterns = (
        path("pages/<what>", page),
        path("api/plain/<what>", page),
        path("api/", api.urls),
        path("", include("paraph_server.urls")),  # what the page's frame links to
    )
    handler400 = staticmethod(problems.bad_request)
    handler403 = staticmethod(problems.forbidden)
    handler404 = staticmethod(problems.not_found)
    handler500 = staticmethod(problems.server_error)


@pytest.fixture
def browser(settings: Any, db: None) -> Client:
    settings.ROOT_URLCONF = Urls
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("door", ["plain", "ninja"])
@pytest.mark.parametrize("what", RAISED)
def test_a_program_gets_a_problem_document(browser: Client, door: str, what: str) -> None:
    answer = browser.get(f"/api/{door}/{what}")
    status, code, message = EXPECTED[what]
    problem = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert problem["message"] == problem["detail"] == message
    assert problem["error"] == problem["title"]
    assert problem["instance"] == answer.headers["X-Log-Id"]
    assert "secret detail" not in answer.content.decode()


@pytest.mark.parametrize("what", RAISED)
def test_a_person_gets_a_page(browser: Client, what: str) -> None:
    answer = browser.get(f"/pages/{what}", headers={"Accept": "text/html"})
    assert answer.status_code == EXPECTED[what][0]
    assert answer.headers["Content-Type"].startswith("text/html")
    assert EXPECTED[what][2] in html.unescape(answer.content.decode())
    assert "secret detail" not in answer.content.decode()


def test_whoever_meets_a_bug_can_tell_us_which(browser: Client) -> None:
    answer = browser.get("/pages/bug", headers={"Accept": "text/html"})
    assert answer.headers["X-Log-Id"] in answer.content.decode()


def test_facts_and_waiting_times_are_told(browser: Client) -> None:
    assert browser.get("/api/plain/conflict").json()["step"] == 2
    assert browser.get("/api/plain/flood").headers["Retry-After"] == "30"


def test_what_is_wrong_with_the_input_is_named(browser: Client) -> None:
    answer = browser.post("/api/orders", '{"amount": "much"}', content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("amount: ")


def test_too_large_a_body_is_refused_unread(browser: Client) -> None:
    answer = browser.post("/api/orders", b"", content_type="application/pdf", CONTENT_LENGTH=str(2**40))
    assert (answer.status_code, answer.json()["code"]) == (413, "TooLarge")


def test_the_language_is_the_readers(browser: Client) -> None:
    answer = browser.get("/api/plain/forbidden", headers={"Accept-Language": "fr"})
    assert answer.headers["Content-Language"] == "fr"


def test_every_answer_forbids_what_it_does_not_need(browser: Client) -> None:
    headers = browser.get("/health").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "same-origin"


def test_a_healthy_server_says_so(browser: Client) -> None:
    assert browser.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(("path", "kind"), [("/nothing", "text/html"), ("/api/nothing", "application/problem+json")])
def test_what_is_not_there_is_not_found(db: None, path: str, kind: str) -> None:
    answer = Client().get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, kind)


def test_a_malformed_request_is_refused(db: None) -> None:
    assert Client().get("/", headers={"Host": "somebody.else"}).status_code == 400
