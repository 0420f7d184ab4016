"""Whether a workflow does what the organisation's signature policy asks for: its facts, the verdict, and the refusal.

A draft is judged by the policy in force, a workflow on its way by the version that it was started under.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from paraph_server.policies import evaluation, stored, words
from paraph_server.policies import queries as policies
from paraph_server.policies.evaluation import Judgement
from paraph_server.policies.facts import Counterparty, Facts
from paraph_server.policies.models import PolicyVersion
from paraph_server.workflows import queries
from paraph_server.workflows.errors import BelowPolicy
from paraph_server.workflows.models import ConsentPage, Recipient, Workflow

MOST_NAMED = 10
"""Rules and consent pages in one refusal."""


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
        return self.judgement.deciders("level", "assurance", "means")


def judge(workflow: Workflow, *, at: datetime) -> Verdict | None:
    """The verdict of the policy; None where the organisation has none. Who has signed is not judged again."""
    version = workflow.policy if workflow.started_at else policies.in_force(workflow.tenant_id, at)
    if version is None:
        return None
    judgement = evaluation.judge(version.table, facts(workflow, version.table.country))
    pages = ConsentPage.objects.order_by("created_at", "name")
    good = {each.pk: each for each in pages if judgement.requirements.met_by(each.offer)}
    to_sign = [each for each in queries.signers(workflow) if each.acted_at is None]
    below = tuple(each for each in to_sign if each.consent_page_id not in good)
    return Verdict(version, judgement, below, tuple(each for each in good.values() if each.withdrawn_at is None))


def facts(workflow: Workflow, country: str) -> Facts:
    """What is known of a workflow: what its sender says, and what stands in it."""
    said, signers = stored.facts(workflow.declared), queries.signers(workflow)
    colleagues = bool(signers) and all(each.user_id for each in signers)
    abroad = any(each.country.upper() != country for each in signers)
    return replace(
        said,
        filing_class=workflow.filing_class,
        amount=workflow.amount,
        currency=workflow.currency,
        counterparty=said.counterparty or (Counterparty.KNOWN if colleagues else None),
        cross_border=said.cross_border or abroad,
        signers=len(signers),
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
    names = {
        "people": ", ".join(each.name for each in verdict.below[:MOST_NAMED]),
        "asked": ", ".join(words.requirements(replace(asked, time_stamp=False, evidence=False, archive_years=0))),
        "rules": _quoted(verdict.rules),
    }
    said = _("The signature policy asks for more than is asked of %(people)s: %(asked)s. Rules: %(rules)s.") % names
    if verdict.pages:
        names = {"pages": _quoted([each.name for each in verdict.pages])}
        hint = _("These ways of identification would do: %(pages)s.") % names
    else:
        hint = _("None of the organisation’s ways of identification would do.")
    return BelowPolicy(
        f"{said} {hint}",
        signaturePolicyId=verdict.version.pk,
        rules=list(verdict.rules),
        signatureLevels=[str(each) for each in asked.levels],
        identificationAssurance=asked.assurance.name.lower(),
        identificationMeans=[str(each) for each in asked.means],
        recipientIds=[each.pk for each in verdict.below],
        consentPageIds=[each.pk for each in verdict.pages],
    )


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(_("“%(name)s”") % {"name": each} for each in names[:MOST_NAMED])
