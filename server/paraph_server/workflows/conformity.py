"""Whether a workflow does what the organisation's signature policy asks for: its facts, the verdict, and the refusal.

A draft is judged by the policy in force, a workflow on its way by the version that it was started under.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from paraph_server.policies import evaluation, stored, words
from paraph_server.policies import queries as policies
from paraph_server.policies.evaluation import Judgement
from paraph_server.policies.facts import Counterparty, Facts
from paraph_server.policies.models import PolicyVersion
from paraph_server.workflows import queries
from paraph_server.workflows.errors import BelowPolicy
from paraph_server.workflows.models import ConsentPage, Recipient, Step, Workflow

MOST_NAMED = 10
"""Rules and consent pages in one refusal."""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who signs, as a policy sees them: before and after there is a workflow."""

    name: str
    country: str
    page: str
    """The consent page by which they are identified."""
    colleague: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the policy asks of a workflow, and which of its signers would sign below that."""

    version: PolicyVersion
    judgement: Judgement
    below: tuple[Recipient, ...]
    pages: tuple[ConsentPage, ...]
    """The consent pages that would do."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules that ask for more than there is."""
        return deciders(self.judgement)


def judge(workflow: Workflow, *, at: datetime) -> Verdict | None:
    """The verdict of the policy; None where the organisation has none. Who has signed is not judged again."""
    version = workflow.policy if workflow.started_at else policies.in_force(workflow.tenant_id, at)
    if version is None:
        return None
    judgement = evaluation.judge(version.table, facts(workflow, version.table.country))
    good = {each.pk: each for each in _pages() if judgement.requirements.met_by(each.offer)}
    to_sign = [each for each in _people(workflow) if each.acted_at is None]
    below = tuple(each for each in to_sign if each.consent_page_id not in good)
    return Verdict(version, judgement, below, tuple(each for each in good.values() if each.withdrawn_at is None))


class Foresight:
    """The policy in force, asked about many workflows before any of them is made."""

    def __init__(self, version: PolicyVersion) -> None:
        self._table, self._pages = version.table, list(_pages())

    def refusal(self, said: Facts, parties: Sequence[Party]) -> str:
        """Why a workflow with these signers would be refused; nothing, where it would not."""
        judgement = evaluation.judge(self._table, weighed(said, parties, self._table.country))
        good = [each for each in self._pages if judgement.requirements.met_by(each.offer)]
        done = {each.pk for each in good}
        below = [each.name for each in parties if each.page not in done]
        return _explained(judgement, below, [each for each in good if each.withdrawn_at is None]) if below else ""


def _pages() -> QuerySet[ConsentPage]:
    return ConsentPage.objects.order_by("created_at", "name")


def _people(workflow: Workflow) -> list[Recipient]:
    """Those who sign; where the organisation seals, nobody is identified."""
    return [each for each in queries.signers(workflow) if each.step.kind == Step.Kind.SIGNATURE]


def deciders(judgement: Judgement) -> tuple[str, ...]:
    """The rules that a way of signing can fall short of."""
    return judgement.deciders("level", "assurance", "means")


def facts(workflow: Workflow, country: str) -> Facts:
    """What is known of a workflow: what its sender says, and what stands in it."""
    said = replace(
        stored.facts(workflow.declared),
        filing_class=workflow.filing_class,
        amount=workflow.amount,
        currency=workflow.currency,
    )
    people = [
        Party(each.name, each.country, each.consent_page_id or "", colleague=bool(each.user_id))
        for each in _people(workflow)
    ]
    return weighed(said, people, country)


def weighed(said: Facts, parties: Sequence[Party], country: str) -> Facts:
    """What a sender says, and what their signers say of it; the policy is that of an organisation in this country."""
    colleagues = bool(parties) and all(each.colleague for each in parties)
    abroad = any(each.country.upper() != country for each in parties)
    return replace(
        said,
        counterparty=said.counterparty or (Counterparty.KNOWN if colleagues else None),
        cross_border=said.cross_border or abroad,
        signers=len(parties),
    )


def written(said: Facts) -> dict[str, Any]:
    """What a sender says, as it is kept: nothing of what stands elsewhere in the workflow."""
    kept = replace(said, filing_class="", amount=None, currency="", signers=None)
    return {name: value for name, value in asdict(kept).items() if value not in (None, "")}


def told(verdict: Verdict) -> dict[str, Any]:
    """What the journal keeps of a verdict."""
    asked = verdict.judgement.requirements
    return {
        "rules": [each.rule for each in verdict.judgement.decided],
        "levels": list(asked.levels),
        "archive_years": asked.archive_years,
        "below": [each.pk for each in verdict.below],
    }


def refusal(verdict: Verdict) -> BelowPolicy:
    """Why a workflow is refused, and what would do instead."""
    asked = verdict.judgement.requirements
    return BelowPolicy(
        _explained(verdict.judgement, [each.name for each in verdict.below], verdict.pages),
        signaturePolicyId=verdict.version.pk,
        rules=list(verdict.rules),
        signatureLevels=[str(each) for each in asked.levels],
        identificationAssurance=asked.assurance.name.lower(),
        identificationMeans=[str(each) for each in asked.means],
        recipientIds=[each.pk for each in verdict.below],
        consentPageIds=[each.pk for each in verdict.pages],
    )


def _explained(judgement: Judgement, below: Sequence[str], pages: Sequence[ConsentPage]) -> str:
    """In a sentence for the sender; `pages` would do."""
    asked = replace(judgement.requirements, time_stamp=False, evidence=False, archive_years=0)
    names = {
        "people": ", ".join(below[:MOST_NAMED]),
        "asked": ", ".join(words.requirements(asked)),
        "rules": _quoted(deciders(judgement)),
    }
    said = _("The signature policy asks for more than is asked of %(people)s: %(asked)s. Rules: %(rules)s.") % names
    if pages:
        names = {"pages": _quoted([each.called for each in pages])}
        hint = _("These ways of identification would do: %(pages)s.") % names
    else:
        hint = _("None of the organisation’s ways of identification would do.")
    return f"{said} {hint}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": each} for each in names[:MOST_NAMED])
