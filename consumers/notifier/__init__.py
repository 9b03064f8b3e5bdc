"""Webhooks: the portal is told that the progress of a case has changed, and asks what it is now."""
