"""Tenants, their users and groups, how they sign in, and the walls between tenants."""
