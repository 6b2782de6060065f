"""A write against what somebody changed meanwhile is refused, whatever it is about, by the body or by If-Match alike."""

from typing import Any, NamedTuple

import pytest
from sqlalchemy import text

from app.core.transaction import transaction
from app.hooks.make import make_webhook
from tests.access.given import ask
from tests.described import description
from tests.lean import Lean
from tests.ledger.test_ledger import PRICES
from tests.security.conftest import Open
from tests.security.stage import Brands, cookie

NOT_MATCHED = {
    "sign_out": "a browser of one's own",
    "end_sign_in": "a browser of one's own",
    "edit_me": "about oneself",
    "save_draft": "a text of one's own",
    "discard_draft": "a text of one's own",
    "describe_picture": "a picture of one's own",
    "remove_picture": "a picture of one's own",
    "save_piece": "pieces have numbers, and each is compared with the one before",
    "order_policies": "an order has no revision; `seen` is the order that was seen",
}
"""Writes that nobody else's change can be overwritten by."""


class Write(NamedTuple):
    """A write, the table its revision stands in (or its number where it is counted from the values), and whether it must be said."""

    operation: str
    method: str
    path: str
    body: dict[str, Any] | None
    present: str | int
    demanded: bool = True


CALENDAR = {"name": "Early", "tz": "UTC", "hours": {"Mon": [["08:00", "16:00"]]}}


MAIL = {"external_reference": "mail-2"}


def writes(ids: dict[str, str]) -> list[Write]:
    ticket, policy, webhook = (f"{kind}/{ids[kind]}" for kind in ("tickets", "policies", "webhooks"))
    hook = {"name": "Data", "url": "https://93.184.216.34/in", "active": False}
    return [
        Write("assign_ticket", "POST", f"{ticket}/assign", {"agent_id": ids["agents"]}, "tickets", demanded=False),
        Write("move_ticket", "POST", f"{ticket}/move", {"to": "waiting"}, "tickets", demanded=False),
        Write("label_ticket", "POST", f"{ticket}/labels", {"add": ["new"]}, "tickets", demanded=False),
        Write("prioritise_ticket", "POST", f"{ticket}/priority", {"priority": "high"}, "tickets", demanded=False),
        Write("refer_ticket", "POST", f"{ticket}/references", {"remove": ["CASE-1"]}, "tickets", demanded=False),
        Write(
            "edit_message", "POST", f"{ticket}/messages/edit", MAIL | {"text": "Tomorrow."}, "tickets", demanded=False
        ),
        Write("withdraw_message", "POST", f"{ticket}/messages/withdraw", MAIL, "tickets", demanded=False),
        Write("dismiss_ticket", "POST", f"{ticket}/dismiss", {"reason": "spam"}, "tickets", demanded=False),
        Write("describe_customer", "PATCH", f"customers/{ids['customers']}", {"note": "new"}, "customers"),
        Write(
            "merge_customers",
            "POST",
            f"customers/{ids['customers']}/merge",
            {"other_id": ids["other"]},
            "customers",
            demanded=False,
        ),
        Write("edit_agent", "PATCH", f"agents/{ids['agents']}", {"name": "Anna"}, "agents"),
        Write("edit_team", "PUT", f"teams/{ids['teams']}", {"name": "Days", "agent_ids": []}, "teams"),
        Write("edit_brand", "PATCH", f"brands/{ids['brands']}", {"colour": "#123456"}, "brands"),
        Write("edit_webhook", "PUT", webhook, hook, "webhooks"),
        Write("rotate_webhook_secret", "POST", f"{webhook}/secret", {}, "webhooks", demanded=False),
        Write("save_policy", "PUT", policy, {"name": "Promise"}, "policies"),
        Write("save_calendar", "PUT", f"calendars/{ids['calendars']}", CALENDAR, "calendars"),
        Write("set_budget", "PUT", f"accounts/{ids['accounts']}/budget", {"limit_micros": 9}, 0, demanded=False),
        Write("remove_webhook", "DELETE", webhook, None, "webhooks", demanded=False),
        Write("delete_policy", "DELETE", policy, None, "policies"),
        Write("delete_calendar", "DELETE", f"calendars/{ids['calendars']}", None, "calendars"),
        Write("disconnect_account", "DELETE", f"accounts/{ids['accounts']}", None, "accounts", demanded=False),
        Write("dissolve_team", "DELETE", f"teams/{ids['teams']}", None, "teams", demanded=False),
    ]


@pytest.fixture
async def ids(brands: Brands, served: Open, lean: Lean) -> dict[str, str]:
    """One thing of every kind that has a revision."""
    lean.prices = PRICES
    who = await cookie(brands.desk.lead)
    made = (await ask(served[1], "POST", "calendars", who, json=CALENDAR | {"name": "Late"})).json()
    policy = (await ask(served[1], "POST", "policies", who, json={"name": "Vow", "enabled": False})).json()
    said = MAIL | {"text": "Today."}
    await ask(served[1], "POST", f"tickets/{brands.acme.ticket_id}/messages", who, json=said)
    async with transaction() as tx:
        hook = await make_webhook(tx, brands.desk.lead, name="Data", url="https://93.184.216.34/in")
    return {
        "tickets": brands.acme.ticket_id,
        "customers": brands.acme.customer_id,
        "other": brands.zeta.customer_id,
        "agents": brands.ana.agent_id,
        "teams": brands.desk.team_id,
        "brands": brands.desk.brand_id,
        "webhooks": hook.webhook.id,
        "policies": policy["id"],
        "calendars": made["id"],
        "accounts": brands.acme.account_id,
    }


