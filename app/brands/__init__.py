"""The voices we answer with: a brand and its accounts on the networks."""
