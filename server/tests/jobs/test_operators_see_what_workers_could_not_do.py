"""Jobs over REST and as a page: who sees which, why they failed, and that they are done again when asked for."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from paraph_server.accounts.models import Tenant, User
from paraph_server.accounts.sign_in import BACKEND
from paraph_server.jobs import actions, faults, kinds, queries
from paraph_server.jobs.errors import NoSuchOrganisation
from paraph_server.jobs.models import Fault
from paraph_server.jobs.queries import JobStatus
from paraph_server.journal.actions import PLATFORM
from paraph_server.journal.models import Entry
from paraph_server.web.errors import Conflict
from paraph_testing.cast import CAROL
from paraph_testing.program import Program
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from psycopg.types.json import Jsonb

MAKE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at, queueing_lock, worker_id)
VALUES ('default', %s, %s, %s, %s, %s, %s) RETURNING id
"""
Make = Callable[..., int]


@pytest.fixture
def make(db: None) -> Make:
    """A job as Procrastinate keeps it."""

    def make(
        tenant: Tenant | None,
        status: str = "failed",
        kind: str = "signing.perform",
        *,
        due: datetime | None = None,
        lock: str | None = None,
        worker: int | None = None,
        **about: str,
    ) -> int:
        args = {"tenant_id": tenant.pk, **about} if tenant else {"timestamp": 1}
        with connection.cursor() as cursor:
            cursor.execute(MAKE, [kinds.task(kind), Jsonb(args), status, due, lock, worker])
            [number] = cursor.fetchone()
        return int(number)

    return make


@pytest.fixture
def operator(alice: User, noon: datetime) -> User:
    """Alice, whose organisation operates the installation."""
    actions.let_operate([alice.tenant_id], by=PLATFORM, at=noon)
    alice.tenant.refresh_from_db()
    return alice


def ids(answer: Any) -> set[str]:
    return {each["id"] for each in answer.json()["items"]}


def test_administrators_see_the_jobs_of_their_own_tenant(
    api: Program, mallorys_api: Program, tenant: Tenant, other_tenant: Tenant, make: Make
) -> None:
    mine, clockwork, others = make(tenant), make(None, kind="workflows.expire"), make(other_tenant)
    assert ids(api("GET", "jobs")) == {f"job_{mine}"}
    assert ids(mallorys_api("GET", "jobs")) == {f"job_{others}"}
    for number in (clockwork, others):
        assert api("GET", f"jobs/job_{number}").status_code == 404
        assert api("POST", f"jobs/job_{number}/retry").status_code == 404
    summary = api("GET", "jobs/summary").json()
    assert summary["counts"]["failed"] == 1
    assert (summary["workers"], summary["clockwork"]) == ([], [])
    assert api("POST", "jobs/retry", {"kind": "signing.perform"}).json() == {"retried": 1}
    assert ProcrastinateJob.objects.get(pk=others).status == "failed"


def test_operators_of_the_installation_see_everybodys(
    operator: User, api: Program, tenant: Tenant, other_tenant: Tenant, make: Make
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        [worker] = cursor.fetchone()
    made = [
        make(tenant),
        make(None, kind="workflows.expire"),
        make(other_tenant, "doing", worker=worker),
        make(None, "todo"),
    ]
    assert ids(api("GET", "jobs")) == {f"job_{number}" for number in made}
    summary = api("GET", "jobs/summary").json()
    assert summary["counts"] == {"waiting": 1, "running": 1, "scheduled": 0, "failed": 2}
    assert [(each["id"], each["isAlive"], each["jobs"]) for each in summary["workers"]] == [(worker, True, 1)]
    assert {each["kind"] for each in summary["clockwork"]} >= {"workflows.remind", "journal.reap"}
    assert all(each["next"] > timezone.now().timestamp() * 1000 for each in summary["clockwork"])


def test_others_have_nothing_to_do_here(program: Callable[..., Program], hire: Callable[..., User]) -> None:
    carol = hire(CAROL, "send", "administer")
    assert program(carol)("GET", "jobs").status_code == 403
    browser = Client()
    browser.force_login(carol, backend=BACKEND)
    assert browser.get("/jobs/").status_code == 403


def test_a_job_says_what_it_is_about_and_nothing_else(api: Program, tenant: Tenant, make: Make) -> None:
    number = make(tenant, signing_id="sgn_2vPzkWqD7xYhLmRt5cNb8gJs", email="bob@example.org", name="Bob Durand")
    answer = api("GET", f"jobs/job_{number}")
    assert answer.json()["subject"] == "sgn_2vPzkWqD7xYhLmRt5cNb8gJs"
    assert answer.json()["title"] == "Make a signature"
    assert b"Bob" not in answer.content
    assert b"bob@" not in answer.content


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Conflict("The documents have changed."), "The documents have changed."),
        (ValueError("550 <bob.durand@example.org> unknown"), "ValueError: 550 <…@example.org> unknown"),
        (OSError("+33 6 01 02 03 04 is switched off"), "OSError: +… is switched off"),
        (OSError("GET https://192.0.2.10/x?token=act_secret: 500"), "OSError: GET https://192.0.2.10/x?… 500"),
        (ValueError("a\0b" + "x" * 900), f"ValueError: ab{'x' * 486}"),
    ],
)
def test_reasons_name_nobody(fault: Exception, reason: str) -> None:
    assert faults.reason(fault) == reason


