"""The people who ask: a customer and the handles we know them by."""
