"""The two generations of names that the API has for the same things: which to ask by, and reading either; pure."""

from typing import Any, Final, Literal

Generation = Literal["tweet", "post"]
"""What the server calls a post in its parameters and fields."""

_FIELDS: Final = (
    *("author_id", "created_at", "conversation_id", "in_reply_to_user_id", "entities", "attachments", "lang"),
    *("reply_settings", "edit_controls", "referenced_{}s", "note_{}", "edit_history_{}_ids"),
)
_MEDIA: Final = "type,url,preview_image_url,alt_text,variants,width,height"
PROFILE: Final = "username,name,profile_image_url,protected,public_metrics,verified_type"


def other(generation: Generation) -> Generation:
    """The other one."""
    return "post" if generation == "tweet" else "tweet"


def wanted(generation: Generation) -> list[tuple[str, str]]:
    """Ask for everything we read of posts. Profiles are no part of it: each would be charged for again."""
    return [
        (f"{generation}.fields", ",".join(_FIELDS).format(*[generation] * 3)),
        ("expansions", f"referenced_{generation}s.id,attachments.media_keys"),
        ("media.fields", _MEDIA),
    ]


def complains_of(body: Any, generation: Generation) -> bool:
    """Whether a refusal is about the names of this generation: an invalid request that names the parameter."""
    said = str(body)[:20_000]
    invalid = isinstance(body, dict) and str(body.get("type", "")).endswith("/invalid-request")
    return invalid and any(name in said for name in (f"{generation}.fields", f"referenced_{generation}s"))


def either(value: Any, classic: str, renamed: str) -> Any:
    """A member by its classic name, or by the one it has now."""
    if not isinstance(value, dict):
        return None
    found = value.get(classic)
    return value.get(renamed) if found is None else found


def history(post: Any) -> Any:
    """The ids of a post's versions, oldest first."""
    return either(post, "edit_history_tweet_ids", "edit_history_post_ids")


def references(post: Any) -> Any:
    """What a post replies to, quotes or repeats."""
    return either(post, "referenced_tweets", "referenced_posts")


def note(post: Any) -> Any:
    """The whole text of a long post."""
    return either(post, "note_tweet", "note_post")


def included(includes: Any) -> Any:
    """The posts that came along."""
    return either(includes, "tweets", "posts")
