"""A small microblog on this machine that speaks the Mastodon client API; it knows nothing of Mentiondesk's tables."""
