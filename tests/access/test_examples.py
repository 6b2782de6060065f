"""Every example of the description: those of requests are sent, with the ids of real things, and those of answers are what is answered."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx2
import jsonschema_rs
from sqlalchemy import text

from app.agents import examples as people
from app.agents.permit import Actor
from app.core.clock import now
from app.core.transaction import transaction
from app.customers.examples import CUSTOMER_ID, OTHER_CUSTOMER_ID
from app.hooks.make import make_webhook
from app.replies.picture import add_picture
from app.replies.send import Wish, send_reply
from app.sla.examples import CALENDAR_ASKED, CALENDAR_ID, OTHER_POLICY_ID, POLICY_ID
from app.tickets.examples import MESSAGE_ID
from app.tickets.queries import open_ticket
from tests.access.given import ask
from tests.described import description
from tests.given import Desk, a_lean_account, take_in
from tests.lean import Lean, a_post
from tests.ledger.test_ledger import PRICES
from tests.sandbox.pictures import PNG
from tests.security.conftest import Open

DOCUMENT = description()
SCHEMAS = DOCUMENT["components"]["schemas"]
ELSEWHERE = {"connect_account"}
"""Asks a server on the net."""
FIRST, LAST = (
    ("set_up", "order_policies"),
    ("add_message", "edit_message", "withdraw_message", "dismiss_ticket", "merge_customers"),
)
TABLES = {f"{one}_id": f"{one}s" for one in ("ticket", "customer", "agent", "team", "brand", "webhook", "calendar")}
TABLES["policy_id"] = "policies"


def closed(schema: Any) -> Any:
    """The same schema, by which nothing may stand in an object that is not described."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: closed(one) for name, one in schema.items()}
    return inner | {"additionalProperties": False} if "properties" in inner and "type" in inner else inner


def wrong(schema: dict[str, Any], value: Any) -> list[str]:
    whole = {**closed(schema), "components": closed(DOCUMENT["components"])}
    return [str(one) for one in jsonschema_rs.Draft202012Validator(whole, validate_formats=True).iter_errors(value)]


