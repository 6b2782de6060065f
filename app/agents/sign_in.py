"""sign_in(), sign_out(), end_sign_in(): a row per signed-in browser, and the secret in its cookie."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, func, insert, select, update

from app.agents.errors import AgentDisabled, SignInNotFound, WrongPassword
from app.agents.events import SignInEnded
from app.agents.guesses import count_guess, forgive, guess_keys
from app.agents.models import Agent, SignIn
from app.agents.password import check_password, hash_password, outdated
from app.agents.permit import Actor, require
from app.core.clock import now
from app.core.db import Tx
from app.core.ids import new_id
from app.core.transaction import record, transaction

LASTS: Final = timedelta(days=14)
"""How long a sign-in lives after it was last used."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new sign-in and the cookie's secret, which is kept nowhere else."""

    agent_id: str
    sign_in_id: str
    secret: str


def fingerprint(secret: str) -> str:
    """What is kept of a cookie's secret: its SHA-256. It has 256 random bits, so it needs no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def sign_in(email: str, password: str, *, address: str | None = None, browser: str = "") -> SignedIn:
    """Check who is there and open a sign-in; opens its own transactions, since a refusal is counted too.

    Raises WrongPassword (after the same time whether the address is known or not), AgentDisabled only to those who
    know the password, TooManyGuesses.
    """
    keys = guess_keys(email, address)
    async with transaction() as tx:
        await count_guess(tx, keys)
        agent = (
            await tx.execute(
                select(Agent.id, Agent.password_hash, Agent.disabled_at).where(
                    func.lower(Agent.email) == email.strip().lower(),
                    Agent.kind == "person",
                ),
            )
        ).one_or_none()
    if not await check_password(agent.password_hash if agent else None, password) or agent is None:
        raise WrongPassword
    if agent.disabled_at is not None:
        raise AgentDisabled
    fresh = None
    if outdated(agent.password_hash):
        fresh = await hash_password(password)
    async with transaction() as tx:
        await forgive(tx, keys)
        if fresh is not None:
            await tx.execute(
                update(Agent)
                .where(Agent.id == agent.id, Agent.password_hash == agent.password_hash)
                .values(password_hash=fresh),
            )
        return await open_sign_in(tx, agent.id, browser=browser)


async def open_sign_in(tx: Tx, agent_id: str, *, browser: str = "") -> SignedIn:
    """Sign a browser in for an agent whose identity is already certain."""
    secret, at = secrets.token_urlsafe(32), now()
    opened = SignedIn(agent_id, new_id("si"), secret)
    await tx.execute(
        insert(SignIn).values(
            id=opened.sign_in_id,
            agent_id=agent_id,
            secret_hash=fingerprint(secret),
            browser=browser[:300],
            created_at=at,
            last_seen_at=at,
            expires_at=at + LASTS,
        ),
    )
    return opened


async def sign_out(tx: Tx, actor: Actor) -> None:
    """End the actor's own sign-in."""
    require(actor, "edit_self")
    if actor.sign_in_id is not None:
        await end_sign_in(tx, actor, actor.sign_in_id)


async def end_sign_in(tx: Tx, actor: Actor, sign_in_id: str) -> None:
    """End one of the actor's own sign-ins; its sockets close. Raises SignInNotFound."""
    require(actor, "edit_self")
    ended = await tx.execute(
        delete(SignIn).where(SignIn.id == sign_in_id, SignIn.agent_id == actor.agent_id).returning(SignIn.id),
    )
    if ended.one_or_none() is None:
        raise SignInNotFound
    record(tx, SignInEnded(sign_in_ids=[sign_in_id]), agent_id=actor.agent_id)


async def end_sign_ins(tx: Tx, agent_id: str, *, by: str | None, except_id: str | None = None) -> None:
    """End every sign-in of an agent, or every other than one; part of verbs that took care of permission."""
    ended = await tx.scalars(
        delete(SignIn)
        .where(SignIn.agent_id == agent_id, SignIn.id.is_distinct_from(except_id))
        .returning(SignIn.id)
        .execution_options(synchronize_session=False),
    )
    ids = sorted(ended)
    if ids:
        record(tx, SignInEnded(sign_in_ids=ids), agent_id=by)


async def drop_expired_sign_ins(tx: Tx) -> None:
    """Forget sign-ins that nobody used for two weeks; they are refused anyway."""
    await tx.execute(delete(SignIn).where(SignIn.expires_at <= now()))
