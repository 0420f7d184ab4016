"""Groups, tokens, delegations and contacts as the REST API writes them."""

from paraph_server.accounts.models import AccessToken, Group
from paraph_server.administration import schemas
from paraph_server.administration.models import Contact, Delegation
from paraph_server.web.moments import milliseconds


def group(found: Group) -> schemas.Group:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "name": found.name,
        "rights": found.rights,
        "secondFactorRequired": found.needs_second_factor,
        "created": milliseconds(found.created_at),
    }


def token(found: AccessToken) -> schemas.AccessToken:
    """Without its secret, which nobody has any more."""
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.user_id,
        "name": found.name,
        "scopes": found.scopes,
        "authorizedIpRanges": found.ip_ranges,
        "expires": milliseconds(found.expires_at),
        "lastUsed": milliseconds(found.last_used_at),
        "created": milliseconds(found.created_at),
    }


def delegation(found: Delegation) -> schemas.Delegation:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.principal_id,
        "deputyUserId": found.deputy_id,
        "signAllowed": found.may_sign,
        "approveAllowed": found.may_approve,
        "filingClasses": found.filing_classes,
        "maxAmount": None if found.max_amount is None else float(found.max_amount),
        "currency": found.currency or None,
        "isAway": found.away,
        "starts": milliseconds(found.starts_at),
        "ends": milliseconds(found.ends_at),
        "created": milliseconds(found.created_at),
        "revoked": milliseconds(found.revoked_at),
    }


def contact(found: Contact) -> schemas.Contact:
    return {
        "id": found.pk,
        "tenantId": found.tenant_id,
        "userId": found.user_id,
        "isShared": found.is_shared,
        "email": found.email,
        "firstName": found.first_name,
        "lastName": found.last_name,
        "name": found.name,
        "phoneNumber": found.phone_number or None,
        "country": found.country,
        "preferredLocale": found.locale,
        "created": milliseconds(found.created_at),
        "updated": milliseconds(found.updated_at),
    }
