"""Webhooks over HTTP: leads make, see, change, test and remove them; nobody else learns anything."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from app.agents.sign_in import open_sign_in
from app.core.errors import DeskError
from app.core.settings import settings
from app.core.transaction import transaction
from app.hooks.address import check_address, host_of
from app.main import create_app
from tests.given import a_desk, a_second_brand
from tests.hooks.receiver import NO, a_receiver, deliver, happen, moved
from tests.kept import keep_routes

REFUSED = json.loads((Path(__file__).parent / "vectors" / "05_ssrf_must_reject.json").read_text())
LATER = ("302", "rebind.example", "multi.example", "metadata.google.internal")
"""Answers of a server or of a resolver, which test_deliver.py and tests/security see to."""


class Asking:
    """The app, asked as the lead and as an agent."""

    def __init__(self, client: httpx2.AsyncClient, lead: str, agent: str) -> None:
        self._client, self._cookies = client, {"lead": lead, "agent": agent}

    async def __call__(self, method: str, path: str, body: Any = None, who: str = "lead") -> httpx2.Response:
        headers = {"cookie": f"mentiondesk={self._cookies[who]}"}
        return await self._client.request(method, f"/api/v1{path}", json=body, headers=headers)


@pytest.fixture
async def asking(database: str) -> AsyncIterator[tuple[Asking, str]]:
    desk = await a_desk(agents=1)
    await a_second_brand(desk)
    async with transaction() as tx:
        lead, agent = [(await open_sign_in(tx, one.agent_id)).secret for one in (desk.lead, desk.agents[0])]
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(keep_routes(create_app())), base_url="http://desk"
    ) as client:
        yield Asking(client, lead, agent), desk.brand_id


async def test_a_life_of_a_webhook(asking: tuple[Asking, str]) -> None:
    ask, brand_id = asking
    assert "ticket.moved" in (await ask("GET", "/webhook-types")).json()["types"]
    async with a_receiver() as receiver:
        asked = {"name": "CRM", "url": receiver.url, "types": ["ticket.moved"], "brand_ids": [brand_id]}
        made = (await ask("POST", "/webhooks", asked)).json()
        here = f"/webhooks/{made['webhook']['id']}"
        assert (await ask("GET", "/webhooks")).json() == [made["webhook"]]
        assert (await ask("GET", f"{here}/secret")).json()["secret"] == made["secret"]
        assert made["secret"] not in (await ask("GET", "/webhooks")).text

        ping = (await ask("POST", f"{here}/test")).json()
        assert (ping["status"], ping["problem"], ping["answer"]) == (200, None, "thanks")
        assert receiver.arrived[0].body["type"] == "ping"
        assert receiver.arrived[0].signed_with(made["secret"])

        rotated = (await ask("POST", f"{here}/secret", {"overlap_hours": 0})).json()
        assert rotated["secret"] != made["secret"]
        assert rotated["old_secret_until"] is None

        receiver.answering = lambda one: NO if one.body["data"]["ticket_id"] == "tk_b" else b"HTTP/1.1 204 Fine\r\n\r\n"
        await happen(*[moved(brand_id, ticket) for ticket in ("tk_a", "tk_b", "tk_c")])
        await deliver()
        first = (await ask("GET", f"{here}/deliveries?limit=2")).json()
        rest = (await ask("GET", f"{here}/deliveries?limit=2&cursor={first['next']}")).json()
        listed = first["items"] + rest["items"]
        assert [(one["ticket_id"], one["state"], one["last"]["status"]) for one in listed] == [
            ("tk_c", "delivered", 204),
            ("tk_b", "waiting", 500),
            ("tk_a", "delivered", 204),
        ]
        assert rest["next"] is None
        waiting = (await ask("GET", f"{here}/deliveries?state=waiting")).json()["items"]
        assert [one["ticket_id"] for one in waiting] == ["tk_b"]
        there = f"{here}/deliveries/{waiting[0]['id']}"
        assert [one["answer"] for one in (await ask("GET", there)).json()["attempts"]] == ["not today"]
        assert (await ask("POST", f"{there}/replay")).json()["tries"] == 0

        assert (await ask("POST", f"{here}/replay", {"after": 10_000})).json()["code"] == "number_ahead"
        assert (await ask("POST", f"{here}/replay", {"after": 0})).json()["position"] == 0

        now = (await ask("GET", "/webhooks")).json()[0]
        off = asked | {"active": False, "revision": now["revision"]}
        assert (await ask("PUT", here, off)).json()["active"] is False
        assert (await ask("PUT", here, off)).json()["code"] == "stale_webhook"
        assert (await ask("DELETE", here)).status_code == 204
        assert (await ask("DELETE", here)).json()["code"] == "webhook_not_found"
    events = (await ask("GET", "/events")).json()["events"]
    assert [e["fact"]["what"] for e in events if e["type"] == "webhook.changed"][-1] == "removed"
    assert made["secret"] not in json.dumps(events)


async def test_an_agent_learns_and_changes_nothing(asking: tuple[Asking, str]) -> None:
    ask, _ = asking
    made = (await ask("POST", "/webhooks", {"name": "CRM", "url": "http://127.0.0.1:9/"})).json()
    here = f"/webhooks/{made['webhook']['id']}"
    edit = {"name": "x", "url": "http://127.0.0.1:9/", "revision": 1}
    for method, path, body in (
        ("GET", "/webhooks", None),
        ("GET", "/webhook-types", None),
        ("POST", "/webhooks", {"name": "x", "url": "http://127.0.0.1:9/"}),
        ("PUT", here, edit),
        ("DELETE", here, None),
        ("GET", f"{here}/secret", None),
        ("POST", f"{here}/secret", {}),
        ("POST", f"{here}/test", None),
        ("POST", f"{here}/replay", {"after": 0}),
        ("GET", f"{here}/deliveries", None),
        ("GET", f"{here}/deliveries/wd_1", None),
        ("POST", f"{here}/deliveries/wd_1/replay", None),
    ):
        assert (await ask(method, path, body, who="agent")).status_code == 403, (method, path)
    assert "webhook" not in (await ask("GET", "/events", who="agent")).text


async def test_what_cannot_be_is_refused_in_a_sentence(asking: tuple[Asking, str]) -> None:
    ask, _ = asking
    url = "http://127.0.0.1:9/"
    for wrong, code in (
        ({"types": ["ticket.eaten"]}, "unknown_type"),
        ({"types": []}, "invalid"),
        ({"brand_ids": ["br_none"]}, "unknown_webhook_brand"),
        ({"url": "ftp://hooks.example/"}, "address_refused"),
        ({"url": "http://no-such-name.invalid/"}, "address_unknown"),
    ):
        said = await ask("POST", "/webhooks", {"name": "x", "url": url} | wrong)
        assert said.status_code == 422, wrong
        assert code == "invalid" or said.json()["code"] == code


@pytest.mark.parametrize(
    "case",
    [case for case in REFUSED if not any(word in case["url"] for word in LATER)],
    ids=lambda case: case["why"],
)
async def test_addresses_that_must_be_refused(case: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings(), "allow_private_networks", False)
    with pytest.raises(DeskError):
        await check_address(case["url"])
    with pytest.raises(DeskError):
        await check_address(case["url"].replace("http://", "https://"))


def test_where_an_address_leads() -> None:
    assert host_of("https://hooks.example/x?y=1", lenient=False) == ("hooks.example", 443)
    assert host_of("https://hooks.example:8443/x", lenient=False) == ("hooks.example", 8443)
    assert host_of("http://10.0.0.5:9000/x", lenient=True) == ("10.0.0.5", 9000)
