"""What a double of X holds: people, posts, messages, sign-ins and subscriptions, and the shapes it gives them."""

import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape
from itertools import count
from typing import Any

EPOCH = 1_288_834_974_657
NAMED = re.compile(r"@([A-Za-z0-9_]{1,15})")
LINKED = re.compile(r"https?://[^\s<>]+")
TAGGED = re.compile(r"#(\w+)")
RENAMED = {
    "edit_history_tweet_ids": "edit_history_post_ids",
    "referenced_tweets": "referenced_posts",
    "note_tweet": "note_post",
}


def instant(number: str) -> datetime:
    return datetime.fromtimestamp(((int(number) >> 22) + EPOCH) / 1000, UTC)


def iso(number: str) -> str:
    return instant(number).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass
class Post:
    id: str
    author: str
    text: str
    parent: str | None = None
    quotes: str | None = None
    repeats: str | None = None
    media: list[str] = field(default_factory=list)
    settings: str = "everyone"
    lang: str = "en"
    history: list[str] = field(default_factory=list)
    deleted: bool = False


@dataclass
class Message:
    id: str
    sender: str
    talk: str
    text: str
    media: list[str] = field(default_factory=list)


class World:
    """Everything there is, and what of it a request may know."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._numbers = count()
        self.people: dict[str, dict[str, Any]] = {}  # by id
        self.posts: dict[str, Post] = {}
        self.messages: list[Message] = []
        self.media: dict[str, dict[str, Any]] = {}
        self.tokens: dict[str, str] = {}  # access token -> person
        self.refreshing: dict[str, str] = {}  # refresh token -> person, each good once
        self.codes: dict[str, dict[str, str]] = {}
        self.bearer = "app-bearer"
        self.jobs: dict[str, list[str] | None] = {}
        self.jobs_end_as = "complete"
        self.generation = "tweet"
        self.summon_rule = True
        self.refuse_duplicates = False
        self.ceiling = 800
        self.picture_seconds = 0.0
        self.token_seconds = 7200
        self.subscriptions: list[dict[str, Any]] = []
        self.webhooks: dict[str, dict[str, Any]] = {}
        self.replays: list[dict[str, Any]] = []
        self.out_of_credits = False

    # --- what people do --------------------------------------------------------------------------------------------

    def number(self) -> str:
        """A new id with the time in it; ids only grow."""
        return str(((int(time.time() * 1000) - EPOCH) << 22) + next(self._numbers) % (1 << 22))

    def person(self, handle: str, **more: Any) -> str:
        for known in self.people.values():
            if known["username"].lower() == handle.lower():
                return str(known["id"])
        number = str(10**18 + len(self.people))
        self.people[number] = {
            "id": number,
            "username": handle,
            "name": handle.title(),
            "protected": False,
            "verified_type": "none",
            "profile_image_url": "https://pbs.twimg.com/profile_images/0/x_normal.jpg",
            "public_metrics": {"followers_count": 97, "following_count": 1, "tweet_count": 50},
            **more,
        }
        return number

    def say(self, handle: str, text: str, **more: Any) -> Post:
        number = self.number()
        self.posts[number] = Post(number, self.person(handle), text, history=[number], **more)
        return self.posts[number]

    def edit(self, number: str, text: str) -> Post:
        before = self.posts[number]
        fresh = self.number()
        history = [*before.history, fresh]
        for one in history[:-1]:
            self.posts[one].history = history
        more = {"parent": before.parent, "quotes": before.quotes, "media": before.media, "settings": before.settings}
        self.posts[fresh] = Post(fresh, before.author, text, history=history, **more)  # type: ignore[arg-type]
        return self.posts[fresh]

    def delete(self, number: str) -> None:
        for one in self.posts[number].history:
            self.posts[one].deleted = True

    def write(self, sender: str, recipient: str, text: str, media: list[str] | None = None) -> Message:
        one, other = sorted((self.person(sender), self.person(recipient)), key=int)
        self.messages.append(Message(self.number(), self.person(sender), f"{one}-{other}", text, media or []))
        return self.messages[-1]

    # --- what can be seen ------------------------------------------------------------------------------------------

    def there(self) -> list[Post]:
        """The posts as they are now, newest first: of each its latest version."""
        now = [one for one in self.posts.values() if not one.deleted and one.history[-1] == one.id]
        return sorted(now, key=lambda one: int(one.id), reverse=True)

    def root(self, post: Post) -> str:
        while post.parent is not None and post.parent in self.posts:
            post = self.posts[post.parent]
        return post.history[0]

    def names(self, post: Post, person: str) -> bool:
        handle = self.people[person]["username"].lower()
        return any(name.lower() == handle for name in NAMED.findall(post.text))

    def summons(self, post: Post, person: str) -> bool:
        """Whether a post lets this person answer; one's own always does (nobody has seen X refuse a thread of one's own)."""
        quoted = self.posts.get(post.quotes or "")
        return post.author == person or self.names(post, person) or (quoted is not None and quoted.author == person)

    def found(self, query: str) -> list[Post]:
        if query.startswith("conversation_id:"):
            wanted = query.partition(":")[2]
            return [one for one in self.there() if self.root(one) == wanted and one.id != wanted]
        words = [word.strip('"').lower() for word in query.split() if not word.startswith("-")]
        return [one for one in self.there() if all(w in one.text.lower() for w in words) and not one.repeats]

    # --- as it is given --------------------------------------------------------------------------------------------

    def post_entity(self, post: Post) -> dict[str, Any]:
        text, entities = self._marked(post)
        parent = self.posts.get(post.parent or "")
        refers = [("replied_to", post.parent), ("quoted", post.quotes), ("retweeted", post.repeats)]
        entity: dict[str, Any] = {
            "id": post.id,
            "text": text,
            "author_id": post.author,
            "conversation_id": self.root(post),
            "created_at": iso(post.id),
            "edit_history_tweet_ids": post.history,
            "lang": post.lang,
            "reply_settings": post.settings,
            "entities": entities,
            "referenced_tweets": [{"type": kind, "id": number} for kind, number in refers if number],
        }
        if parent is not None:
            entity["in_reply_to_user_id"] = parent.author
        if post.media:
            entity["attachments"] = {"media_keys": [f"3_{one}" for one in post.media]}
        entity = {name: value for name, value in entity.items() if value}
        if len(text) > 280:
            entity |= {"note_tweet": {"text": text, "entities": entities}, "text": text[:270] + "…"}
        return self.renamed(entity)

    def renamed(self, entity: dict[str, Any]) -> dict[str, Any]:
        if self.generation == "tweet":
            return entity
        return {RENAMED.get(name, name): value for name, value in entity.items()}

    def includes(self, posts: list[Post]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        """What comes along with posts, and what could not."""
        refers = [number for one in posts for number in (one.parent, one.quotes, one.repeats) if number]
        there = [self.posts[n] for n in dict.fromkeys(refers) if n in self.posts and not self.posts[n].deleted]
        gone = [n for n in dict.fromkeys(refers) if n not in self.posts or self.posts[n].deleted]
        pictures = [self.media[one] for post in posts for one in post.media if one in self.media]
        held: dict[str, Any] = {}
        if there:
            held["tweets" if self.generation == "tweet" else "posts"] = [self.post_entity(one) for one in there]
        if pictures:
            held["media"] = pictures
        return held, [not_found(number) for number in gone]

    def message_entity(self, message: Message) -> dict[str, Any]:
        entity: dict[str, Any] = {
            "id": message.id,
            "event_type": "MessageCreate",
            "text": escape(message.text, quote=False),
            "sender_id": message.sender,
            "dm_conversation_id": message.talk,
            "created_at": iso(message.id),
        }
        if message.media:
            entity["attachments"] = {"media_keys": [f"3_{one}" for one in message.media]}
        return entity

    def _marked(self, post: Post) -> tuple[str, dict[str, Any]]:
        """The text as X gives it, links shortened and escaped, with its marks by code points of what is given."""
        urls = []
        text, position = "", 0
        for match in LINKED.finditer(post.text):
            text += escape(post.text[position : match.start()], quote=False)
            short = f"https://t.co/{post.id[-6:]}{len(urls):04}"
            urls.append({"start": len(text), "end": len(text) + len(short), "url": short, "expanded_url": match[0]})
            text, position = text + short, match.end()
        text += escape(post.text[position:], quote=False)
        mentions = [
            {"start": m.start(), "end": m.end(), "username": m[1], "id": self.person(m[1])}
            for m in NAMED.finditer(text)
        ]
        tags = [{"start": m.start(), "end": m.end(), "tag": m[1]} for m in TAGGED.finditer(text)]
        marks = {"urls": urls, "mentions": mentions, "hashtags": tags}
        return text, {name: found for name, found in marks.items() if found}


def not_found(number: str) -> dict[str, Any]:
    return {
        "value": number,
        "detail": f"Could not find tweet with id: [{number}].",
        "title": "Not Found Error",
        "resource_type": "tweet",
        "parameter": "id",
        "resource_id": number,
        "type": "https://api.x.com/2/problems/resource-not-found",
    }
