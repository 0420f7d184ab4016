"""Who has not acted is reminded, as often as the sender wants and never twice, however many workers there are."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from paraph_server.accounts.models import Tenant
from paraph_server.accounts.tenancy import tenant_context
from paraph_server.notifications.content import Content
from paraph_server.notifications.models import Message
from paraph_server.signing.actions import actor
from paraph_server.workflows import actions, tasks
from paraph_server.workflows.models import Recipient, Workflow
from paraph_testing.cast import BOB, CAROL, Person

Send = Callable[..., Workflow]
Find = Callable[[Workflow, Person], Recipient]
DAY = timedelta(days=1)


def reminders() -> int:
    return Message.objects.filter(kind="reminder").count()


def overdue(recipient: Recipient) -> None:
    Recipient.objects.filter(pk=recipient.pk).update(remind_at=timezone.now() - timedelta(hours=1))


def test_reminders_stop_with_the_last_invitation(send: Send, recipient: Find) -> None:
    workflow = send(BOB, max_invites=3, invite_period=DAY)
    for expected in (1, 2, 2):
        if recipient(workflow, BOB).remind_at:
            overdue(recipient(workflow, BOB))
        tasks.remind(0)
        assert reminders() == expected
    assert recipient(workflow, BOB).remind_at is None
    reminder = Message.objects.filter(kind="reminder").latest("created_at")
    assert "/invite?token=" in Content.decrypt(bytes(reminder.content or b"")).text


def test_nobody_is_reminded_before_it_is_time(send: Send) -> None:
    send(BOB, max_invites=3, invite_period=DAY)
    tasks.remind(0)
    assert reminders() == 0


@pytest.mark.parametrize("options", [{}, {"max_invites": 0, "invite_period": DAY}, {"max_invites": 5}])
def test_who_is_to_get_one_invitation_or_none_is_not_reminded(
    send: Send, recipient: Find, options: dict[str, object]
) -> None:
    assert recipient(send(BOB, **options), BOB).remind_at is None


def test_who_has_acted_is_not_reminded(send: Send, recipient: Find) -> None:
    workflow = send([BOB, CAROL], max_invites=3, invite_period=DAY)
    bob = recipient(workflow, BOB)
    actions.act(bob, by=actor(bob), at=timezone.now())
    overdue(bob)
    overdue(recipient(workflow, CAROL))
    tasks.remind(0)
    assert list(Message.objects.filter(kind="reminder").values_list("to", flat=True)) == [CAROL.email]
    assert recipient(workflow, BOB).remind_at is None


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_reminder(tenant: Tenant, send: Send, recipient: Find) -> None:
    workflow = send(BOB, max_invites=5, invite_period=DAY)
    bob = recipient(workflow, BOB)
    overdue(bob)

    def work() -> None:
        with tenant_context(tenant):
            actions.remind(workflow, bob.pk, at=timezone.now())
        connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert reminders() == 1
    assert recipient(workflow, BOB).invitations == 2
