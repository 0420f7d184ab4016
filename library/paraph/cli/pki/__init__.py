"""`paraph pki`: a small certificate authority in a folder."""

from paraph.cli.commands import Commands

EPILOGUE = """\b
A root, an authority under it, a seal, and a list of what was revoked:
  paraph pki create root --name "Atelier Root" --country FR --identifier NTRFR-123456789
    --crl http://pki.example.org/root.crl
  paraph pki create seals --under root --name "Atelier Seals" --country FR --identifier NTRFR-123456789
    --crl http://pki.example.org/seals.crl
  paraph pki request seal --name Atelier --country FR --identifier NTRFR-123456789
  paraph pki issue seals seal.csr --profile seal --days 730
  paraph sign invoice.pdf --key seal.key --certificates seal.pem
  paraph pki revoke seals seal.pem --reason superseded
  paraph pki crl seals

Keep the folder of the root offline: only new authorities and its own lists need it.
"""

pki = Commands(
    "pki",
    package="paraph.cli.pki",
    table={
        "create": "Make an authority: a root, or one under another.",
        "request": "Make a key and ask for a certificate for it.",
        "issue": "Issue a certificate that was asked for.",
        "revoke": "Say that a certificate is no longer good.",
        "crl": "Make the next list of revoked certificates.",
        "show": "Tell what a certificate, a request or a list says.",
    },
    help="Be a small certificate authority: its key and its register live in a folder.",
    epilog=EPILOGUE,
)
