"""What the house can carry, measured: each module here is one question, `make bench ONE=module` asks it."""
