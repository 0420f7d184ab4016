"""A policy in force, and somebody who may write one."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from django.utils import timezone
from paraph.evidence import SignatureLevel
from paraph_server.policies.rules import Condition, Requirements, Rule, Table

if TYPE_CHECKING:
    from paraph_server.accounts.models import User
    from paraph_server.policies.models import PolicyVersion
    from paraph_server.workflows.models import ConsentPage
    from paraph_testing.program import Program

# ruff: noqa: PLC0415 - models can only be imported once Django is set up


@pytest.fixture
def rule() -> Callable[..., Rule]:
    """A rule that asks for a level, when some things hold."""

    def rule(name: str, level: str = "advanced", **condition: Any) -> Rule:
        return Rule(name, Condition(**condition), Requirements(levels=(SignatureLevel(level),)))

    return rule


@pytest.fixture
def administrator(hire: "Callable[..., User]") -> "User":
    """Carol, who administers."""
    from paraph_testing.cast import CAROL

    return hire(CAROL, "administer", "send")


@pytest.fixture
def carols_api(administrator: "User", program: "Callable[..., Program]") -> "Program":
    return program(administrator)


@pytest.fixture
def by_carol(administrator: "User") -> dict[str, Any]:
    """What the policy's actions ask."""
    from paraph_server.journal.actions import Actor

    acting = Actor("user", administrator.pk, administrator.name)
    return {"by": administrator, "acting": acting, "at": timezone.now()}


@pytest.fixture
def in_force(by_carol: dict[str, Any]) -> "Callable[..., PolicyVersion]":
    """Put rules into force."""
    from paraph_server.policies import actions

    def enforced(*rules: Rule) -> "PolicyVersion":
        actions.write(Table(rules), (), **by_carol)
        return actions.enforce(**by_carol)

    return enforced


@pytest.fixture
def strong(api: "Program", alice: "User") -> "ConsentPage":
    """A consent page whose signatures are advanced."""
    from paraph_server.workflows.models import ConsentPage

    return ConsentPage.objects.create(
        tenant=alice.tenant,
        name="FranceConnect and SMS",
        means=["franceconnect", "sms-code"],
        level="advanced",
        text_en="I sign.",
        text_fr="Je signe.",
        created_at=timezone.now(),
    )
