"""OpenID Connect as a relying party speaks it: FranceConnect, ProConnect, and any provider that publishes its settings."""
