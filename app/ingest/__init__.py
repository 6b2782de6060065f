"""The way in: from a network's timeline to one received message."""
