"""The people who answer: agents, their teams, their sign-in."""
