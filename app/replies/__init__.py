"""The answer on its way out: draft, reply, outbox."""