def shapes(schema: dict[str, Any]) -> Iterator[str]:
    """The names of what a body is made of at its top: itself, the things of a list, or one of several."""
    if "$ref" in schema:
        yield schema["$ref"].rpartition("/")[2]
    for one in [schema.get("items", {}), *schema.get("anyOf", ())]:
        yield from shapes(one) if one else ()


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas of a request and of its good answers, as far as they are JSON."""
    answers = [answer for status, answer in operation["responses"].items() if status < "3"]
    for body in [operation.get("requestBody", {}), *answers]:
        schema = body.get("content", {}).get("application/json", {}).get("schema")
        if schema and list(shapes(schema)):
            yield schema


def test_every_example_is_of_its_shape_and_every_operation_is_shown() -> None:
    for name, schema in SCHEMAS.items():
        for example in schema.get("examples", ()):
            assert wrong({"$ref": f"#/components/schemas/{name}"}, example) == [], name
    for kinds in DOCUMENT["paths"].values():
        for operation in kinds.values():
            for schema in bodies(operation):
                assert any(SCHEMAS[name].get("examples") for name in shapes(schema)), operation["operationId"]


class Real(NamedTuple):
    """What the ids in addresses are here, by name, and what stands for what the examples say."""

    named: dict[str, str]
    shown: dict[str, str]


async def real_things(client: httpx2.AsyncClient, who: dict[str, str], told: dict[str, Any]) -> Real:
    """One thing of every kind that examples are about."""
    brand, lead_id = told["me"]["brand_ids"][0], told["me"]["id"]
    lead = Actor(lead_id, "lead", frozenset([brand]))
    team = (await ask(client, "GET", "teams", who)).json()[0]
    invited = {"name": "Ana", "email": "ana@example.org", "password": people.PASSWORD, "team_ids": [team["id"]]}
    agent = (await ask(client, "POST", "agents", who, json=invited)).json()
    account = await a_lean_account(Desk(lead, brand, team["id"]))
    ticket, other = [
        next(iter((await take_in(account.id, a_post(name, name, now(), "@acme help"))).ticket_ids))
        for name in ("nina", "omar")
    ]
    calendar = (await ask(client, "POST", "calendars", who, json=CALENDAR_ASKED | {"name": "Late"})).json()
    policy = (await ask(client, "GET", "policies", who)).json()[0]
    vow = (await ask(client, "POST", "policies", who, json={"name": "Vow", "enabled": False})).json()
    async with transaction() as tx:
        hook = await make_webhook(tx, lead, name="Own", url="https://93.184.216.34/in")
        picture = await add_picture(tx, lead, ticket, PNG, "a.png", "")
        here, there = [await open_ticket(tx, lead, one) for one in (ticket, other)]
        wish = Wish(text="Sure", lane="public", seen=there.messages[-1].id)
        reply = await send_reply(tx, lead, other, wish, "reply-key")
    async with transaction() as tx:
        await tx.execute(text("update replies set state = 'unsure', due_at = null"))
    named = {"ticket_id": ticket, "customer_id": here.card.customer.id, "account_id": account.id, "brand_id": brand}
    named |= {"agent_id": agent["id"], "team_id": team["id"], "reply_id": reply.id, "picture_id": picture.id}
    named |= {"webhook_id": hook.webhook.id, "policy_id": policy["id"], "calendar_id": calendar["id"]}
    named |= {"network": "lean", "name": PRICES[0].name}
    shown = {people.BRAND_ID: brand, people.TEAM_ID: team["id"], people.AGENT_ID: agent["id"], people.LEAD_ID: lead_id}
    shown |= {CUSTOMER_ID: named["customer_id"], OTHER_CUSTOMER_ID: there.card.customer.id, CALENDAR_ID: calendar["id"]}
    shown |= {MESSAGE_ID: here.messages[-1].id, POLICY_ID: policy["id"], OTHER_POLICY_ID: vow["id"]}
    return Real(named, shown | {"https://warehouse.example": "https://93.184.216.34"})


async def filled(example: dict[str, Any], path: str, real: Real) -> dict[str, Any]:
    """The example about real things, at their present revision."""
    written = json.dumps(example)
    for said, here in real.shown.items():
        written = written.replace(said, here)
    asked: dict[str, Any] = json.loads(written)
    table = next((table for name, table in TABLES.items() if f"{{{name}}}" in path), None)
    if table and asked.get("revision"):
        one = next(real.named[name] for name in TABLES if f"{{{name}}}" in path)
        async with transaction() as tx:
            asked["revision"] = await tx.scalar(text(f"select revision from {table} where id = :id"), {"id": one})
    return asked


async def test_every_example_of_a_request_is_carried_out(database: str, lean: Lean, served: Open) -> None:
    _, client = served
    lean.prices = PRICES
    asked = {
        operation["operationId"]: (method, path, operation)
        for path, kinds in DOCUMENT["paths"].items()
        for method, operation in kinds.items()
        if "application/json" in operation.get("requestBody", {}).get("content", {})
    }
    middle = [name for name in asked if name not in {*FIRST, *LAST, *ELSEWHERE}]
    real = Real({}, {})
    who: dict[str, str] = {}
    for name in [*FIRST, *middle, *LAST]:
        method, path, operation = asked[name]
        (shape,) = shapes(operation["requestBody"]["content"]["application/json"]["schema"])
        for number, example in enumerate(SCHEMAS[shape]["examples"]):
            body = await filled(example, path, real)
            where = path.removeprefix("/api/v1/").format(**real.named)
            once = {"idempotency-key": f"{name} {number}"}
            answer = await ask(client, method.upper(), where, who, json=body, headers=once)
            assert answer.status_code < 300, (name, body, answer.text)
            schema = operation["responses"][str(answer.status_code)]["content"]["application/json"]["schema"]
            assert wrong(schema, answer.json()) == [], name
            if name == "set_up":
                who = {"cookie": answer.headers["set-cookie"].partition(";")[0]}
                client.cookies.clear()
                real = await real_things(client, who, answer.json())
