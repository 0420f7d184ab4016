"""Validate the signatures of a PDF at a time, offline, with pyHanko's reader, path builder and comparison of revisions.

A signature is judged at its best signature time: that of its time-stamp, if it has a good one, else the time of
validation (EN 319 102-1 §5.5). So a certificate that lived for an hour proves what was signed within that hour.
"""

import asyncio
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from asn1crypto import cms, x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ExpiredError, NotYetValidError, RevokedError

from paraph import timestamps
from paraph.algorithms import Digest
from paraph.certs import TrustStore
from paraph.errors import ParaphError
from paraph.validation.report import Finding, Indication, Report, Subindication

_ATTACHED = "1.2.840.113549.1.9.16.2.14"


class _Unreadable(Exception):
    """The bytes are not a PDF that can be judged."""


@dataclass(frozen=True, slots=True)
class _Judgement:
    """What the checks share."""

    trusted: TrustStore
    at: datetime

    def context(self, moment: datetime) -> ValidationContext:
        """Trust these roots at this time; nothing is fetched, and what is not embedded is not asked for.

        A short-term certificate names no place to ask (EN 319 412-1 §5.2.3), and B-T carries no revocation data.
        """
        roots = [x509.Certificate.load(root.public_bytes(Encoding.DER)) for root in self.trusted.roots]
        return ValidationContext(trust_roots=roots, moment=moment, allow_fetching=False, revocation_mode="soft-fail")


def validate(document: bytes, *, trusted: TrustStore, at: datetime) -> Report:
    """Judge every signature in a PDF.

    Returns a report whatever the bytes are: what cannot be read is `TOTAL_FAILED` with `FORMAT_FAILURE`, what
    nobody signed is `INDETERMINATE` with `SIGNED_DATA_NOT_FOUND`.
    """
    judgement = _Judgement(trusted, at)
    try:
        findings = _apart(lambda: _findings(document, judgement))
    except _Unreadable as fault:
        return Report(
            Indication.TOTAL_FAILED, at, subindication=Subindication.FORMAT_FAILURE, reason=f"Not readable: {fault}"
        )
    if not findings:
        return Report(
            Indication.INDETERMINATE,
            at,
            subindication=Subindication.SIGNED_DATA_NOT_FOUND,
            reason="Nobody signed this document.",
        )
    return Report.of(findings, at)


