"""The contract with the console: its types are the app's, and whatever is sent, the answer is no crash."""

import json
import os
import re
import subprocess
from pathlib import Path

import httpx2
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from app.core.clock import now
from app.core.transaction import transaction
from app.main import create_app
from app.tickets.queries import ticket_card
from tests.conftest import lean_network
from tests.given import a_desk, a_lean_account, take_in
from tests.lean import a_post
from tests.stream.conftest import signed_in
from tests.world import World


def test_the_consoles_types_are_what_the_app_would_generate_now(here: Path, tmp_path: Path) -> None:
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(create_app().openapi()), encoding="utf-8")
    made = tmp_path / "schema.ts"
    frontend = here / "frontend"
    scripts = json.loads((frontend / "package.json").read_text(encoding="utf-8"))["scripts"]["types"]
    command = scripts.replace("openapi.json", str(described)).replace("src/shared/api/schema.ts", str(made))
    subprocess.run(command, shell=True, check=True, cwd=frontend, capture_output=True, env=_with_node(frontend))
    kept = (frontend / "src/shared/api/schema.ts").read_text(encoding="utf-8")
    assert made.read_text(encoding="utf-8") == kept, "run `make types`"


def _with_node(frontend: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{frontend / 'node_modules' / '.bin'}:{os.environ['PATH']}"}


ELSEWHERE = {"/api/v1/accounts/connect", "/api/v1/accounts/return"}
"""These ask servers on the net, whatever their name."""


class Known:
    """A desk with a ticket: its real ids by the names that paths give them, and its lead's cookie."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def begin(self) -> None:
        self.desk = await a_desk(agents=1)
        account = await a_lean_account(self.desk)
        (ticket_id,) = (await take_in(account.id, a_post("a", "nora", now()))).ticket_ids
        async with transaction() as tx:
            card = await ticket_card(tx, self.desk.lead, ticket_id)
        self.ids = {
            "ticket_id": ticket_id,
            "account_id": account.id,
            "brand_id": self.desk.brand_id,
            "agent_id": self.desk.agents[0].agent_id,
            "team_id": self.desk.team_id,
            "customer_id": card.customer.id,
            "number": card.number,
        }

    async def ask(self, case: schemathesis.Case, *, really: bool) -> httpx2.Response:
        """Send it as the lead; with the ids of what there is, or whatever was generated."""
        if really:
            case.path_parameters.update({k: v for k, v in self.ids.items() if k in case.path_parameters})
        wire = case.as_transport_kwargs(base_url="http://desk.example")
        keep = ("method", "url", "params", "json", "data", "headers")
        body = {"content": wire["data"]} if isinstance(wire.get("data"), bytes) else {}
        sent = {k: v for k, v in wire.items() if k in keep and v is not None and not (k == "data" and body)} | body
        sent["headers"] = {k: v for k, v in dict(sent["headers"]).items() if k.lower() not in {"cookie", "origin"}}
        transport = httpx2.ASGITransport(app=APP, raise_app_exceptions=False)
        async with httpx2.AsyncClient(
            transport=transport, cookies={"mentiondesk": await signed_in(self.desk.lead)}
        ) as c:
            return await c.request(**sent)


APP = create_app()
SCHEMA = schemathesis.openapi.from_dict(APP.openapi())


def test_nothing_that_is_sent_makes_the_app_crash(world: World) -> None:
    with world.example(), lean_network():
        known = Known(world)
        world.run(known.begin())
        for found in SCHEMA.get_all_operations():
            operation = found.ok()
            if operation.path not in ELSEWHERE:
                hammer(world, known, operation)


def hammer(world: World, known: Known, operation: schemathesis.APIOperation) -> None:
    @settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(case=operation.as_strategy(), really=st.booleans())
    def law(case: schemathesis.Case, really: bool) -> None:
        answer = world.run(known.ask(case, really=really))
        assert answer.status_code < 500, f"{case.method} {case.formatted_path}: {answer.text}"
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"]

    law()


def operations() -> list[str]:
    """Every operation that is asked over HTTP alone."""
    paths = create_app().openapi()["paths"]
    return sorted(f"{method.upper()} {path}" for path, methods in paths.items() for method in methods)


def test_every_operation_is_described() -> None:
    assert len(operations()) > 60
    assert all(re.match(r"[A-Z]+ /api/v1/", name) for name in operations())
