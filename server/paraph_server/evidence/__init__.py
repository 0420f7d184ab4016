"""The evidence file of a finished workflow; a workflow finishes only when everything it delivers is proved."""
