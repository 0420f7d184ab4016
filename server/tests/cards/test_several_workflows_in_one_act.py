from collections.abc import Callable
from typing import Any

from django.utils import timezone
from paraph_server.cards import actions
from paraph_server.signing import actions as signing
from paraph_server.signing import acts, queries
from paraph_server.workflows.models import Recipient, Status, Workflow
from paraph_testing.cast import CAROL, Person

Find = Callable[[Workflow, Person], Recipient]


def test_one_pin_signs_in_all_of_them(
    by_card: Callable[..., Workflow],
    recipient: Find,
    prove: Callable[[Recipient], str],
    agent: Any,
    run_jobs: Callable[[], int],
) -> None:
    places = [recipient(by_card(CAROL), CAROL) for _ in range(2)]
    at = timezone.now()
    joint = queries.act(acts.join(places, at=at).pk)
    held = [prove(each) for each in places]

    def by(each: Recipient) -> Any:
        return signing.actor(each, address="192.0.2.7", agent="Browser")

    code = actions.ask(joint, held=held, by=by, at=at)[1]
    assert len(agent.claim(code).json()["documents"]) == 2
    agent.present()
    run_jobs()
    asked = agent.standing().json()["toSign"]
    assert len(asked) == 2
    assert agent.deliver(agent.signatures(asked[:1])).status_code == 400
    assert agent.deliver(agent.signatures(asked)).status_code == 200
    run_jobs()
    assert agent.standing().json()["state"] == "done"
    assert {each.status for each in Workflow.objects.all()} == {Status.FINISHED}
