"""Every option of the service, and Django's settings made from them."""
