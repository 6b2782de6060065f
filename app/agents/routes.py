"""HTTP for sign-in, agents and teams."""

from fastapi import APIRouter, Request, Response

from app.agents import asks, edit, form_team, invite, queries
from app.agents import sign_in as signing
from app.agents.current import Current, CurrentApart, actor_of, give_cookie, network_address, take_cookie
from app.agents.password import hash_password
from app.agents.permit import require
from app.agents.views import AgentView, MeView, SessionView, SignInView, TeamView
from app.core.errors import Unauthenticated
from app.core.http import Tx
from app.core.http_match import IfMatch, demanded_revision, seen_revision
from app.core.http_once import Kept
from app.core.transaction import transaction

router = APIRouter(prefix="/api/v1", tags=["agents"], route_class=Kept)


@router.post("/session", operation_id="sign_in")
async def sign_in(ask: asks.SignInAsk, request: Request, response: Response) -> SessionView:
    """Sign a browser in."""
    signed_in = await signing.sign_in(
        ask.email,
        ask.password,
        address=network_address(request),
        browser=request.headers.get("user-agent", ""),
    )
    async with transaction() as tx:
        actor = await actor_of(tx, signed_in.secret)
        if actor is None:  # disabled in this very moment
            raise Unauthenticated
        answer = await queries.session(tx, actor)
    give_cookie(response, signed_in)
    return answer


@router.get("/session", operation_id="get_session")
async def session(tx: Tx, actor: Current) -> SessionView:
    """Who is signed in, and where the log stands."""
    return await queries.session(tx, actor)


@router.delete("/session", operation_id="sign_out", status_code=204)
async def sign_out(tx: Tx, actor: Current, response: Response) -> None:
    """Sign this browser out."""
    await signing.sign_out(tx, actor)
    take_cookie(response)


@router.get("/sessions", operation_id="list_sign_ins")
async def sign_ins(tx: Tx, actor: Current) -> list[SignInView]:
    """The browsers signed in as me."""
    return await queries.sign_ins(tx, actor)


@router.delete("/sessions/{sign_in_id}", operation_id="end_sign_in", status_code=204)
async def end_sign_in(tx: Tx, actor: Current, sign_in_id: asks.Id) -> None:
    """Sign another browser of mine out."""
    await signing.end_sign_in(tx, actor, sign_in_id)


@router.patch("/me", operation_id="edit_me")
async def edit_me(actor: CurrentApart, ask: asks.EditMeAsk) -> MeView:
    """Change something about oneself."""
    if ask.password is not None:
        await edit.change_password(actor, ask.password.old, ask.password.new)
    async with transaction() as tx:
        return await edit.edit_me(
            tx,
            actor,
            name=ask.name,
            signature=ask.signature,
            locale=ask.locale,
            availability=ask.availability,
        )


@router.get("/agents", operation_id="list_agents")
async def agents(tx: Tx, actor: Current) -> list[AgentView]:
    """Every colleague."""
    return await queries.agents(tx, actor)


@router.post("/agents", operation_id="invite_agent", status_code=201)
async def invite_agent(actor: CurrentApart, ask: asks.InviteAsk) -> AgentView:
    """Let a new colleague in."""
    async with transaction() as tx:
        await invite.refuse_taken(tx, actor, email=ask.email)
    hashed = await hash_password(ask.password)
    async with transaction() as tx:
        return await invite.invite_agent(
            tx, actor, name=ask.name, email=ask.email, role=ask.role, hashed=hashed, team_ids=ask.team_ids
        )


@router.patch("/agents/{agent_id}", operation_id="edit_agent")
async def edit_agent(
    actor: CurrentApart, agent_id: asks.Id, ask: asks.EditAgentAsk, if_match: IfMatch = None
) -> AgentView:
    """Change a colleague."""
    require(actor, "edit_people")
    revision = demanded_revision(ask.revision, if_match)
    hashed = await hash_password(ask.password) if ask.password is not None else None
    async with transaction() as tx:
        return await edit.edit_agent(
            tx,
            actor,
            agent_id,
            revision=revision,
            name=ask.name,
            role=ask.role,
            availability=ask.availability,
            disabled=ask.disabled,
            hashed=hashed,
        )


@router.get("/teams", operation_id="list_teams")
async def teams(tx: Tx, actor: Current) -> list[TeamView]:
    """Every team."""
    return await queries.teams(tx, actor)


@router.post("/teams", operation_id="form_team", status_code=201)
async def form(tx: Tx, actor: Current, ask: asks.FormTeamAsk) -> TeamView:
    """Make a team."""
    return await form_team.form_team(tx, actor, name=ask.name, agent_ids=ask.agent_ids, brand_ids=ask.brand_ids)


@router.put("/teams/{team_id}", operation_id="edit_team")
async def edit_team(
    tx: Tx, actor: Current, team_id: asks.Id, ask: asks.EditTeamAsk, if_match: IfMatch = None
) -> TeamView:
    """Rename a team and set who is in it."""
    return await form_team.edit_team(
        tx,
        actor,
        team_id,
        revision=demanded_revision(ask.revision, if_match),
        name=ask.name,
        agent_ids=ask.agent_ids,
        brand_ids=ask.brand_ids,
    )


@router.delete("/teams/{team_id}", operation_id="dissolve_team", status_code=204)
async def dissolve_team(tx: Tx, actor: Current, team_id: asks.Id, if_match: IfMatch = None) -> None:
    """Take a team apart."""
    await form_team.dissolve_team(tx, actor, team_id, seen_revision(None, if_match))
