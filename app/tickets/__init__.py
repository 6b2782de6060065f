"""The work itself: conversations, messages, tickets and what agents do to them."""
