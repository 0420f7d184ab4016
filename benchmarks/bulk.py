"""How fast one process makes workflows of a spreadsheet, and in how much memory; killed in the middle, it goes on.

uv run --no-sync python -m benchmarks.bulk [ROWS]
"""

import base64
import csv
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pikepdf
import psutil
from paraph_testing import pdfs, postgres

# ruff: noqa: PLC0415 - models can only be imported once Django is set up

ROWS = 10_000


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory(prefix="paraph-bulk-") as folder:
        furnish(Path(folder))
        for filled in (False, True):
            found = receive(rows, filled=filled)
            kind = "each filled in" if filled else "all the same"
            print(f"\n{rows} rows, documents of {len(document()) // 1000} kB, {kind}; one process\n")
            print(f"- checking: {check(*found):.1f} s")
            seconds, peak = send(*found, rows)
            print(f"- sending, killed once in the middle: {seconds:.1f} s, {rows / seconds:.0f} workflows a second")
            print(f"- most memory of the process: {peak / 2**20:.0f} MiB")
            judge(found[0], rows)


def furnish(folder: Path) -> None:
    """A database and a storage of our own."""
    os.environ.update(
        DJANGO_SETTINGS_MODULE="paraph_server.config.settings",
        PARAPH_DATABASE_URL=postgres.start(folder / "postgres"),
        PARAPH_SECRET_KEY="a secret that is only good for measuring",
        PARAPH_STORAGE_DIR=str(folder / "storage"),
        PARAPH_STORAGE_KEY=base64.b64encode(bytes(32)).decode(),
        PARAPH_FIELD_KEY=base64.b64encode(bytes(32)).decode(),
    )
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def document() -> bytes:
    """A form of 50 kB, most of it a picture."""
    with pikepdf.open(io.BytesIO(pdfs.form())) as pdf:
        noise = random.Random(1).randbytes(128 * 128 * 3)
        entries = {"Width": 128, "Height": 128, "BitsPerComponent": 8, "ColorSpace": pikepdf.Name.DeviceRGB}
        picture = pdf.make_stream(noise, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, **entries)
        pdf.pages[0].add_resource(picture, pikepdf.Name.XObject)
        output = io.BytesIO()
        pdf.save(output)
        return output.getvalue()


def receive(rows: int, *, filled: bool) -> tuple[str, str]:
    """A tenant, a template, and a spreadsheet that came in: the ids of the tenant and of the bulk send."""
    from django.utils import timezone
    from paraph_server.accounts import actions as accounts
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.bulk import actions
    from paraph_server.documents import actions as documents
    from paraph_server.journal.actions import Actor
    from paraph_server.templates import actions as templates
    from paraph_server.templates.requests import TemplateStepIn
    from paraph_server.workflows import actions as workflows
    from paraph_server.workflows import queries

    at = timezone.now()
    tenant = accounts.create_tenant("Marchand & Co", at=at)
    with tenant_context(tenant):
        workflows.set_up_tenant(tenant, at=at)
        password = base64.b64encode(os.urandom(12)).decode()
        email = f"alice{os.urandom(4).hex()}@example.org"
        alice = accounts.create_user(
            tenant, email=email, first_name="Alice", last_name="Marchand", password=password, at=at
        )
        by = Actor("user", alice.pk, alice.name)
        step = TemplateStepIn.model_validate({"recipients": [{"role": "Employee"}]}).stored()
        template = templates.create(
            alice, name="Contract", workflow_name="Contract {reference}", steps=[step], by=by, at=at
        )
        part = documents.receive(tenant, io.BytesIO(document()), "contract.pdf", by=by, at=at)
        profile = queries.signature_profiles().get()
        paper = templates.add_document(template, part, profile=profile, by=by, at=at)
        if filled:
            templates.change_document(paper, values={"city": "{employee.lastName}"}, by=by, at=at)
        made = actions.receive(
            template, spreadsheet(rows), "people.csv", "text/csv", owner=alice, starts_itself=True, by=by, at=at
        )
        return tenant.pk, made.pk


def spreadsheet(rows: int) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output, delimiter=";")
    writer.writerow(["employee.lastName", "employee.firstName", "employee.email", "reference"])
    writer.writerows([f"Durand{n}", "Bob", f"bob{n}@example.org", f"n° {n}"] for n in range(rows))
    return output.getvalue().encode("cp1252")


def check(tenant_id: str, bulk_send_id: str) -> float:
    """Have the rows checked; how many seconds that took."""
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.bulk import tasks
    from paraph_server.bulk.models import BulkSend

    start = time.perf_counter()
    tasks.check(tenant_id=tenant_id, bulk_send_id=bulk_send_id)
    with tenant_context(tenant_id):
        assert BulkSend.objects.get(pk=bulk_send_id).started_at
    return time.perf_counter() - start


def work(tenant_id: str, bulk_send_id: str) -> None:
    """What the worker does, over and over until nothing is left: the child's part."""
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.bulk import tasks
    from paraph_server.bulk.models import BulkSend

    with tenant_context(tenant_id):
        while BulkSend.objects.get(pk=bulk_send_id).finished_at is None:
            tasks.run(tenant_id=tenant_id, bulk_send_id=bulk_send_id)


def send(tenant_id: str, bulk_send_id: str, rows: int) -> tuple[float, int]:
    """Have everything sent by a child that is killed when half is done: the seconds, and its most memory in bytes."""
    start, peak, killed = time.perf_counter(), 0, False
    while True:
        child = subprocess.Popen([sys.executable, "-m", "benchmarks.bulk", "work", tenant_id, bulk_send_id])
        watched = psutil.Process(child.pid)
        while child.poll() is None:
            peak = max(peak, watched.memory_info().rss)
            if not killed and done(tenant_id, bulk_send_id) >= rows // 2:
                child.send_signal(signal.SIGKILL)
                killed = True
            time.sleep(0.1)
        if child.returncode == 0:
            return time.perf_counter() - start, peak


def done(tenant_id: str, bulk_send_id: str) -> int:
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.bulk.models import Row

    with tenant_context(tenant_id):
        return Row.objects.filter(bulk_send=bulk_send_id, state=Row.State.DONE).count()


def judge(tenant_id: str, rows: int) -> None:
    """Every row became one workflow, and the journal holds."""
    from paraph_server.accounts.tenancy import tenant_context
    from paraph_server.bulk.models import Row
    from paraph_server.journal import queries as journal
    from paraph_server.workflows.models import Workflow

    with tenant_context(tenant_id):
        names = Workflow.objects.values_list("name", flat=True)
        assert len(names) == len(set(names)) == Row.objects.filter(state=Row.State.DONE).count() == rows
        head = journal.verify(tenant_id)
        assert head
        print(f"- {rows} workflows, none twice; {head.sequence} entries in an unbroken journal")


if __name__ == "__main__":
    if sys.argv[1:2] == ["work"]:
        import django

        django.setup()
        work(*sys.argv[2:])
    else:
        main()
