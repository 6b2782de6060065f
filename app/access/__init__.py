"""How other systems get in: keys and what they may, and requests that are carried out once."""
