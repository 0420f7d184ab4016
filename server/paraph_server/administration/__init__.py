"""Who belongs to an organisation and what they may do there: people, groups, access tokens, delegations, contacts."""
