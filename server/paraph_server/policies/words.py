"""A policy's rules, facts and requirements in people's words."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from paraph.evidence import SignatureLevel
from paraph.evidence.level import Assurance

from paraph_server.identification.means import words as means_words
from paraph_server.policies.facts import Counterparty, DocumentKind, Facts, Person
from paraph_server.policies.rules import Condition, Requirements

KINDS = {
    DocumentKind.CONTRACT: gettext_lazy("Contract"),
    DocumentKind.EMPLOYMENT: gettext_lazy("Employment contract, or a change of one"),
    DocumentKind.STAFF: gettext_lazy("Staff document"),
    DocumentKind.ORDER: gettext_lazy("Offer or order"),
    DocumentKind.TENDER: gettext_lazy("Public contract"),
    DocumentKind.DECISION: gettext_lazy("Decision of an administration"),
    DocumentKind.INVOICE: gettext_lazy("Invoice"),
    DocumentKind.INSURANCE: gettext_lazy("Insurance contract"),
    DocumentKind.SETTLEMENT: gettext_lazy("Settlement"),
    DocumentKind.MANDATE: gettext_lazy("Mandate"),
    DocumentKind.GUARANTEE: gettext_lazy("Surety or guarantee"),
    DocumentKind.MINUTES: gettext_lazy("Minutes of a company"),
    DocumentKind.RECEIPT: gettext_lazy("Receipt or acknowledgement"),
    DocumentKind.OTHER: gettext_lazy("Something else"),
}
PERSONS = {
    Person.NATURAL: gettext_lazy("Signers act for themselves"),
    Person.LEGAL: gettext_lazy("Signers act for an organisation"),
}
COUNTERPARTIES = {
    Counterparty.KNOWN: gettext_lazy("We know who signs"),
    Counterparty.UNKNOWN: gettext_lazy("We do not know who signs"),
}
LEVELS = {
    SignatureLevel.SIMPLE: gettext_lazy("simple"),
    SignatureLevel.ADVANCED: gettext_lazy("advanced"),
    SignatureLevel.QUALIFIED: gettext_lazy("qualified"),
    SignatureLevel.RGS_1: gettext_lazy("RGS *"),
    SignatureLevel.RGS_2: gettext_lazy("RGS **"),
    SignatureLevel.RGS_3: gettext_lazy("RGS ***"),
}
ASSURANCES = {
    Assurance.NONE: gettext_lazy("none"),
    Assurance.LOW: gettext_lazy("low"),
    Assurance.SUBSTANTIAL: gettext_lazy("substantial"),
    Assurance.HIGH: gettext_lazy("high"),
}


def levels(found: Requirements) -> str:
    """One level, or several of which none includes the other."""
    return " + ".join(str(LEVELS[each]) for each in found.levels)


def requirements(found: Requirements) -> list[str]:
    """What is asked for, the level first."""
    return list(_requirements(found))


def _requirements(found: Requirements) -> Iterator[str]:
    yield _("at least %(level)s") % {"level": levels(found)}
    if found.assurance:
        yield _("identity proven, assurance at least %(assurance)s") % {"assurance": ASSURANCES[found.assurance]}
    if found.means:
        yield means_words(found.means)
    if found.time_stamp:
        yield _("time-stamp")
    if found.evidence:
        yield _("evidence file")
    if found.archive_years:
        count = found.archive_years
        yield ngettext("to be kept for %(count)d year", "to be kept for %(count)d years", count) % {"count": count}


def condition(found: Condition) -> list[str]:
    """When a rule applies; nothing for one that always does."""
    return list(_condition(found))


def _condition(found: Condition) -> Iterator[str]:
    if found.filing_class:
        yield _("filed under %(class)s") % {"class": found.filing_class}
    if found.document_kind:
        yield str(KINDS[found.document_kind])
    if found.amount_from is not None:
        yield _("from %(amount)s on") % {"amount": money(found.amount_from, found.currency)}
    if found.unknown_counterparty:
        yield str(COUNTERPARTIES[Counterparty.UNKNOWN])
    if found.person:
        yield str(PERSONS[found.person])
    if found.cross_border:
        yield _("somebody signs abroad")
    if found.regulated_act:
        yield _("a text says how it is signed")
    if found.signers_from is not None:
        yield _("from %(count)d signers on") % {"count": found.signers_from}


def facts(found: Facts) -> list[str]:
    """What is known."""
    return list(_facts(found)) or [_("Nothing is known")]


def _facts(found: Facts) -> Iterator[str]:
    if found.filing_class:
        yield _("filed under %(class)s") % {"class": found.filing_class}
    if found.document_kind:
        yield str(KINDS[found.document_kind])
    if found.amount is not None:
        yield money(found.amount, found.currency)
    if found.counterparty:
        yield str(COUNTERPARTIES[found.counterparty])
    if found.person:
        yield str(PERSONS[found.person])
    if found.cross_border is not None:
        yield _("somebody signs abroad") if found.cross_border else _("nobody signs abroad")
    if found.regulated_act is not None:
        yield _("a text says how it is signed") if found.regulated_act else _("no text says how it is signed")
    if found.signers is not None:
        yield ngettext("%(count)d signer", "%(count)d signers", found.signers) % {"count": found.signers}


def money(amount: Decimal, currency: str) -> str:
    """With cents where there are some."""
    whole = amount == amount.to_integral_value()
    return f"{number_format(amount, 0 if whole else 2, use_l10n=True, force_grouping=True)} {currency}".strip()
