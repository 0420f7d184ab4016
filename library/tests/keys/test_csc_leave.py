"""People authorise on the provider's own page; what they gave leave for is signed, and nothing else."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from paraph.algorithms import Digest
from paraph.errors import Refused, SignatureMismatch, Unavailable, UnknownClient
from paraph.keys.csc import AuthorizationServer, Client, Credential, CscService, Version
from paraph.keys.csc.authorization import Scope
from paraph.keys.verify import verify
from paraph_testing.qtsp import CLIENT, PASSWORD, PIN, SECRET, Qtsp

US = Client(CLIENT, SECRET, "https://sign.example.org/back")
VERIFIER = "v" * 43
ONE, TWO = Digest.of(b"one"), Digest.of(b"two")


@pytest.fixture(params=list(Version))
def provider(request: pytest.FixtureRequest) -> Iterator[Qtsp]:
    with Qtsp(version=request.param) as provider:
        provider.open("carol", provider.pki.qualified)
        yield provider


class NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def visit(address: str, **said: str) -> str:
    """A browser that is signed in as Carol, and says this; the code that it comes back with."""
    browser = urllib.request.build_opener(NoRedirects)
    request = urllib.request.Request(address, urlencode(said).encode(), {"Cookie": "account=carol"})
    with pytest.raises(urllib.error.HTTPError) as answer:
        browser.open(request)
    query = parse_qs(urlsplit(answer.value.headers["Location"]).query)
    assert query["state"] == ["the state"]
    return query.get("code", query.get("error", [""]))[0]


def signed_in(provider: Qtsp) -> tuple[AuthorizationServer, CscService, Credential]:
    server = AuthorizationServer.of(CscService(provider.url, None, provider.version).info())
    page = server.page(US, Scope.SERVICE, state="the state", verifier=VERIFIER)
    token = server.token(US, visit(page, account="carol", password=PASSWORD), verifier=VERIFIER)
    service = CscService(provider.url, token, provider.version)
    [name] = service.credentials()
    return server, service, service.credential(name)


def leave(server: AuthorizationServer, provider: Qtsp, *digests: Digest, verifier: str = VERIFIER) -> str:
    asked = {"credentialID": "carol-1", **provider.version.leave(digests)}
    page = server.page(US, Scope.CREDENTIAL, state="the state", verifier=VERIFIER, **asked)
    return server.token(US, visit(page, pin=PIN), verifier=verifier)


def test_several_digests_in_one_authorisation(provider: Qtsp) -> None:
    server, service, credential = signed_in(provider)
    assert credential.mode == "oauth2code"
    values = service.sign_with_leave(credential, [ONE, TWO], leave(server, provider, ONE, TWO))
    for digest, value in zip([ONE, TWO], values, strict=True):
        verify(credential.certificate.public_key(), digest, value)


def test_leave_is_good_once(provider: Qtsp) -> None:
    server, service, credential = signed_in(provider)
    given = leave(server, provider, ONE)
    service.sign_with_leave(credential, [ONE], given)
    with pytest.raises(Refused, match="something else"):
        service.sign_with_leave(credential, [ONE], given)


def test_leave_is_good_for_its_digests(provider: Qtsp) -> None:
    server, service, credential = signed_in(provider)
    for wanted in ([TWO], [ONE, TWO]):
        with pytest.raises(Refused, match="something else"):
            service.sign_with_leave(credential, wanted, leave(server, provider, ONE))


def test_a_code_is_worth_nothing_to_whoever_did_not_ask_for_it(provider: Qtsp) -> None:
    server, _service, _credential = signed_in(provider)
    with pytest.raises(Refused, match="invalid_grant"):
        leave(server, provider, ONE, verifier="w" * 43)


def test_what_comes_back_is_checked(provider: Qtsp) -> None:
    server, service, credential = signed_in(provider)
    provider.other_key = provider.pki.carol
    with pytest.raises(SignatureMismatch):
        service.sign_with_leave(credential, [ONE], leave(server, provider, ONE))
    provider.other_key, provider.fewer = None, True
    with pytest.raises(Unavailable, match="another number"):
        service.sign_with_leave(credential, [ONE, TWO], leave(server, provider, ONE, TWO))


def test_leave_is_asked_for_over_https(provider: Qtsp) -> None:
    for said in ({}, {"oauth2": "http://sign.example.org"}, {"oauth2": "https://sign.example.org?a=b"}):
        with pytest.raises(Unavailable, match=re.escape("over HTTPS")):
            AuthorizationServer.of(said)


def test_an_issuer_tells_where_leave_is_asked_for(provider: Qtsp) -> None:
    """The whole way by RFC 8414: `info` names the issuer, which names its own addresses."""
    provider.discovered = True
    server, service, credential = signed_in(provider)
    assert server.authorize == f"{provider.issuer}/authorize"
    [value] = service.sign_with_leave(credential, [ONE], leave(server, provider, ONE))
    verify(credential.certificate.public_key(), ONE, value)


def test_an_issuer_may_end_with_a_slash(provider: Qtsp) -> None:
    """It is compared as it was named (RFC 8414 §3.3), and left out of the address (§3.1)."""
    provider.metadata = {"issuer": f"{provider.issuer}/"}
    server = AuthorizationServer.of({"oauth2Issuer": f"{provider.issuer}/"})
    assert server.token_endpoint == f"{provider.issuer}/token"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("issuer", "https://mallory.example", "speaks for another"),
        ("token_endpoint", "http://mallory.example/token", "over HTTPS"),
        ("authorization_endpoint", "https://mallory.example/?next=", "over HTTPS"),
    ],
)
def test_an_issuer_is_believed_about_itself_only(provider: Qtsp, name: str, value: str, said: str) -> None:
    provider.discovered, provider.metadata = True, {name: value}
    with pytest.raises(Unavailable, match=said):
        AuthorizationServer.of(CscService(provider.url, None, provider.version).info())


def test_a_server_recognises_its_clients(provider: Qtsp) -> None:
    """Tried before anybody goes there: no code is used up, and no token given."""
    server = AuthorizationServer.of(CscService(provider.url, None, provider.version).info())
    server.recognise(US)
    with pytest.raises(UnknownClient, match="invalid_client"):
        server.recognise(Client(CLIENT, "another word", US.callback))
    provider.away = True
    with pytest.raises(Unavailable):
        server.recognise(US)
    assert not provider.tokens
