"""Files and their signatures in one container: ASiC-S and ASiC-E, with CAdES or XAdES (EN 319 162-1).

    pending = asic.prepare({"lease.docx": lease, "plan.png": plan}, certificate, at=now)
    signed = asic.complete(pending, signer.sign(pending.digest), {"lease.docx": lease, "plan.png": plan})
    signed = asic.extend(signed, Level.LTA, timestamper=timestamper, revocations=revocations, at=now)

Whoever signs next prepares the container itself.
"""

from paraph.asic.complete import complete
from paraph.asic.container import Container, Kind
from paraph.asic.extend import extend
from paraph.asic.form import Form
from paraph.asic.prepare import prepare
from paraph.asic.read import read
from paraph.asic.sign import sign

__all__ = ["Container", "Form", "Kind", "complete", "extend", "prepare", "read", "sign"]