def _apart(judge: Callable[[], list[Finding]]) -> list[Finding]:
    """Where an event loop runs already, judge in another thread: pyHanko runs one of its own."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return judge()
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(judge).result()


def _findings(document: bytes, judgement: _Judgement) -> list[Finding]:
    with _hostile():
        reader = PdfFileReader(io.BytesIO(document))
        stamps = list(reader.embedded_timestamp_signatures)
        signatures = list(reader.embedded_regular_signatures)
        proved = [time for stamp in stamps if (time := _document_timestamp(stamp, judgement))]
        return [_finding(each, judgement, proved) for each in signatures]


@contextmanager
def _hostile() -> Iterator[None]:
    """What hostile bytes make of a reader is their fault, not ours: any failure means that they cannot be judged."""
    try:
        yield
    except (Exception, RecursionError) as fault:
        raise _Unreadable(str(fault) or type(fault).__name__) from fault


def _finding(signature: EmbeddedPdfSignature, judgement: _Judgement, proved: list[tuple[int, datetime]]) -> Finding:
    facts = _facts(signature, judgement, proved)
    try:
        with _hostile():
            moment = facts.timestamped_at or judgement.at
            context = judgement.context(moment)
            status = validate_pdf_signature(signature, context, context)
    except _Unreadable as fault:
        return _judged(facts, *_explained(fault.__cause__))
    return _judged(facts, *_verdict(signature, status))


def _judged(facts: Finding, indication: Indication, subindication: Subindication | None, reason: str) -> Finding:
    return replace(facts, indication=indication, subindication=subindication, reason=reason)


def _facts(signature: EmbeddedPdfSignature, judgement: _Judgement, proved: list[tuple[int, datetime]]) -> Finding:
    """What is stated, and the best time that is proved for it."""
    certificate = signature.signer_cert
    end = sum(int(number) for number in list(signature.byte_range)[2:4])
    times = [*_attached(signature.signer_info, judgement), *(time for stamp_end, time in proved if stamp_end > end)]
    return Finding(
        field=str(signature.field_name),
        indication=Indication.INDETERMINATE,
        signer=certificate.subject.human_friendly,
        serial=f"{certificate.serial_number:X}",
        certificate=certificate.sha256.hex(),
        claimed_at=signature.self_reported_timestamp,
        timestamped_at=min(times, default=None),
        covers_whole_document=signature.evaluate_signature_coverage() == SignatureCoverageLevel.ENTIRE_FILE,
    )


def _attached(signer: cms.SignerInfo, judgement: _Judgement) -> Iterator[datetime]:
    """The times of the signature time-stamps that hold."""
    for attribute in signer["unsigned_attrs"] or ():
        if attribute["type"].dotted != _ATTACHED:
            continue
        for token in attribute["values"]:
            try:
                digest = Digest.of(signer["signature"].native, timestamps.algorithm_of(token.dump()))
                yield timestamps.verify(token.dump(), digest, trusted=judgement.trusted).time
            except ParaphError:
                continue  # a time-stamp that does not hold proves no time; the signature may do without it


def _document_timestamp(stamp: EmbeddedPdfSignature, judgement: _Judgement) -> tuple[int, datetime] | None:
    """Where a document time-stamp ends and the time it proves, if it holds."""
    moment = stamp.self_reported_timestamp
    status = validate_pdf_timestamp(stamp, judgement.context(moment or judgement.at))
    if not (status.intact and status.valid and status.trusted):
        return None
    return sum(int(number) for number in list(stamp.byte_range)[2:4]), status.timestamp


def _verdict(
    signature: EmbeddedPdfSignature, status: PdfSignatureStatus
) -> tuple[Indication, Subindication | None, str]:
    if not status.intact:
        return Indication.TOTAL_FAILED, Subindication.HASH_FAILURE, "The document was changed after it was signed."
    if not status.valid:
        return (
            Indication.TOTAL_FAILED,
            Subindication.SIG_CRYPTO_FAILURE,
            "The signature value was not made by the certificate’s key.",
        )
    if not status.trusted:
        return Indication.INDETERMINATE, *_untrusted(status)
    if signature.evaluate_signature_coverage() < SignatureCoverageLevel.ENTIRE_REVISION or not (
        status.docmdp_ok and status.modification_level != ModificationLevel.OTHER
    ):
        return (
            Indication.INDETERMINATE,
            Subindication.SIG_CONSTRAINTS_FAILURE,
            "Later changes to the document go beyond what its signature allows.",
        )
    if not status.bottom_line:
        return Indication.INDETERMINATE, Subindication.SIG_CONSTRAINTS_FAILURE, status.summary()
    return Indication.TOTAL_PASSED, None, ""


def _untrusted(status: PdfSignatureStatus) -> tuple[Subindication, str]:
    fault = status.path_validation_error if hasattr(status, "path_validation_error") else None
    if status.revoked or isinstance(fault, RevokedError):
        return Subindication.REVOKED_NO_POE, "The certificate was revoked."
    subindication = getattr(status.trust_problem_indic, "name", "")
    if isinstance(fault, ExpiredError | NotYetValidError) or "OUT_OF_BOUNDS" in subindication:
        return Subindication.OUT_OF_BOUNDS_NO_POE, "The certificate was not valid at the time that is proved."
    if "CRYPTO" in subindication:
        return Subindication.CRYPTO_CONSTRAINTS_FAILURE, "It rests on an algorithm that is no longer accepted."
    return Subindication.NO_CERTIFICATE_CHAIN_FOUND, "No path leads from the certificate to a trusted root."


def _explained(fault: BaseException | None) -> tuple[Indication, Subindication, str]:
    """A fault that ended the check of one signature: it is not passed, and the words say why."""
    words = str(fault) or type(fault).__name__
    if isinstance(fault, SignatureValidationError):
        return Indication.INDETERMINATE, Subindication.SIG_CONSTRAINTS_FAILURE, words
    return Indication.TOTAL_FAILED, Subindication.FORMAT_FAILURE, words
