"""The outside world as we need it: read mentions, publish replies, and nothing about our tables."""
