"""Other systems get in: what a key is, what it may, how often it may ask, and requests carried out once."""
