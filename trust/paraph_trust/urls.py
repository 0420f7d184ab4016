"""Every address of the service."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from paraph_trust import health
from paraph_trust.authority import api as authority
from paraph_trust.enrolment import api as enrolment
from paraph_trust.signing import api as signing
from paraph_trust.status import api as status
from paraph_trust.timestamping import api as timestamping

EST: list[URLPattern] = [
    path("cacerts", enrolment.authorities),
    path("csrattrs", enrolment.attributes),
    path("simpleenroll", enrolment.enrol),
    path("simplereenroll", enrolment.reenrol),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("health", health.health),
    path("ca/<slug:name>.cer", authority.certificate),
    path("crl/<slug:issuer>.crl", status.revocation_list),
    path("ocsp", status.ocsp),
    path("ocsp/<path:encoded>", status.ocsp_by_get),
    path("tsa", timestamping.tsa),
    path("tsa/<slug:unit>", timestamping.tsa),
    path(".well-known/est/", include(EST)),
    path(".well-known/est/<slug:label>/", include(EST)),
    path("csc/v2/info", signing.info),
    path("csc/v2/credentials/list", signing.credentials),
    path("csc/v2/credentials/info", signing.credential),
    path("csc/v2/credentials/issue", signing.issue),
    path("csc/v2/credentials/authorize", signing.authorize),
    path("csc/v2/signatures/signHash", signing.sign_hash),
    path("csc/v2/signatures/timestamp", timestamping.csc_timestamp),
]
handler400 = "paraph_trust.web.bad_request"
handler404 = "paraph_trust.web.not_found"
handler500 = "paraph_trust.web.server_error"
