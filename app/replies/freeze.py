"""freeze(): what an agent wrote, as exactly what will be published; in parts where it is too long and may be split."""

import hashlib
from collections.abc import Sequence
from typing import Final

from app.brands.account import open_account
from app.brands.models import BrandAccount
from app.core.rows import clean
from app.networks import text as counting
from app.networks.errors import ExtraMentions
from app.networks.port import Outgoing
from app.networks.registry import network
from app.networks.split import numbered, split
from app.replies.errors import AltTooLong, ExtraRecipients, NoContentWarning, TextEmpty, TextTooLong, TooManyPictures
from app.replies.models import Picture
from app.replies.parent import allowed_visibility
from app.replies.wish import Wish
from app.tickets.models import Message

_PROBLEMS: Final = {
    "empty": TextEmpty,
    "too_long": TextTooLong,
    "too_many_media": TooManyPictures,
    "alt_too_long": AltTooLong,
}


def freeze(
    account: BrandAccount, parent: Message, wish: Wish, pictures: Sequence[Picture], keys: Sequence[str]
) -> list[tuple[str, Outgoing]]:
    """Exactly what will be published, checked by the account's own limits: the words of each part, and all that goes out.

    `keys` are ours, one for each part there may be. Raises TextEmpty, TextTooLong and what else may be wrong with them.
    """
    adapter, opened = network(account.network), open_account(account)
    visibility = allowed_visibility(parent.visibility, wish.lane, wish.visibility)
    handle = str(parent.author["handle"])
    text = clean(wish.text).strip()
    if not text and not pictures:
        raise TextEmpty(field="text")
    limits = counting.in_lane(adapter.limits(opened), wish.lane)
    warning = clean(wish.content_warning).strip() if wish.content_warning else None
    if warning and "content_warning" not in adapter.can:
        raise NoContentWarning(field="content_warning")  # left out in silence, its words would be missed

    def compose(words: str) -> str:
        return adapter.compose(handle, [], words, visibility, own=account.handle)

    def fits(words: str) -> bool:
        length, most = counting.measure(compose(words), warning or "", limits)
        return length <= most

    try:
        full = compose(text)
        pieces = split(text, limits, fits) if wish.split else None
    except ExtraMentions as extra:
        raise ExtraRecipients(extra.sentence, field="text") from extra
    composed = [full] if pieces is None else [compose(words) for words in numbered(pieces)]
    if pieces is None or len(pieces) == 1:
        pieces = [clean(wish.text)]
    alts = tuple(p.alt for p in pictures)
    frozen = []
    for part, (piece, words) in enumerate(zip(pieces, composed, strict=True), 1):
        along = alts if part == 1 else ()
        verdict = counting.check(words, warning or "", limits, along)
        if verdict.problem:
            raise _PROBLEMS[verdict.problem](field="text", count=verdict.count, maximum=verdict.maximum)
        outgoing = Outgoing(
            key=hashlib.sha256(keys[part - 1].encode()).hexdigest()[:40],
            text=words,
            in_reply_to=parent.remote_id,
            visibility=visibility,
            content_warning=warning,
            language=wish.language or parent.language,
            recipients=(handle,),
            parent_facts=parent.facts,
            alts=along,
        )
        frozen.append((piece, outgoing))
    return frozen
