"""Mentiondesk: what people say to a brand becomes a ticket, and the answer goes out exactly once."""
