"""Alice, whose organisation operates the installation, sees what failed and has it done again."""

import json
import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from paraph_testing import postgres
from paraph_testing.demo import Platform
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
REASON = "NotDelivered: the mail server refuses the address (550 5.1.1)"
MAKE = (
    "INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, scheduled_at, attempts)"
    " VALUES ('elsewhere', %s, %s, %s, now() + interval '2 hours', 3) RETURNING id"
)


@pytest.fixture
def failed(platform: Platform) -> Iterator[None]:
    """Jobs in a queue of their own, which the demonstration's worker leaves alone when they have failed."""
    url = postgres.url(platform.folder / "postgres", "paraph")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT set_config('paraph.tenant', '*', false)")
        [tenant] = connection.execute("SELECT id FROM accounts_tenant LIMIT 1").fetchone() or [""]
        about = json.dumps({"tenant_id": tenant, "message_id": "msg_2vPzkWqD7xYhLmRt5cNb8gJs"})
        made = [
            connection.execute(MAKE, (f"paraph_server.{kind}", about, status)).fetchone()
            for kind, status in (
                ("notifications.tasks.deliver", "failed"),
                ("notifications.tasks.deliver", "failed"),
                ("documents.tasks.sweep", "failed"),
                ("webhooks.tasks.deliver", "todo"),
            )
        ]
        connection.execute(
            "INSERT INTO jobs_fault (job, tenant_id, reason, at) VALUES (%s, %s, %s, now())",
            (made[0] and made[0][0], tenant, REASON),
        )
        yield
        connection.execute("DELETE FROM procrastinate_jobs WHERE queue_name = 'elsewhere'")


@pytest.mark.parametrize(("width", "height", "language"), [(390, 844, "fr-FR"), (1280, 800, "en-GB")])
def test_an_operator_sees_what_failed_and_why(
    platform: Platform,
    visit: Callable[..., Page],
    sign_in: Callable[[Page], None],
    look: Callable[[Page, str], None],
    failed: None,
    width: int,
    height: int,
    language: str,
) -> None:
    page = visit(width, height, language)
    sign_in(page)
    page.locator(".menu summary").click()
    page.locator("a[href='/jobs/']").click()
    expect(page.get_by_text(REASON)).to_be_visible()
    expect(page.locator(".status.finished")).to_have_count(1)
    look(page, "jobs")
    page.locator("details.card summary").click()
    look(page, "jobs-clockwork")
    page.locator("a[href='?state=scheduled']").click()
    look(page, "jobs-put-off")
    page.goto(f"{platform.url}/jobs/?state=failed")
    found = page.locator("a[href='?state=failed']")
    before = re.sub(r"\D", "", found.inner_text())
    page.locator("form[action$='/retry'] button:visible").nth(2).click()
    expect(found).to_contain_text(f"{int(before) - 1}")
