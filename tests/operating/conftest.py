"""One installation for all tests of running it: `serve` in a process of its own, JSON lines, a mention and an answer."""

import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.operating.first_release import PASSWORD, Desk, connect, people, url_of
from tests.operating.receiver import Receiver
from tests.running import Running, running
from tests.sandbox.live import Sandbox, start_sandbox

TOKEN = "a-token-for-the-monitoring"
ASKED = "the-id-of-one-request"


@dataclass
class Installation:
    """A running product that has taken a mention in and sent an answer out."""

    product: Running
    desk: Desk
    sandbox: Sandbox
    ticket_id: str
    sentry: Receiver
    secrets: tuple[str, ...]

    @property
    def url(self) -> str:
        return url_of(self.product.data)

    def lines(self) -> list[dict[str, Any]]:
        """Everything the process has said, each line read as JSON."""
        return [json.loads(line) for line in list(self.product.said)]

    def metrics(self) -> str:
        answer = httpx2.get(
            f"{self.product.console}/metrics", headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False
        )
        assert answer.status_code == 200, answer.text
        return answer.text


def until(wanted: Callable[[], Any], seconds: float = 120.0) -> Any:
    """What `wanted` answers once it is something."""
    deadline = time.monotonic() + seconds
    while not (found := wanted()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
    return found


def families(page: str) -> set[str]:
    """The names of every series on a page of metrics, and of those that have nothing to say now."""
    return set(re.findall(r"^(?:# TYPE )?([a-z_]+)(?:\{| )", page, flags=re.MULTILINE))


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    data = tmp_path_factory.mktemp("operating") / "data"
    receiver = Receiver()
    settings = {
        "allow_private_networks": "true",
        "undo_seconds": "0",
        "log_json": "true",
        "metrics_token": TOKEN,
        "sentry_dsn": receiver.dsn,
        "sentry_traces": "1",
    }
    with (
        receiver,
        start_sandbox() as sandbox,
        running(data, "serve", "--port", "0", wait_for="Ready:", settings=settings) as product,
    ):
        brand = sandbox.brand("acme")
        desk = Desk(product.console)
        people(desk)
        connect(desk, desk.ask("GET", "/brands")[0]["id"], sandbox, brand)
        sandbox.post_as("nora", "@acme it is down")
        ticket_id = desk.tickets(1)[0]["id"]
        desk.http.headers["X-Request-Id"] = ASKED
        desk.send(ticket_id, "We are looking into it")
        del desk.http.headers["X-Request-Id"]
        until(lambda: sandbox.posts(author="acme"))
        until(lambda: desk.ask("GET", f"/tickets/{ticket_id}/replies")[0]["state"] == "sent")
        secrets = (brand.token, PASSWORD, TOKEN, *desk.http.cookies.values())
        yield Installation(product, desk, sandbox, ticket_id, receiver, secrets)
        desk.http.close()


@pytest.fixture(scope="session")
def operations() -> Path:
    """Where dashboards and alert rules are."""
    return Path(__file__).parent.parent.parent / "docs" / "operations"
