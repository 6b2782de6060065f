"""What the calls to networks cost, by account and day, and how much of a month's budget is left."""
