"""HTTP for the first set-up, brands, networks, accounts and the browser's return from a network."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from app.agents.asks import Id
from app.agents.current import Current, CurrentApart, actor_of, current_apart, give_cookie
from app.agents.password import hash_password
from app.agents.queries import session, somebody_exists
from app.agents.sign_in import open_sign_in
from app.agents.views import SessionView
from app.brands import asks, attach, connect, edit, queries
from app.brands.begin import begin
from app.brands.errors import AlreadySetUp
from app.brands.views import BrandAccountView, BrandView, ConnectView, NetworkView, SetUpView
from app.core.errors import DeskError, Unauthenticated
from app.core.http import Tx
from app.core.http_match import IfMatch, demanded_revision, seen_revision
from app.core.http_once import Kept
from app.core.settings import settings
from app.core.transaction import transaction

router = APIRouter(prefix="/api/v1", tags=["brands"], route_class=Kept)


@router.get("/setup", operation_id="check_setup")
async def setup_needed(tx: Tx) -> SetUpView:
    """Whether the first lead is still to be made."""
    return SetUpView(needed=not await somebody_exists(tx))


@router.post("/setup", operation_id="set_up")
async def set_up(ask: asks.SetUpAsk, request: Request, response: Response) -> SessionView:
    """Make the first lead and brand, and sign the browser in."""
    async with transaction() as tx:
        if await somebody_exists(tx):
            raise AlreadySetUp  # before a stranger makes us hash a password
    hashed = await hash_password(ask.password)
    async with transaction() as tx:
        first = await begin(
            tx, name=ask.name, email=ask.email, hashed=hashed, brand_name=ask.brand_name, locale=ask.locale
        )
        signed_in = await open_sign_in(tx, first.agent_id, browser=request.headers.get("user-agent", ""))
    async with transaction() as tx:
        actor = await actor_of(tx, signed_in.secret)
        if actor is None:
            raise Unauthenticated
        answer = await session(tx, actor)
    give_cookie(response, signed_in)
    return answer


@router.get("/networks", operation_id="list_networks")
async def networks(actor: Current) -> list[NetworkView]:
    """The networks this installation knows."""
    return queries.network_views(actor)


@router.get("/brands", operation_id="list_brands")
async def brands(tx: Tx, actor: Current) -> list[BrandView]:
    """The brands I see."""
    return await queries.brands(tx, actor)


@router.post("/brands", operation_id="create_brand", status_code=201)
async def create_brand(tx: Tx, actor: Current, ask: asks.CreateBrandAsk) -> BrandView:
    """Make a brand."""
    return await edit.create_brand(tx, actor, name=ask.name, colour=ask.colour, team_ids=ask.team_ids)


@router.patch("/brands/{brand_id}", operation_id="edit_brand")
async def edit_brand(
    tx: Tx, actor: Current, brand_id: Id, ask: asks.EditBrandAsk, if_match: IfMatch = None
) -> BrandView:
    """Change a brand."""
    return await edit.edit_brand(
        tx,
        actor,
        brand_id,
        revision=demanded_revision(ask.revision, if_match),
        name=ask.name,
        colour=ask.colour,
        reopen_seconds=ask.reopen_seconds,
        join_seconds=ask.join_seconds,
        assignment=ask.assignment,
        team_ids=ask.team_ids,
    )


@router.get("/accounts", operation_id="list_accounts")
async def accounts(tx: Tx, actor: Current) -> list[BrandAccountView]:
    """The accounts of the brands I see."""
    return await queries.accounts(tx, actor)


@router.post("/accounts/connect", operation_id="connect_account")
async def connect_account(actor: CurrentApart, ask: asks.ConnectAsk, request: Request) -> ConnectView:
    """Connect an account, or learn where the browser must go first."""
    return await connect.connect_account(
        actor,
        ask.brand_id,
        ask.network,
        ask.fields,
        import_days=ask.import_days,
        return_url=_return_url(request),
    )


def _return_url(request: Request) -> str:
    ours = settings().public_url or str(request.base_url)
    return f"{ours.rstrip('/')}/api/v1/accounts/return"


@router.get("/accounts/return", operation_id="return_from_network", status_code=303, response_class=RedirectResponse)
async def return_from_network(
    request: Request,
    response: Response,
    state: Annotated[str, Query(max_length=500, pattern=r"^[^\x00]*$")] = "",
    code: Annotated[str, Query(max_length=4000)] = "",
    error: Annotated[str, Query(max_length=500)] = "",
) -> Response:
    """Where a network sends the browser back to; it goes on to the accounts page, which says how it went."""
    try:
        actor = await current_apart(request, response)
        answer = {name: value for name, value in (("state", state), ("code", code), ("error", error)) if value}
        account = await connect.finish_connect(actor, answer)
        told = {"connected": account.id}
    except DeskError as problem:
        told = {"problem": problem.code}
    return RedirectResponse(f"/accounts?{urlencode(told)}", status_code=303)


@router.post("/accounts/{account_id}/refresh", operation_id="refresh_account")
async def refresh_account(actor: CurrentApart, account_id: Id) -> BrandAccountView:
    """Ask the account's server again who it is and what may be posted."""
    return await connect.refresh_account(actor, account_id)


@router.delete("/accounts/{account_id}", operation_id="disconnect_account", status_code=204)
async def disconnect_account(tx: Tx, actor: Current, account_id: Id, if_match: IfMatch = None) -> None:
    """Take an account off; its tickets stay."""
    await attach.disconnect_account(tx, actor, account_id, seen_revision(None, if_match))
