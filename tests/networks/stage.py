"""What a live server must be able to do for the contract test: post as customers do, look at what arrived, and break."""

from typing import Any, Protocol


class Stage(Protocol):
    """What the contract test needs of a live server, whatever the network; ids are the brand's server's own.

    What the adapter does not say it can do is never asked of its stage: where nothing can be published, nothing needs
    to break there.
    """

    network: str
    url: str  # the account's server
    token: str  # empty where nobody signs in
    brand_id: str
    warning: str  # a content warning that this network knows; empty where it knows none
    mentions_deliver: bool  # a post reaches those it names, and nobody else
    asks_to_begin: bool  # a sign-in through the browser begins with a question to the server
    registers_apps: bool  # and the question registers us there
    made_up: tuple[str, str]  # what a browser would bring back that was not given by the server: its name and value
    tells_deletions: bool  # its live line says when a customer deletes something
    works_on_pictures: bool  # a picture may not be ready when it is uploaded
    tells_language: bool  # a post says in which language it is
    names_people: bool  # a post says whom it names
    news: str  # how the path ends under which it says what is new; empty where a rude server has tests of its own
    all_to_brand: bool  # whatever is said there is said to the brand, named or not

    def reset(self) -> None: ...
    def brand(self) -> str: ...
    def fields(self) -> dict[str, str]: ...
    def full_handle(self, name: str) -> str: ...
    def post(self, author: str, text: str, **more: Any) -> str:
        """Say something as a customer, its id: what begins a conversation, else below `in_reply_to_id`; `visibility`,
        `spoiler_text` and `language` where the network has them. Answers go three deep: where comments stand under the
        brand's own posts and no deeper than two, what begins one is something else, such as a visitor's post."""
        ...

    async def post_as_brand(self, text: str) -> str: ...
    def react(self, who: str, post_id: str) -> None: ...
    def posts_of_brand(self) -> list[dict[str, Any]]: ...  # each with id, in_reply_to_id, visibility and text

    # A fault is "drop" (the line breaks), "error" (status 500), "html" (status 502 and a page) or "broken" (status 200
    # and half a JSON text).
    def break_reads(self, fault: str) -> None: ...  # every one, until mended
    def limit_rate(self, seconds: int) -> None: ...  # reads and posts, until mended
    def mend(self) -> None: ...
    def revoke(self) -> None: ...

    # where one signs in with a token
    def credentials(self, token: str) -> dict[str, str]: ...

    # "oauth"
    def sign_in(self) -> dict[str, str]: ...
    async def browser(self, url: str) -> dict[str, str]: ...

    # "edit"; "reread"
    def edit(self, post_id: str, text: str) -> None: ...
    def delete(self, post_id: str) -> None: ...

    # "public" or "private"
    def was_told(self, who: str, post_id: str) -> bool: ...
    def break_publish(self, fault: str, *, after: bool) -> None: ...  # the next one, before or after it is carried out

    # "media"; and where `works_on_pictures`
    def picture(self) -> bytes: ...
    def slow_pictures(self, seconds: float) -> None: ...

    # "hint"
    def cut_line(self) -> None: ...


class Ordinary:
    """What most networks are like; a stage says where its own is not."""

    warning = ""
    mentions_deliver = False
    asks_to_begin = True
    registers_apps = False
    made_up = ("code", "made-up")
    tells_deletions = False
    works_on_pictures = False
    tells_language = True
    names_people = True
    news = ""
    all_to_brand = False
