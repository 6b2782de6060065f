"""RequestOnce: a POST with an Idempotency-Key is carried out once, and its answer is kept a day, in one transaction with what it did."""

import hashlib
import json
from datetime import timedelta
from typing import Final

from fastapi import Request, Response
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from starlette.datastructures import UploadFile

from app.access.errors import AnotherRequest, IdempotencyKeyInvalid, StillRunning
from app.access.models import KeptAnswer
from app.access.operations import NOT_KEPT, TELL_A_SECRET
from app.agents.permit import Actor
from app.core.alone import Purpose, try_hold
from app.core.clock import now
from app.core.db import Tx
from app.core.http_once import Replayed, operation_of
from app.core.transaction import transaction

KEPT: Final = timedelta(days=1)
_LEASE: Final = timedelta(minutes=2)
"""So long a request is believed to be still running which waits for a network; then its process died."""
_HEADERS: Final = ("content-type", "location", "etag", "link")


class RequestOnce:
    """One request's Idempotency-Key.

    Where a route works in the request's own transaction, its claim, what it does and its answer are committed together:
    a crash leaves all of it or nothing. A route that waits for a network commits its claim first, and its answer after.
    """

    def __init__(self, key: str) -> None:
        """`key` is what the client chose."""
        self._chosen = key
        self._key: str | None = None
        self._tx: Tx | None = None

    async def begin(self, tx: Tx, actor: Actor, request: Request) -> None:
        """Claim the key. Raises Replayed with the first answer, AnotherRequest, StillRunning, IdempotencyKeyInvalid."""
        if operation_of(request) in NOT_KEPT:
            return
        if not 1 <= len(self._chosen) <= 200 or not (self._chosen.isascii() and self._chosen.isprintable()):
            raise IdempotencyKeyInvalid(field="Idempotency-Key")
        key, at = f"{actor.agent_id}:{self._chosen}", now()
        asked = await _fingerprint(request)
        if not await try_hold(tx, Purpose.ONCE, key):
            raise StillRunning
        row = {"key": key, "fingerprint": asked, "created_at": at}
        over = or_(
            KeptAnswer.created_at < at - KEPT, KeptAnswer.status.is_(None) & (KeptAnswer.created_at < at - _LEASE)
        )
        claimed = await tx.scalar(
            insert(KeptAnswer)
            .values(**row)
            .on_conflict_do_update(
                index_elements=[KeptAnswer.key],
                set_=row | {"status": None, "headers": None, "body": None},
                where=over,
            )
            .returning(KeptAnswer.key)
        )
        if claimed is None:
            await _replay(tx, key, asked)
        self._key, self._tx = key, tx

    async def answered(self, request: Request, response: Response) -> None:
        """Keep the answer: with what was done, or after it where that is committed already."""
        if self._key is None:
            return
        kept = (
            update(KeptAnswer)
            .where(KeptAnswer.key == self._key)
            .values(
                status=response.status_code,
                headers={name: response.headers[name] for name in _HEADERS if name in response.headers},
                body=_kept_body(request, response),
            )
            .execution_options(synchronize_session=False)
        )
        if self._tx is getattr(request.state, "tx", None) and self._tx is not None:
            await self._tx.execute(kept)
        else:
            async with transaction() as tx:
                await tx.execute(kept)

    async def failed(self, request: Request) -> None:
        """Forget the claim of a request that came to nothing, if it is committed already; else it was rolled back."""
        if self._key is not None and self._tx is not getattr(request.state, "tx", None):
            async with transaction() as tx:
                await tx.execute(delete(KeptAnswer).where(KeptAnswer.key == self._key, KeptAnswer.status.is_(None)))


async def _replay(tx: Tx, key: str, asked: str) -> None:
    columns = (KeptAnswer.fingerprint, KeptAnswer.status, KeptAnswer.headers, KeptAnswer.body)
    first = (await tx.execute(select(*columns).where(KeptAnswer.key == key))).one()
    if first.fingerprint != asked:
        raise AnotherRequest(field="Idempotency-Key")
    if first.status is None:
        raise StillRunning
    raise Replayed(first.status, first.headers or {}, first.body or b"")


async def _fingerprint(request: Request) -> str:
    """SHA-256 of what is asked: operation, address and body; of a form its fields, since its boundary is new each time."""
    parts: list[bytes] = [request.method.encode(), str(request.url.path).encode(), str(request.url.query).encode()]
    if request.headers.get("content-type", "").startswith("multipart/"):
        for name, value in (await request.form()).multi_items():
            parts.append(name.encode())
            if isinstance(value, UploadFile):
                parts += [(value.filename or "").encode(), await value.read()]
                await value.seek(0)
            else:
                parts.append(value.encode())
    else:
        parts.append(await request.body())
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _kept_body(request: Request, response: Response) -> bytes:
    """The body to keep: without the secret of a new key or webhook, which is told once."""
    body = bytes(response.body)
    if operation_of(request) not in TELL_A_SECRET or response.status_code >= 400:
        return body
    return json.dumps(json.loads(body) | {"secret": None}).encode()


async def forget_old_answers(tx: Tx) -> None:
    """Drop the answers that were kept for a day."""
    await tx.execute(delete(KeptAnswer).where(KeptAnswer.created_at < now() - KEPT))
