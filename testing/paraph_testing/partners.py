"""The others whom a demonstration needs: FranceConnect, and a qualified trust service provider with its trusted list.

    python -m paraph_testing.partners --folder .paraph/partners --port 8002 --back-to http://127.0.0.1:8000/

They answer on three ports in a row: FranceConnect, the provider, and the status of its certificates. The provider's
keys are kept in the folder, as is its root; the trusted lists that name it are written anew at each start.
"""

import argparse
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from paraph.keys import file
from paraph.keys.file import FileSigner
from paraph.trustlists import TrustedLists

from paraph_testing.citizens import FranceConnect
from paraph_testing.pki import Pki
from paraph_testing.qtsp import Qtsp
from paraph_testing.trustlist import Publisher

KEPT = ("root", "issuing", "responder", "qualified")
"""The keys of the provider's hierarchy, each made after those that certify it."""


def main() -> None:
    """Serve until this process ends."""
    asked = _parser().parse_args()
    asked.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    france = FranceConnect(asked.port, back_to=asked.back_to)
    provider = Qtsp(port=asked.port + 1, status_port=asked.port + 2)
    keep(provider.pki, asked.folder / "keys")
    provider.open("carol", provider.pki.qualified)
    publish(provider.pki, asked.folder)
    with france, provider:
        while True:
            provider.pki.at = datetime.now(UTC).replace(microsecond=0)  # the time of what it says of certificates
            time.sleep(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True, help="the first of three")
    parser.add_argument("--back-to", required=True, help="how addresses begin that people are sent back to")
    return parser


def keep(pki: Pki, folder: Path) -> None:
    """Give a hierarchy the keys that lie in a folder; those that are not there yet are made and put there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for name in KEPT:
        path = folder / f"{name}.pem"
        if path.exists():
            setattr(pki, name, file.load(path.read_bytes()))
        else:
            fresh = path.with_suffix(".new")
            fresh.touch(mode=0o600)
            fresh.write_bytes(_pem(getattr(pki, name)))
            fresh.replace(path)


def _pem(signer: FileSigner) -> bytes:
    key = signer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # noqa: SLF001  it is ours
    return b"".join([key, *(each.public_bytes(Encoding.PEM) for each in (signer.certificate, *signer.chain))])


def publish(pki: Pki, folder: Path) -> None:
    """Write the provider's root, and the lists of a Member State that say that its certificates are qualified."""
    (folder / "roots.pem").write_bytes(pki.root.certificate.public_bytes(Encoding.PEM))
    pki.at = pki.qualified.certificate.not_valid_before_utc  # since when the list knows its issuer
    at = datetime.now(UTC)
    state = Publisher(pki, at=at)
    TrustedLists(folder / "lists").refresh(
        address=state.address, signers=[state.signer.certificate], get=state.get, at=at
    )


if __name__ == "__main__":
    main()
