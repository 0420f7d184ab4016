"""By which means signers can be identified here."""

from paraph.evidence import Means


def offered() -> tuple[Means, ...]:
    """In the order in which a signer is asked."""
    return (Means.EMAIL_CODE, Means.SMS_CODE)
