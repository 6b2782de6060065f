"""Pages of Mastodon notifications as a server sends them: bytes of JSON, posts of the length people write, nothing to read."""

import itertools
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

PAGE: Final = 80
"""So many notifications a page holds at most."""

_ELSEWHERE: Final = "toot.example"
_FIRST_ID: Final = 115_000_000_000_000_000
_WORDS: Final = {
    "en": "my order parcel has not arrived and nobody answers the number please help since Tuesday invoice broken screen "
    "refund app crashes again when I open it thanks for nothing why is the train late delivery today customer service",
    "de": "meine Bestellung ist immer noch nicht da und niemand antwortet bitte helft mir seit Dienstag Rechnung kaputt "
    "Rückgabe die App stürzt wieder ab wenn ich sie öffne warum ist der Zug verspätet Lieferung heute größer",
    "fr": "ma commande n'est toujours pas arrivée et personne ne répond aidez-moi s'il vous plaît depuis mardi facture "
    "cassé remboursement l'application plante encore quand je l'ouvre pourquoi le train est en retard déjà reçu",
}
_MARKS: Final = ("?", "!", ".", " 😡", " 🙏", " 👩‍👩‍👧", "…")


@dataclass
class Pages:
    """The notifications of one account; half of the authors are those `known`, each post begins a thread of its own."""

    account_id: str
    handle: str
    server: str
    known: Sequence[str]
    """The ids, at the server, of authors who have written before; they are gone through in their order."""
    start: int = 0
    """Where the numbers begin, so that two accounts of one server hand out different ids."""
    _numbers: "itertools.count[int]" = field(init=False)
    _chance: random.Random = field(init=False)
    _old_hands: "itertools.cycle[str]" = field(init=False)

    def __post_init__(self) -> None:
        """The same pages every time."""
        self._numbers = itertools.count(self.start)
        self._chance = random.Random(self.start)
        self._old_hands = itertools.cycle(self.known)

    def page(self, at: datetime, size: int = PAGE) -> bytes:
        """The next page, newest first like a server's, with posts of the moment `at`."""
        found = [self._notification(next(self._numbers), at) for _ in range(size)]
        return json.dumps(found[::-1], ensure_ascii=False).encode()

    def _notification(self, number: int, at: datetime) -> dict[str, Any]:
        person = next(self._old_hands) if number % 2 else str(_FIRST_ID - 1 - number)
        account, moment = author(person), at.isoformat(timespec="milliseconds")
        return {
            "id": str(_FIRST_ID // 1000 + number),
            "type": "mention",
            "created_at": moment,
            "group_key": f"ungrouped-{number}",
            "account": account,
            "status": self._status(number, account, moment),
        }

    def _status(self, number: int, account: dict[str, Any], moment: str) -> dict[str, Any]:
        language = self._chance.choice(list(_WORDS))
        address = f"https://{_ELSEWHERE}/users/{account['username']}/statuses/{_FIRST_ID + number}"
        return {
            "id": str(_FIRST_ID + number),
            "created_at": moment,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": self._chance.choice(("public", "public", "public", "unlisted", "private")),
            "language": language,
            "uri": address,
            "url": f"https://{_ELSEWHERE}/@{account['username']}/{_FIRST_ID + number}",
            **dict.fromkeys(("replies_count", "reblogs_count", "favourites_count", "quotes_count"), 0),
            "edited_at": None,
            **dict.fromkeys(("favourited", "reblogged", "muted", "bookmarked"), False),
            "content": self._content(language),
            "filtered": [],
            "reblog": None,
            "application": None,
            "account": account,
            "media_attachments": [self._picture()] if self._chance.random() < 0.15 else [],
            "mentions": [
                {
                    "id": self.account_id,
                    "username": self.handle.partition("@")[0],
                    "url": f"{self.server}/@{self.handle.partition('@')[0]}",
                    "acct": self.handle.partition("@")[0],
                }
            ],
            **{name: [] for name in ("tags", "emojis", "tagged_collections")},
            **dict.fromkeys(("quote", "card", "poll")),
            "quote_approval": {"automatic": ["public"], "manual": [], "current_user": "automatic"},
        }

    def _content(self, language: str) -> str:
        """What Mastodon makes of such a post: the mention, one to three lines, a shortened link or a hashtag now and then."""
        us = self.handle.partition("@")[0]
        mention = (
            f'<span class="h-card" translate="no"><a href="{self.server}/@{us}" class="u-url mention">'
            f"@<span>{us}</span></a></span>"
        )
        lines = "<br />".join(self._line(language) for _ in range(self._chance.choice((1, 1, 1, 2, 3))))
        extra = ""
        if self._chance.random() < 0.2:
            extra += (
                '</p><p><a href="https://www.shop.example/orders/4711/tracking?ref=mail" target="_blank" '
                'rel="nofollow noopener" translate="no"><span class="invisible">https://www.</span>'
                '<span class="ellipsis">shop.example/orders/4711/track</span>'
                '<span class="invisible">ing?ref=mail</span></a>'
            )
        if self._chance.random() < 0.25:
            extra += f' <a href="https://{_ELSEWHERE}/tags/service" class="mention hashtag" rel="tag">#<span>service</span></a>'
        return f"<p>{mention} {lines}{extra}</p>"

    def _line(self, language: str) -> str:
        said = " ".join(self._chance.choices(_WORDS[language].split(), k=self._chance.randint(8, 22)))
        return f"{said} #{self._chance.randint(1000, 999_999)}{self._chance.choice(_MARKS)}"

    def _picture(self) -> dict[str, Any]:
        return {
            "id": str(self._chance.randint(10**15, 10**16)),
            "type": "image",
            "url": "https://files.social.example/cache/media/original/4f3a.jpg",
            "preview_url": "https://files.social.example/cache/media/small/4f3a.jpg",
            "remote_url": f"https://{_ELSEWHERE}/system/media/4f3a.jpg",
            "meta": {"original": {"width": 1200, "height": 900, "size": "1200x900", "aspect": 1.333}},
            "description": "The broken screen, with the order number on the box"
            if self._chance.random() < 0.5
            else None,
            "blurhash": "UFBWY:8_0Jxv4mx]t8t64.%M-:IUWGWAt6M}",
        }


def author(remote_id: str) -> dict[str, Any]:
    """The account of somebody, as it stands in every notification twice."""
    username = f"person{remote_id}"
    return {
        "id": remote_id,
        "username": username,
        "acct": f"{username}@{_ELSEWHERE}",
        "display_name": f"Person {remote_id}",
        **dict.fromkeys(("locked", "bot", "group", "indexable"), False),
        "discoverable": True,
        "created_at": "2023-04-05T00:00:00.000Z",
        "note": "<p>Trains, bread and complaints. Opinions are my own.</p>",
        "url": f"https://{_ELSEWHERE}/@{username}",
        "uri": f"https://{_ELSEWHERE}/users/{username}",
        **dict.fromkeys(("avatar", "avatar_static"), f"https://files.social.example/cache/avatars/{remote_id}.png"),
        **dict.fromkeys(("header", "header_static"), f"https://files.social.example/cache/headers/{remote_id}.png"),
        "followers_count": len(remote_id) * 40,
        "following_count": 34,
        "statuses_count": 1056,
        "last_status_at": "2026-08-30",
        "hide_collections": None,
        **{name: [] for name in ("emojis", "fields")},
    }
