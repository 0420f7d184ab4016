"""OpenID Connect as a relying party speaks it: with FranceConnect, ProConnect, and whoever publishes their settings."""
