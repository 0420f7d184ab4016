"""Whom one trusts in a workflow's documents: our roots, and what the trusted lists named when somebody signed there.

A service that is withdrawn later takes nothing back: its signatures were made while it was granted.
"""

from cryptography import x509
from paraph.certs import TrustStore

from paraph_server import trust
from paraph_server.workflows.models import Recipient, Workflow


def trusted(workflow: Workflow, *more: x509.Certificate) -> TrustStore:
    """Where the signatures of its documents lead to, with `more` of somebody who is about to sign."""
    named = Recipient.everybody.filter(step__workflow=workflow, anchor__isnull=False).values_list("anchor", flat=True)
    anchors = (x509.load_der_x509_certificate(bytes(each)) for each in named if each)
    return TrustStore((*trust.trusted().roots, *anchors, *more))