TABLES = {"accounts": "brand_accounts", "policies": "policies", "calendars": "calendars"}


async def present(write: Write, ids: dict[str, str]) -> int:
    if isinstance(write.present, int):
        return write.present
    table = TABLES.get(write.present, write.present)
    async with transaction() as tx:
        found = await tx.scalar(text(f"select revision from {table} where id = :id"), {"id": ids[write.present]})
    assert found is not None
    return int(found)


async def test_a_write_against_another_revision_is_refused_everywhere(
    brands: Brands, served: Open, ids: dict[str, str]
) -> None:
    _, client = served
    who = await cookie(brands.desk.lead)
    for write in writes(ids):
        seen = await present(write, ids)

        async def tried(
            match: str | None, revision: int | None = None, write: Write = write
        ) -> tuple[int, str, dict[str, Any]]:
            said = {"revision": revision} if revision is not None else {}
            sent = {} if write.body is None else {"json": write.body | said}
            asked = write.path + (f"?revision={revision}" if write.body is None and said else "")
            head = {} if match is None else {"if-match": match}
            answer = await ask(client, write.method, asked, who, headers=head, **sent)
            told = answer.json() if answer.content else {}
            return answer.status_code, (told or {}).get("code", ""), told

        by_body = write.body is not None or write.demanded
        for match, revision in [(f'"{seen + 7}"', None)] + [(None, seen + 7)] * by_body:
            status, code, told = await tried(match, revision)
            assert (status, code[:6]) == (409, "stale_"), (write.operation, told)
            now = told[code.removeprefix("stale_").replace("ticket", "card")]
            assert (now["revision"] if now else 0) == seen, write.operation
        wrong = [("7", None), ('"x"', None)] + [(f'"{seen}"', seen + 1)] * by_body
        for match, revision in wrong:
            assert (await tried(match, revision))[:2] == (422, "match_unreadable"), (write.operation, match)
        if write.demanded:
            assert (await tried(None))[:2] == (428, "revision_missing"), write.operation
        assert await present(write, ids) == seen, write.operation
        status, _, told = await tried(f'"{seen}"')
        assert status in {200, 204}, (write.operation, told)


async def test_whatever_stands_is_overwritten_when_one_says_so(
    brands: Brands, served: Open, ids: dict[str, str]
) -> None:
    _, client = served
    who = await cookie(brands.desk.lead)
    path = f"customers/{ids['customers']}"
    answer = await ask(client, "PATCH", path, who, json={"note": "anyway"}, headers={"if-match": "*"})
    assert (answer.status_code, answer.json()["note"]) == (200, "anyway")
    told = await ask(client, "GET", path, who)
    assert told.headers["etag"] == f'"{told.json()["revision"]}"'


async def test_an_order_and_a_price_are_compared_with_what_was_seen(
    brands: Brands, served: Open, ids: dict[str, str]
) -> None:
    _, client = served
    who = await cookie(brands.desk.lead)
    stood = [policy["id"] for policy in (await ask(client, "GET", "policies", who)).json()]
    turned = {"ids": stood[::-1], "seen": stood}
    assert (await ask(client, "PUT", "policies/order", who, json=turned)).status_code == 200
    stale = await ask(client, "PUT", "policies/order", who, json={"ids": stood, "seen": stood})
    assert (stale.status_code, stale.json()["code"]) == (409, "stale_order")
    assert [policy["id"] for policy in stale.json()["policies"]] == stood[::-1]

    where = f"accounts/{ids['accounts']}/costs"
    price = (await ask(client, "GET", where, who)).json()["prices"][0]
    path, seen = f"networks/lean/prices/{price['name']}", f'"{price["revision"]}"'
    assert (await ask(client, "PUT", path, who, json={"micros": 7}, headers={"if-match": seen})).status_code == 200
    stale = await ask(client, "PUT", path, who, json={"micros": 8, "revision": price["revision"]})
    assert (stale.status_code, stale.json()["code"], stale.json()["price"]["micros"]) == (409, "stale_price", 7)


def test_every_write_to_what_is_there_takes_what_was_seen() -> None:
    listed = {write.operation for write in writes(dict.fromkeys(["tickets", "customers", "other", "agents", "teams", "brands", "webhooks", "policies", "calendars", "accounts"], "x"))}  # fmt: skip
    for path, kinds in description()["paths"].items():
        for method, operation in kinds.items():
            takes = {one["name"].lower() for one in operation.get("parameters", ())}
            name = operation["operationId"]
            if method in {"put", "patch", "delete"}:
                assert ("if-match" in takes) != (name in NOT_MATCHED), (method, path)
            if "if-match" in takes and name != "set_price":
                assert name in listed, name
