"""Signature policies and advice over REST. No decisions here."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Status

from paraph_server.accounts.api import caller
from paraph_server.journal.actors import acting
from paraph_server.policies import actions, queries, requests, schemas, shapes
from paraph_server.policies.advice import advise
from paraph_server.policies.evaluation import judge
from paraph_server.policies.starters import STARTERS
from paraph_server.web.listing import Paging
from paraph_server.web.schemas import Page

router = Router(tags=["signature policies"])

SORTABLE = {"number": "number", "created": "created_at"}


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller(request), "acting": acting(request), "at": timezone.now()}


@router.get(
    "/signaturePolicies", summary="The versions of the signature policy", response=Page[schemas.SignaturePolicy]
)
def policies(request: HttpRequest, paging: Query[Paging]) -> Page[schemas.SignaturePolicy]:
    """The draft too. Versions that were in force once are kept: workflows name the one that judged them."""
    return paging.page(paging.sorted(queries.versions(caller(request)), SORTABLE), shapes.policy)


@router.get("/signaturePolicies/ready", summary="Policies to start from", response=schemas.ReadyPolicies)
def ready(request: HttpRequest) -> schemas.ReadyPolicies:
    """In the caller's language: put one into the draft, and make it your own."""
    caller(request)
    return {"items": [shapes.starter(each) for each in STARTERS]}


@router.get("/signaturePolicies/draft", summary="The draft", response=schemas.SignaturePolicy)
def draft(request: HttpRequest) -> schemas.SignaturePolicy:
    return policy(request, queries.DRAFT)


@router.put("/signaturePolicies/draft", summary="Write the draft", response=schemas.SignaturePolicy)
def write(request: HttpRequest, payload: requests.PolicyIn) -> schemas.SignaturePolicy:
    """The whole table, and its examples; it judges nothing before it is put into force."""
    examples = [each.example() for each in payload.examples]
    return shapes.policy(actions.write(payload.table(), examples, **_asked(request)))


@router.delete("/signaturePolicies/draft", summary="Throw the draft away", response={204: None})
def discard(request: HttpRequest) -> Status[None]:
    actions.discard(**_asked(request))
    return Status(204, None)


@router.post("/signaturePolicies/draft/enforce", summary="Put the draft into force", response=schemas.SignaturePolicy)
def enforce(request: HttpRequest, payload: requests.EnforceIn) -> schemas.SignaturePolicy:
    """For workflows that start from then on. 409 when the table says something else than one of its examples."""
    return shapes.policy(actions.enforce(since=payload.since, **_asked(request)))


@router.get(
    "/signaturePolicies/{policy_id}", summary="A version of the signature policy", response=schemas.SignaturePolicy
)
def policy(request: HttpRequest, policy_id: str) -> schemas.SignaturePolicy:
    """By its id; `current` is the one in force, `draft` the draft."""
    return shapes.policy(queries.version(caller(request), policy_id, at=timezone.now()))


@router.get(
    "/signaturePolicies/{policy_id}/judgement",
    summary="What the signature policy asks for",
    response=schemas.PolicyJudgement,
)
def judgement(request: HttpRequest, policy_id: str, given: Query[requests.FactsIn]) -> schemas.PolicyJudgement:
    """For some facts; those that are not given count as the riskier value."""
    found = queries.version(caller(request), policy_id, at=timezone.now())
    return shapes.judgement(judge(found.table, given.facts()))


@router.get("/adviser", summary="Which level suits a document", response=schemas.Advice)
def adviser(request: HttpRequest, given: Query[requests.QuestionsIn]) -> schemas.Advice:
    """Advice with its reasons, in the caller's language; what is not answered counts as the riskier value."""
    own = queries.in_force(caller(request).tenant_id, timezone.now())
    facts = given.facts()
    advice = advise(facts, public_body=given.publicBody)
    return shapes.advice(advice, judge(own.table, facts) if own else None)
