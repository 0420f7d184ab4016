"""The worker tries a certificate that a signer brings: it does, another one might, it waits, or all is over."""

import logging
from datetime import datetime, timedelta
from enum import Enum, auto

from cryptography import x509
from django.utils.translation import gettext as _
from paraph.algorithms import SignatureAlgorithm
from paraph.errors import Unavailable

from paraph_server.signing import brought
from paraph_server.signing.errors import BadCertificate, LevelNotReached, OthersFirst
from paraph_server.signing.queries import Act, act
from paraph_server.web.errors import PlatformError
from paraph_server.workflows.queries import to_sign

logger = logging.getLogger(__name__)
PAUSE = timedelta(seconds=3)
"""Before a certificate that has to wait is tried again."""


class Outcome(Enum):
    """What becomes of a certificate."""

    READY = auto()
    """What is to be signed is prepared for it."""
    WAITS = auto()
    """Somebody else's signature, or somebody's answer, comes first."""
    UNFIT = auto()
    """It does not do; another one might."""
    OVER = auto()
    """Nothing is to be signed any more."""


def try_certificate(
    act_id: str,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
    *,
    algorithm: SignatureAlgorithm,
    most: int | None = None,
    at: datetime,
) -> tuple[Outcome, str]:
    """Check a certificate and prepare everything for it, `most` documents at once; the outcome, and its reason."""
    try:
        of = act(act_id)
        _check_number(of, most)
        brought.prepare(of, certificate, chain, algorithm=algorithm, at=at)
    except (OthersFirst, Unavailable) as wait:
        logger.info("The certificate for %s has to wait: %s", act_id, wait)
        return Outcome.WAITS, str(wait)
    except (BadCertificate, LevelNotReached) as refusal:
        return Outcome.UNFIT, str(refusal)
    except PlatformError as end:
        return Outcome.OVER, str(end)
    except Exception:
        logger.exception("The documents of %s cannot be prepared.", act_id)
        return Outcome.OVER, _("Something went wrong on our side. Please try again.")
    return Outcome.READY, ""


def _check_number(of: Act, most: int | None) -> None:
    """All documents go into one authorisation."""
    if most is not None and sum(len(to_sign(each.workflow)) for each in of.recipients) > most:
        raise BadCertificate(
            _("With this certificate %(most)d documents can be signed at once, and here are more.") % {"most": most}
        )
