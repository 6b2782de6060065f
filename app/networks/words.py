"""What the console says of a network, in its reader's language: two files beside the adapter, so that a network is one folder."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal, get_args

from app.core.event import View

Language = Literal["en", "fr"]


class Words(View, extra="forbid"):
    """What is said of a network in one language. A word is named by its part, the network and its key: "connect.lean.token".

    They are plain sentences: nothing is filled into them, and they hold no markup.
    """

    label: str  # what the network is called where one is chosen
    connect: dict[str, str]  # the form's fields, and the warnings about an account
    answer: dict[str, str]  # why a post cannot be answered, what to know before it is, what became of an answer
    cost: dict[str, str]  # what is charged for
    trouble: dict[
        str, str
    ]  # why it did not do what was asked; in English the very sentences that the adapter raises, with {values}


def words_beside(file: str) -> Mapping[Language, Words]:
    """Read `words.en.json` and `words.fr.json` in the folder of `file`, a module's `__file__`.

    A part that has no words may be left out. Raises OSError when a file is missing and ValueError when it holds
    anything but words.
    """
    found: dict[Language, Words] = {}
    for language in get_args(Language):
        said = json.loads((Path(file).parent / f"words.{language}.json").read_bytes())
        found[language] = Words.model_validate({"connect": {}, "answer": {}, "cost": {}, "trouble": {}, **said})
    return found
