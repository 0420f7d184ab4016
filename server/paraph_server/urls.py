"""Every address the platform answers."""

from typing import Annotated

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, path
from ninja.security import HttpBearer
from pydantic import Field

from paraph_server.accounts import api as accounts
from paraph_server.accounts import permissions
from paraph_server.accounts.api import caller
from paraph_server.accounts.models import User
from paraph_server.administration import api as administration
from paraph_server.administration import certificate_pages as enrolment
from paraph_server.administration import contact_pages
from paraph_server.administration import pages as organisation
from paraph_server.authentication import certificate_pages as certificates
from paraph_server.authentication import directory_api as directories_api
from paraph_server.authentication import directory_pages as directories
from paraph_server.authentication import journeys
from paraph_server.authentication import pages as security
from paraph_server.authentication import sign_in_pages as sign_in
from paraph_server.authorisations import pages as authorisations
from paraph_server.bulk import api as bulk
from paraph_server.bulk import pages as bulk_pages
from paraph_server.calls import door
from paraph_server.cards import api as cards
from paraph_server.cards import pages as card_pages
from paraph_server.embedding import api as embedding
from paraph_server.identification import api as providers_api
from paraph_server.identification import pages as providers
from paraph_server.jobs import api as jobs
from paraph_server.jobs import pages as job_pages
from paraph_server.journal import api as journal
from paraph_server.notifications import pages as carriers
from paraph_server.policies import api as policies
from paraph_server.policies import pages as policy_pages
from paraph_server.providers import api as signing_providers
from paraph_server.providers import pages as signing_provider_pages
from paraph_server.reference import pages as reference
from paraph_server.reference.openapi import Api
from paraph_server.signing import api as signing_api
from paraph_server.signing import certificate_pages as showing
from paraph_server.signing import check_pages as counter
from paraph_server.signing import checks_api as checks
from paraph_server.signing import file_pages
from paraph_server.signing import identity_pages as identity
from paraph_server.signing import pages as signing
from paraph_server.signing import turn_pages as turns
from paraph_server.templates import api as templates
from paraph_server.templates import pages as template_pages
from paraph_server.web import health, language, problems
from paraph_server.web.page import VERSION
from paraph_server.webhooks import api as webhooks
from paraph_server.webhooks import pages as deliveries
from paraph_server.workflows import api as workflows
from paraph_server.workflows import consent_api, consent_pages
from paraph_server.workflows import documents_api as documents
from paraph_server.workflows import pages as sending
from paraph_server.workflows import viewer_pages as viewing

Version = Annotated[str, Field(examples=[f"paraph:{VERSION}"])]


class AccessToken(HttpBearer):
    """`Authorization: Bearer act_…`; the middleware has checked it already. What it opens, `permissions` says."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:  # noqa: ARG002
        presented = getattr(request, "access_token", None)
        if presented is None or request.resolver_match is None:
            return None
        user, route = caller(request), request.resolver_match.route
        permissions.enter(user, presented, method=request.method or "", route=route)
        return user


api = Api(title="Paraph", version=VERSION, auth=AccessToken(), docs_url=None, urls_namespace="api")
problems.install(api)


@api.get("/version", auth=None, tags=["version"], summary="Name and version, for health checks", response=Version)
def version(request: HttpRequest) -> str:  # noqa: ARG001
    return f"paraph:{VERSION}"


api.add_router("", accounts.router)
api.add_router("", journal.router)
api.add_router("", administration.groups_router)
api.add_router("", administration.tokens_router)
api.add_router("", administration.delegations_router)
api.add_router("", administration.contacts_router)
api.add_router("", policies.router)
api.add_router("", workflows.router)
api.add_router("", consent_api.router)
api.add_router("", documents.router)
api.add_router("", signing_api.router)
api.add_router("", cards.router)
api.add_router("", signing_providers.router)
api.add_router("", checks.router)
api.add_router("", templates.router)
api.add_router("", bulk.router)
api.add_router("", webhooks.router)
api.add_router("", embedding.router)
api.add_router("", jobs.router)
api.add_router("", providers_api.router)
api.add_router("", directories_api.router)

handler400 = problems.bad_request
handler403 = problems.forbidden
handler404 = problems.not_found
handler500 = problems.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/reference/", reference.page(api), name="reference"),
    path("api/", door.addresses(api)),
    path("health", health.health),
    path("language/", language.choose, name="language"),
    *sign_in.urlpatterns,
    *journeys.urlpatterns,
    *certificates.urlpatterns,
    *enrolment.urlpatterns,
    *directories.urlpatterns,
    *security.urlpatterns,
    *organisation.urlpatterns,
    *contact_pages.urlpatterns,
    *policy_pages.urlpatterns,
    *sending.urlpatterns,
    *deliveries.urlpatterns,
    *viewing.urlpatterns,
    *consent_pages.urlpatterns,
    *template_pages.urlpatterns,
    *bulk_pages.urlpatterns,
    *carriers.urlpatterns,
    *signing.urlpatterns,
    *file_pages.urlpatterns,
    *identity.urlpatterns,
    *providers.urlpatterns,
    *showing.urlpatterns,
    *counter.urlpatterns,
    *turns.urlpatterns,
    *job_pages.urlpatterns,
    *card_pages.urlpatterns,
    *authorisations.urlpatterns,
    *signing_provider_pages.urlpatterns,
]
