"""Signed webhooks: what happened is handed to other systems, in order for each ticket, at least once."""
