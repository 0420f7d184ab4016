"""Bob enrols over EST with tools that are not ours: `curl` and `openssl`."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from live import Service

SEAL = """
label = "seal"
name = "Seal of Atelier Bob"
days = 90
policies = ["1.3.6.1.4.1.32473.1.2"]
[organisation]
name = "Atelier Bob"
country = "FR"
identifier = "NTRFR-555555555"
"""
OTHERS = {
    "timestamping": SEAL.replace('policies = ["1.3.6.1.4.1.32473.1.2"]', "signs_days = 30").replace(
        '"seal"', '"timestamping"'
    ),
    "ocsp": SEAL.replace('policies = ["1.3.6.1.4.1.32473.1.2"]', "").replace('"seal"', '"ocsp"'),
    "agent": SEAL.replace('name = "Seal of Atelier Bob"', "").replace('"seal"', '"agent"')
    + """
[person]
given_name = "Bob"
surname = "Durand"
country = "FR"
serial_number = "IDCFR-77"
email = "bob@example.org"
""",
}
MALLORYS_NAME = "/C=FR/O=Ministry of Everything/CN=Mallory"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def openssl(*arguments: str | Path, given: bytes = b"") -> bytes:
    command = ["openssl", *map(str, arguments)]
    return subprocess.run(command, input=given, capture_output=True, check=True).stdout


def granted(service: Service, order: str) -> str:
    """An officer grants what a file says; NAME:SECRET."""
    file = service.folder / "order.toml"
    file.write_text(order)
    done = service.run("grant", str(file))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def key(folder: Path, *options: str) -> Path:
    """A new key of Bob's; on P-256, if nothing else is said."""
    made = folder / f"key-{len(list(folder.glob('key-*')))}.pem"
    options = options or ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
    openssl("genpkey", *options, "-out", made)
    return made


def request(made: Path, *options: str | Path, name: str = MALLORYS_NAME) -> bytes:
    """A certificate request, base64 as EST wants it."""
    der = openssl("req", "-new", "-key", made, "-subj", name, "-outform", "DER", "-utf8", *options)
    return openssl("base64", given=der)


def call(
    service: Service,
    path: str,
    body: bytes | None = None,
    *,
    holder: str = "",
    content_type: str = "application/pkcs10",
) -> Answer:
    command = ["curl", "-s", "-i", f"{service.url}/.well-known/est/{path}"]
    command += ["-u", holder] if holder else []
    command += ["-H", f"Content-Type: {content_type}", "--data-binary", "@-"] if body is not None else []
    answered = subprocess.run(command, input=body or b"", capture_output=True, check=True).stdout
    head, _, content = answered.partition(b"\r\n\r\n")
    first, _, headers = head.decode().partition("\r\n")
    return Answer(int(first.split()[1]), headers.lower(), content)


def certificates(answer: Answer) -> list[x509.Certificate]:
    """What OpenSSL finds in a certs-only answer."""
    assert answer.status == 200, answer.text
    assert "content-type: application/pkcs7-mime; smime-type=certs-only" in answer.headers
    der = openssl("base64", "-d", given=answer.body)
    pem = openssl("pkcs7", "-inform", "DER", "-print_certs", given=der)
    return x509.load_pem_x509_certificates(pem)