def test_the_last_reason_is_kept_until_the_job_is_done(
    api: Program, tenant: Tenant, other_tenant: Tenant, make: Make, noon: datetime
) -> None:
    numbers = make(tenant), make(other_tenant)
    for number in numbers:
        job = ProcrastinateJob.objects.get(pk=number).procrastinate_job
        for fault in (ValueError("first"), ValueError("second")):
            faults.note(job, fault, at=noon)
    assert api("GET", f"jobs/job_{numbers[0]}").json()["reason"] == "ValueError: second"
    assert [each.job for each in Fault.objects.all()] == [numbers[0]], "the wall between tenants"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [numbers[0]])
    assert not Fault.objects.exists()


def test_what_has_failed_is_done_again(api: Program, tenant: Tenant, make: Make) -> None:
    number = make(tenant)
    assert api("POST", f"jobs/job_{number}/retry").json() == {"retried": 1}
    assert api("GET", f"jobs/job_{number}").json()["status"] == "waiting"
    assert Entry.objects.get(event="job:retried").subject == f"job_{number}"
    answer = api("POST", f"jobs/job_{number}/retry")
    assert (answer.status_code, answer.json()["code"]) == (409, "NothingToRetry")


def test_what_was_put_off_is_done_now(api: Program, tenant: Tenant, make: Make) -> None:
    number = make(tenant, "todo", due=timezone.now() + timedelta(hours=3))
    assert api("GET", f"jobs/job_{number}").json()["status"] == "scheduled"
    assert ids(api("GET", "jobs?status=scheduled")) == {f"job_{number}"}
    api("POST", f"jobs/job_{number}/retry")
    assert api("GET", f"jobs/job_{number}").json()["status"] == "waiting"


def test_a_kind_is_done_again_and_no_other(operator: User, api: Program, tenant: Tenant, make: Make) -> None:
    """Of several that would do the same, one is."""
    signatures = [make(tenant), make(tenant)]
    clockwork = [make(None, kind="workflows.expire", lock="workflows.tasks.expire") for _ in range(3)]
    assert api("POST", "jobs/retry", {"kind": "workflows.expire"}).json() == {"retried": 3}
    states = dict(ProcrastinateJob.objects.values_list("pk", "status"))
    assert states == {clockwork[-1]: "todo", **dict.fromkeys(signatures, "failed")}
    late = make(None, kind="workflows.expire", lock="workflows.tasks.expire")
    assert api("POST", f"jobs/job_{late}/retry").status_code == 200
    assert not ProcrastinateJob.objects.filter(pk=late).exists(), "one that does the same waits already"
    assert api("POST", "jobs/retry", {"kind": "nonsense"}).status_code == 400


def test_the_page_shows_and_retries(operator: User, make: Make, tenant: Tenant, noon: datetime) -> None:
    browser = Client(headers={"accept": "text/html"})
    browser.force_login(operator, backend=BACKEND)
    assert "No worker is running" in browser.get("/jobs/").content.decode()
    number = make(tenant)
    faults.note(ProcrastinateJob.objects.get(pk=number).procrastinate_job, ValueError("Too bad"), at=noon)
    page = browser.get("/jobs/").content.decode()
    assert "ValueError: Too bad" in page
    assert f"/jobs/job_{number}/retry" in page
    browser.post(f"/jobs/job_{number}/retry")
    assert f"job_{number}" in browser.get("/jobs/?state=waiting").content.decode()
    other = make(tenant)
    browser.post("/jobs/retry", {"kind": "signing.perform"})
    assert ProcrastinateJob.objects.get(pk=other).status == "todo"


def test_the_operators_organisation_is_named_by_command(alice: User, other_tenant: Tenant, noon: datetime) -> None:
    actions.let_operate([alice.tenant_id], by=PLATFORM, at=noon)
    actions.let_operate([other_tenant.pk], by=PLATFORM, at=noon)
    assert list(Tenant.objects.filter(operates=True)) == [other_tenant]
    said = Entry.objects.filter(event="tenant:operates").order_by("sequence")
    assert [each.payload.details["operates"] for each in said] == [True, False]
    with pytest.raises(NoSuchOrganisation):
        actions.let_operate(["ten_unknown"], by=PLATFORM, at=noon)


def test_every_kind_has_a_title() -> None:
    ours = {kinds.of(name) for name in app.tasks if name.startswith("paraph_server.")}
    assert ours == set(kinds.TITLES)


def test_a_million_finished_jobs_cost_nothing(operator: User, tenant: Tenant, make: Make) -> None:
    """No plan reads what is finished, and none sorts everything that has failed."""
    fill = (
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status) SELECT 'default', %s,"
        " jsonb_build_object('tenant_id', %s::text), %s::procrastinate_job_status FROM generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs DISABLE TRIGGER USER")
        for status, many in (("succeeded", 20_000), ("failed", 5_000)):
            cursor.execute(fill, [kinds.task("signing.perform"), tenant.pk, status, many])
        cursor.execute("ALTER TABLE procrastinate_jobs ENABLE TRIGGER USER")
        cursor.execute("ANALYZE procrastinate_jobs")
    at = timezone.now()
    for state in JobStatus:
        plan = queries.jobs(operator, state, at=at).order_by(*queries.ORDER[state])[:25].explain(analyze=True)
        assert "Seq Scan on procrastinate_jobs" not in plan, plan
        assert not re.search(r"Rows Removed by Filter: \d{3}", plan), plan
    operator.tenant.operates = False
    plan = queries.jobs(operator, JobStatus.FAILED, at=at).order_by("-pk")[:25].explain(analyze=True)
    assert "Seq Scan on procrastinate_jobs" not in plan, plan
    assert queries.failed_kinds(operator) == [("signing.perform", 5_000)]
