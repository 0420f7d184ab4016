"""What happened, tenant by tenant: a chained record that nobody rewrites unseen."""
