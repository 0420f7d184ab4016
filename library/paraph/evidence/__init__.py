"""The evidence file of a workflow: who signed what, when, and how they were identified; sealed, verifiable offline.

evidence.build(record)                    a PDF/A-3 to be sealed, the record inside it as JSON
evidence.read(pdf)                        the record
evidence.purpose(reference)               what its seal says that it is for
evidence.verify(pdf, documents, …)        everything that can be checked without asking anybody
"""

from paraph.evidence.build import build
from paraph.evidence.level import Device, Means, Proof, SignatureLevel
from paraph.evidence.read import read
from paraph.evidence.record import Certificate, Consent, Document, Enclosure, Event, Person, Record
from paraph.evidence.seal import purpose
from paraph.evidence.verify import Check, Verdict, verify

__all__ = [
    "Certificate",
    "Check",
    "Consent",
    "Device",
    "Document",
    "Enclosure",
    "Event",
    "Means",
    "Person",
    "Proof",
    "Record",
    "SignatureLevel",
    "Verdict",
    "build",
    "purpose",
    "read",
    "verify",
]
