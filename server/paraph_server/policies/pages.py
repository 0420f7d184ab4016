"""The pages of the signature policy, and the adviser. No decisions here."""

from collections.abc import Sequence
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from paraph_server.accounts.api import caller
from paraph_server.accounts.guards import needs
from paraph_server.accounts.rights import Right
from paraph_server.authentication.guards import sensitive
from paraph_server.journal.actors import acting
from paraph_server.policies import actions, evaluation, queries, words
from paraph_server.policies.advice import advise
from paraph_server.policies.evaluation import Judgement, judge
from paraph_server.policies.forms import (
    AdviserForm,
    BeginForm,
    CountryForm,
    EnforceForm,
    ExampleForm,
    RuleForm,
    initial,
)
from paraph_server.policies.levels import TEXTS
from paraph_server.policies.models import PolicyVersion
from paraph_server.policies.rules import Example, Rule, Table
from paraph_server.policies.starters import STARTERS
from paraph_server.web.forms import explained

T = TypeVar("T")

MOST_VERSIONS = 50
DIGITS = 10
form_page = require_http_methods(["GET", "POST"])
administers = needs(Right.ADMINISTER)


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {"by": caller(request), "acting": acting(request), "at": timezone.now()}


# ---------------------------------------------------------------- versions


@administers
@form_page
def policy(request: HttpRequest) -> HttpResponse:
    """What is in force, what was, and where a draft begins."""
    by, at = caller(request), timezone.now()
    current, draft = queries.in_force(by.tenant_id, at), queries.draft(by)
    form = BeginForm(request.POST or None)
    if form.is_valid():
        with explained(form):
            table, examples = _source(form.cleaned_data["source"], current)
            actions.write(table, examples, revision=0, **_asked(request))
        if not form.errors:
            return redirect("policy-draft")
    context = {
        "current": current,
        "shown": _shown(current) if current else None,
        "draft": draft,
        "versions": queries.versions(by).exclude(in_force_from=None)[:MOST_VERSIONS],
        "now": at,
        "form": form,
    }
    return render(request, "policies/policy.html", context, status=422 if form.errors else 200)


def _source(chosen: str, current: PolicyVersion | None) -> tuple[Table, Sequence[Example]]:
    if starter := next((each for each in STARTERS if each.id == chosen), None):
        return starter.table, starter.examples
    return (current.table, current.examples) if current else (Table(), ())


@administers
@require_safe
def version(request: HttpRequest, policy_id: str) -> HttpResponse:
    """A version as it was, or will be, in force."""
    found = queries.version(caller(request), policy_id, at=timezone.now())
    return render(request, "policies/version.html", {"policy": found, "shown": _shown(found)})


def _shown(found: PolicyVersion) -> dict[str, Any]:
    """Its rules and examples in words."""
    failing = dict(evaluation.failures(found.table, found.examples))
    return {
        "country": found.table.country,
        "rules": [
            (each.name, words.condition(each.condition), words.requirements(each.requirements))
            for each in found.table.rules
        ],
        "examples": [
            (words.facts(each.facts), words.LEVELS[each.level], words.levels(failing[place].requirements))
            if place in failing
            else (words.facts(each.facts), words.LEVELS[each.level], "")
            for place, each in enumerate(found.examples)
        ],
        "failing": len(failing),
    }


# ---------------------------------------------------------------- the draft


@administers
@require_safe
def draft(request: HttpRequest) -> HttpResponse:
    """The table, its examples and how they come out, and the button that puts it into force."""
    return _draft(request)


def _draft(
    request: HttpRequest, *, country: CountryForm | None = None, enforce: EnforceForm | None = None
) -> HttpResponse:
    found = _the_draft(request)
    seen = {"revision": found.revision}
    context = {
        "policy": found,
        "shown": _shown(found),
        "country": country or CountryForm(initial=seen | {"country": found.table.country}),
        "enforce": enforce or EnforceForm(initial=seen),
    }
    return render(request, "policies/draft.html", context, status=422 if country or enforce else 200)


def _the_draft(request: HttpRequest) -> PolicyVersion:
    return queries.version(caller(request), queries.DRAFT, at=timezone.now())


@administers
@require_POST
def change_country(request: HttpRequest) -> HttpResponse:
    found, form = _the_draft(request), CountryForm(request.POST)
    if form.is_valid():
        with explained(form):
            said = form.cleaned_data
            _write(request, found.table.rules, found.examples, said["revision"], said["country"].upper())
    return _draft(request, country=form) if form.errors else redirect("policy-draft")


@sensitive
@administers
@require_POST
def enforce(request: HttpRequest) -> HttpResponse:
    form = EnforceForm(request.POST)
    if form.is_valid():
        with explained(form):
            actions.enforce(**form.cleaned_data, **_asked(request))
    return _draft(request, enforce=form) if form.errors else redirect("policy")


@administers
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    actions.discard(**_asked(request))
    return redirect("policy")


