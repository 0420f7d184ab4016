"""Signature policies as the REST API writes them."""

from decimal import Decimal
from typing import Any, cast

from paraph_server.policies import evaluation, schemas
from paraph_server.policies.advice import Advice
from paraph_server.policies.evaluation import Judgement
from paraph_server.policies.facts import Facts
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.requests import AssuranceName
from paraph_server.policies.rules import Condition, Example, Requirements, Rule, Table
from paraph_server.policies.starters import Starter
from paraph_server.web.moments import milliseconds

SPELT = {
    "filing_class": "filingClass",
    "document_kind": "documentKind",
    "amount": "amount",
    "amount_from": "amountFrom",
    "currency": "currency",
    "counterparty": "counterparty",
    "person": "person",
    "cross_border": "crossBorder",
    "regulated_act": "regulatedAct",
    "signers": "signers",
    "signers_from": "signersFrom",
}
ASPECTS = {
    "level": "signatureLevels",
    "assurance": "identificationAssurance",
    "means": "identificationMeans",
    "time_stamp": "timeStamp",
    "evidence": "evidence",
    "archive_years": "archiveYears",
}


def policy(found: PolicyVersion) -> schemas.SignaturePolicy:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "number": found.number,
        "country": found.table.country,
        "rules": [rule(each) for each in found.table.rules],
        "examples": examples(found.table, found.examples),
        "inForceFrom": milliseconds(found.in_force_from),
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }


def rule(found: Rule) -> schemas.PolicyRule:
    asked = requirements(found.requirements)
    [level] = found.requirements.levels
    kept = {name: value for name, value in asked.items() if name != "signatureLevels"}
    return {
        "name": found.name,
        "when": condition(found.condition),
        "requires": cast("schemas.RuleRequirements", {"signatureLevel": level, **kept}),
    }


def condition(found: Condition) -> schemas.PolicyCondition:
    return cast(
        "schemas.PolicyCondition", _said(found) | ({"counterparty": "unknown"} if found.unknown_counterparty else {})
    )


def facts(found: Facts) -> schemas.PolicyFacts:
    return cast("schemas.PolicyFacts", _said(found))


def _said(found: Facts | Condition) -> dict[str, Any]:
    """What is said, under the API's names; what a condition does not look at, and what is not known, is absent."""
    values = {name: getattr(found, name) for name in type(found).__dataclass_fields__ if name != "unknown_counterparty"}
    if values.get("amount", values.get("amount_from")) is None:
        values["currency"] = ""
    silent = [None, "", False] if isinstance(found, Condition) else [None, ""]
    return {SPELT[name]: _plain(value) for name, value in values.items() if not any(value is each for each in silent)}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def requirements(found: Requirements) -> schemas.PolicyRequirements:
    return {
        "signatureLevels": list(found.levels),
        "identificationAssurance": cast("AssuranceName", found.assurance.name.lower()),
        "identificationMeans": list(found.means),
        "timeStamp": found.time_stamp,
        "evidence": found.evidence,
        "archiveYears": found.archive_years,
    }


def judgement(found: Judgement) -> schemas.PolicyJudgement:
    return {
        "requires": requirements(found.requirements),
        "decidedBy": [
            {"rule": each.rule, "requirements": [ASPECTS[aspect] for aspect in each.aspects]} for each in found.decided
        ],
    }


def examples(table: Table, found: tuple[Example, ...]) -> list[schemas.PolicyExample]:
    """Each with whether it holds."""
    failing = dict(evaluation.failures(table, found))
    return [
        {"facts": facts(each.facts), "signatureLevel": each.level, "holds": place not in failing}
        for place, each in enumerate(found)
    ]


def starter(found: Starter) -> schemas.ReadyPolicy:
    return {
        "id": found.id,
        "title": str(found.title),
        "rules": [rule(each) for each in found.table.rules],
        "examples": examples(found.table, found.examples),
    }


def advice(found: Advice, own: Judgement | None) -> schemas.Advice:
    return {
        "signatureLevel": found.level,
        "title": str(found.text.title),
        "summary": str(found.text.summary),
        "reasons": list(found.reasons),
        "advantages": [str(each) for each in found.text.advantages],
        "drawbacks": [str(each) for each in found.text.drawbacks],
        "legalEffect": [str(each) for each in found.text.legal_effect],
        "effort": str(found.text.effort),
        "warnings": list(found.warnings),
        "policyRequires": None if own is None else judgement(own),
    }
