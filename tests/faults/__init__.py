"""Deaths, stops and rude networks under load, and what must hold afterwards."""
