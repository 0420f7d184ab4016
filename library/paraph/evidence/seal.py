"""The seal of an evidence file: what it was made for, and that no person made it.

Whoever signs with a platform, or has it seal, brings the documents; one of them may be a record of their own making, in
a file that looks like evidence. So that it was signed by somebody who is trusted says nothing: what covers it must be a
seal, and say that it was made to be that of the evidence, which platforms let nobody choose.
"""

from cryptography import x509
from cryptography.x509.oid import NameOID

from paraph import pades
from paraph.certs.names import readable
from paraph.errors import BrokenDocument

_PERSONAL = (NameOID.GIVEN_NAME, NameOID.SURNAME, NameOID.PSEUDONYM)


def purpose(reference: str) -> str:
    """What the seal of an evidence file says that it was made for."""
    return f"Evidence of {reference}"


def sealer(pdf: bytes, reference: str) -> str:
    """Whose seal the file carries.

    Raises:
        BrokenDocument: what covers it is no seal of the evidence with this reference.
    """
    found = next((each for each in pades.read(pdf) if each.covers_whole_document), None)
    if found is None:
        raise BrokenDocument("something was added after it")
    if found.reason != purpose(reference):
        raise BrokenDocument("it was not made to seal this evidence")
    subject = x509.load_der_x509_certificate(found.certificate).subject
    if any(subject.get_attributes_for_oid(each) for each in _PERSONAL):
        raise BrokenDocument("it is the signature of a person")
    return readable(subject)
