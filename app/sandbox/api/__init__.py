"""The Mastodon client API over HTTP: one file for each of its areas."""
