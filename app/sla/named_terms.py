"""Terms under a name, the hash of what they say: the thousands of tickets that share them keep the name alone."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import select

from app.core.db import Tx
from app.core.rows import among
from app.sla.keep import terms_from_json, terms_to_json
from app.sla.models import TermsRow
from app.sla.terms import Terms

_FORGET_AT: Final = 1000
_read: dict[str, Terms] = {}
"""What was read or written before; a name never comes to mean anything else."""


def terms_id(terms: Terms) -> str:
    """The name of terms."""
    return str(_row(terms)["id"])


@lru_cache(maxsize=512)
def _row(terms: Terms) -> dict[str, Any]:
    body = terms_to_json(terms)
    return {"id": hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32], "body": body}


def rows_of_terms(terms: Iterable[Terms]) -> list[dict[str, Any]]:
    """The rows that keep these terms, in the order of their names: two pages wait for each other and never in a ring."""
    named = {terms_id(one): one for one in terms}
    _read.update(named)  # true even if this is rolled back
    return [_row(named[name]) for name in sorted(named)]


async def read_terms(tx: Tx, names: Collection[str]) -> Mapping[str, Terms]:
    """The terms of these names; one statement at most, and none for what this process has read before."""
    wanted = set(names)
    if len(_read) > _FORGET_AT:
        _read.clear()
    found = {name: _read[name] for name in wanted if name in _read}
    if missing := wanted - found.keys():
        rows = await tx.execute(select(TermsRow.id, TermsRow.body).where(among(TermsRow.id, missing)))
        read = {name: terms_from_json(body) for name, body in rows}
        _read.update(read)
        found |= read
    return found
