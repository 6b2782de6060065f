"""Assignment alone at the commit, and the cards; other rooms' reactions are their own tests' matter."""

import pytest

from app.assignment.react import react
from app.core.transaction import react_with
from app.tickets.card import attach_cards


@pytest.fixture
def reacting(database: str) -> None:
    react_with((react, attach_cards))
