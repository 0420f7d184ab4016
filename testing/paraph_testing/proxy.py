"""The reverse proxy before the platform: what it writes of the certificates that browsers show, and nginx itself.

with Nginx(upstream, folder, authorities=[pki.root.certificate]) as proxy:
    browser.new_context(client_certificates=[proxy.shown(pki.in_browser(BOB))], ignore_https_errors=True)
"""

import base64
import shutil
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from paraph.keys.file import FileSigner

from paraph_testing.cast import ALICE
from paraph_testing.foreign import Foreign
from paraph_testing.pki import Pki

CONFIGURATION = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/temp;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  server {{
    listen 127.0.0.1:{port} ssl;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    ssl_client_certificate {folder}/authorities.pem; ssl_verify_client optional; ssl_verify_depth 4;
    location / {{
      proxy_pass {upstream};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header Client-Cert $ssl_client_escaped_cert;
      proxy_set_header Client-Cert-Chain "";
    }}
  }}
}}
"""
"""As `docs/guides/client-certificates.md` says, on a port of this machine."""


def header(certificate: x509.Certificate) -> str:
    """As RFC 9440 §2.2 writes it."""
    return f":{base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()}:"


def nginx_header(certificate: x509.Certificate) -> str:
    """As nginx does."""
    return quote(certificate.public_bytes(Encoding.PEM).decode())


class Nginx(Foreign):
    """In front of a server on this machine, asking every browser for a certificate."""

    def __init__(self, upstream: str, folder: Path, *, authorities: Sequence[x509.Certificate], port: int = 0) -> None:
        super().__init__(port)
        own = Pki().in_browser(ALICE, ExtendedKeyUsageOID.SERVER_AUTH)
        self._configuration = folder / "nginx.conf"
        (folder / "server.pem").write_bytes(own.certificate.public_bytes(Encoding.PEM))
        (folder / "server.key").write_bytes(_key(own))
        (folder / "authorities.pem").write_bytes(b"".join(each.public_bytes(Encoding.PEM) for each in authorities))
        self._configuration.write_text(CONFIGURATION.format(folder=folder, port=self.port, upstream=upstream))

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def command(self) -> list[str]:
        """How it is started.

        Raises:
            FileNotFoundError: it was not installed.
        """
        program = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        if program is None:
            raise FileNotFoundError("nginx is missing: make tools")
        return [program, "-c", str(self._configuration), "-p", str(self._configuration.parent), "-e", "stderr"]

    def shown(self, signer: FileSigner) -> dict[str, str | bytes]:
        """What Playwright is told of a browser that shows this certificate here."""
        chain = [signer.certificate, *(each for each in signer.chain if each.issuer != each.subject)]
        pem = b"".join(each.public_bytes(Encoding.PEM) for each in chain)
        return {"origin": self.url, "cert": pem, "key": _key(signer)}


def _key(signer: FileSigner) -> bytes:
    encoded: bytes = signer._key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())  # noqa: SLF001
    return encoded