@administers
@form_page
def rule(request: HttpRequest, place: int | None = None) -> HttpResponse:
    """Add a rule, or change one."""
    found = _the_draft(request)
    rules, seen = found.table.rules, {"revision": found.revision}
    old = _at(rules, place)
    form = RuleForm(request.POST or None, initial=seen | (RuleForm.of(old) if old else {}))
    if form.is_valid():
        with explained(form):
            _write(request, _put(rules, place, form.rule()), found.examples, form.cleaned_data["revision"])
        if not form.errors:
            return redirect("policy-draft")
    context = {"form": form, "rule": old, "place": place, "revision": found.revision}
    return render(request, "policies/rule.html", context, status=422 if form.errors else 200)


@administers
@require_POST
def remove_rule(request: HttpRequest, place: int) -> HttpResponse:
    found = _the_draft(request)
    _at(found.table.rules, place)
    _write(request, _without(found.table.rules, place), found.examples, _revision(request))
    return redirect("policy-draft")


@administers
@form_page
def example(request: HttpRequest, place: int | None = None) -> HttpResponse:
    """Add an example, or change one; or only ask what the table says."""
    found = _the_draft(request)
    seen, judged = {"revision": found.revision}, None
    old = _at(found.examples, place)
    form = ExampleForm(request.POST or None, initial=seen | (initial(old.facts) | {"level": old.level} if old else {}))
    if form.is_valid() and "try" in request.POST:
        judged = judge(found.table, form.facts())
    elif form.is_valid():
        with explained(form):
            examples = _put(found.examples, place, form.example())
            _write(request, found.table.rules, examples, form.cleaned_data["revision"])
        if not form.errors:
            return redirect("policy-draft")
    context = {"form": form, "example": old, "place": place, "revision": found.revision, **_told(judged)}
    return render(request, "policies/example.html", context, status=422 if form.errors else 200)


@administers
@require_POST
def remove_example(request: HttpRequest, place: int) -> HttpResponse:
    found = _the_draft(request)
    _at(found.examples, place)
    _write(request, found.table.rules, _without(found.examples, place), _revision(request))
    return redirect("policy-draft")


def _at(rows: Sequence[T], place: int | None) -> T | None:
    """The row that is changed; none for a new one."""
    if place is None:
        return None
    if place >= len(rows):
        raise Http404
    return rows[place]


def _put(rows: Sequence[T], place: int | None, row: T) -> tuple[T, ...]:
    return (*rows, row) if place is None else (*rows[:place], row, *rows[place + 1 :])


def _without(rows: Sequence[T], place: int) -> tuple[T, ...]:
    return (*rows[:place], *rows[place + 1 :])


def _revision(request: HttpRequest) -> int:
    """Which draft somebody had before their eyes; none that there ever was, where they do not say."""
    given = request.POST.get("revision", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < DIGITS else -1


def _write(
    request: HttpRequest, rules: Sequence[Rule], examples: Sequence[Example], revision: int, country: str = ""
) -> None:
    table = Table(tuple(rules), country or _the_draft(request).table.country)
    actions.write(table, examples, revision=revision, **_asked(request))


# ---------------------------------------------------------------- advice


@login_required
@require_safe
def adviser(request: HttpRequest) -> HttpResponse:
    """A few questions, and the level that suits the answers. Nothing is kept: the answers stand in the address."""
    form = AdviserForm(request.GET or None)
    context: dict[str, Any] = {"form": form, "levels": TEXTS.values()}
    if form.is_valid():
        own = queries.in_force(caller(request).tenant_id, timezone.now())
        context["advice"] = advise(form.facts(), public_body=form.cleaned_data["public_body"])
        context |= _told(judge(own.table, form.facts()) if own else None)
    return render(request, "policies/adviser.html", context, status=422 if form.errors else 200)


def _told(judged: Judgement | None) -> dict[str, Any]:
    """What a table says, in words."""
    if judged is None:
        return {}
    return {"asked": words.requirements(judged.requirements), "decided": [each.rule for each in judged.decided]}


urlpatterns = [
    path("policy/", policy, name="policy"),
    path("policy/versions/<str:policy_id>/", version, name="policy-version"),
    path("policy/draft/", draft, name="policy-draft"),
    path("policy/draft/country", change_country, name="policy-country"),
    path("policy/draft/enforce", enforce, name="enforce-policy"),
    path("policy/draft/discard", discard, name="discard-policy"),
    path("policy/draft/rules/new/", rule, name="new-policy-rule"),
    path("policy/draft/rules/<int:place>/", rule, name="policy-rule"),
    path("policy/draft/rules/<int:place>/remove", remove_rule, name="remove-policy-rule"),
    path("policy/draft/examples/new/", example, name="new-policy-example"),
    path("policy/draft/examples/<int:place>/", example, name="policy-example"),
    path("policy/draft/examples/<int:place>/remove", remove_example, name="remove-policy-example"),
    path("adviser/", adviser, name="adviser"),
]
