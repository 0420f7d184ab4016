"""What the demonstration's organisation has, so that each level of signature can be tried: made over REST, once."""

import time
from typing import Any

import httpx2

from paraph_testing import citizens, pdfs, qtsp

CREDENTIAL, SEAL_NAME = "seal-organisation", "Cachet de Démonstration"
CEREMONY = f"""title = "A seal for the organisation of the demonstration"
officer = "nobody: keys made by a programme for a demonstration"
witnesses = []

[[seals]]
credential = "{CREDENTIAL}"
policies = ["1.3.6.1.4.1.32473.1.2"]
name = "{SEAL_NAME}"
key = "P-256"
days = 1095
clients = ["server"]

[seals.organisation]
name = "Démonstration"
country = "FR"
identifier = "NTRFR-987654321"
"""
"""A supplement to the key ceremony: a credential is one organisation's, and the first one's is the platform's own."""
SAMPLE = "contract.pdf"
PATIENCE = 30.0  # seconds until the worker has made a consent page
SIMPLE = "simple"
POLICY = {
    "rules": [
        {
            "name": "Contrats de travail",
            "when": {"documentKind": "employment"},
            "requires": {"signatureLevel": "advanced", "archiveYears": 5},
        },
        {
            "name": "Commandes à partir de 25 000 euros",
            "when": {"documentKind": "order", "amountFrom": 25000, "currency": "EUR"},
            "requires": {"signatureLevel": "advanced", "archiveYears": 10},
        },
        {
            "name": "Cautionnements",
            "when": {"documentKind": "guarantee"},
            "requires": {"signatureLevel": "qualified", "archiveYears": 10},
        },
    ],
    "examples": [
        {"facts": {"documentKind": "order", "amount": 900}, "signatureLevel": SIMPLE},
        {"facts": {"documentKind": "employment"}, "signatureLevel": "advanced"},
        {"facts": {"documentKind": "guarantee", "amount": 900}, "signatureLevel": "qualified"},
    ],
}
"""A draft: put into force, it asks every sender what is signed."""


class Office:
    """Alice's program, which sets up her organisation."""

    def __init__(self, url: str, token: str) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        self._http = httpx2.Client(base_url=f"{url}/api/", headers=headers, timeout=60)

    def __call__(self, method: str, path: str, **options: Any) -> Any:
        answer = self._http.request(method, path, **options)
        answer.raise_for_status()
        return answer.json()

    def page(self, level: str, means: str) -> str:
        """The id of a consent page, once the worker has made it."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for each in self("GET", "consentPages", params={"items.perPage": 100})["items"]:
                if each["signatureLevel"] == level and means in each["identificationMeans"]:
                    return str(each["id"])
            time.sleep(0.1)
        raise TimeoutError(f"There is no consent page for {means}.")


def equip(office: Office, *, franceconnect: str, provider: str) -> None:
    """Tell the organisation who vouches for people and who keeps their keys; give it a policy to put into force."""
    known = {each["issuer"] for each in office("GET", "identityProviders")["items"]}
    if franceconnect not in known:
        client = {"clientId": citizens.CLIENT_ID, "clientSecret": citizens.CLIENT_SECRET}
        office("POST", "identityProviders", json={"kind": "franceconnect", "issuer": franceconnect, **client})
    if not office("GET", "signingProviders")["items"]:
        client = {"clientId": qtsp.CLIENT, "clientSecret": qtsp.SECRET}
        office("POST", "signingProviders", json={"name": qtsp.NAME, "address": provider, **client})
    office("PUT", "signaturePolicies/draft", json=POLICY)
    office.page("qualified", "trust-service-provider")


def make_template(office: Office) -> None:
    """One of which the organisation seals what somebody has signed whose name FranceConnect knows."""
    if office("GET", "templates")["items"]:
        return
    [seal] = office("GET", "seals")["items"]
    template = {
        "name": "Contrat de travail",
        "workflowName": "Contrat de travail de {Salarié.firstName} {Salarié.lastName}",
        "policyFacts": {"documentKind": "employment", "counterparty": "known", "person": "natural"},
        "steps": [
            {"recipients": [{"role": "Salarié", "consentPageId": office.page("advanced", "franceconnect")}]},
            {"stepType": "seal", "sealId": seal["id"]},
        ],
    }
    made = office("POST", "templates", json=template)
    profile = office("GET", "signatureProfiles")["items"][0]["id"]
    file = {"Content-Type": "application/pdf", "Content-Disposition": 'attachment; filename="Contrat de travail.pdf"'}
    place = f"templates/{made['id']}/parts?signatureProfileId={profile}"
    office("POST", place, content=pdfs.contract(2), headers=file)
