"""What a process counts about itself while it works, in one registry; the labels are few and never a person's or a ticket's."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector

REGISTRY: Final = CollectorRegistry(auto_describe=True)
ProcessCollector(registry=REGISTRY)
PlatformCollector(registry=REGISTRY)
GCCollector(registry=REGISTRY)

_REQUEST_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 10.0)
_STEP_BUCKETS: Final = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 20.0, 60.0)

_requests: Final = Histogram(
    "mentiondesk_http_request_seconds",
    "How long requests took, by the template of their address and the class of their status.",
    ("method", "route", "status"),
    registry=REGISTRY,
    buckets=_REQUEST_BUCKETS,
)
_steps: Final = Histogram(
    "mentiondesk_loop_step_seconds",
    "How long the steps of a worker's loop took that found something to do.",
    ("loop",),
    registry=REGISTRY,
    buckets=_STEP_BUCKETS,
)
_failures: Final = Counter(
    "mentiondesk_loop_failures_total", "Steps of a worker's loop that failed.", ("loop",), registry=REGISTRY
)
_looked: Final = Gauge(
    "mentiondesk_loop_looked_timestamp_seconds",
    "When a worker's loop last looked whether something is due.",
    ("loop",),
    registry=REGISTRY,
)
_polls: Final = Counter(
    "mentiondesk_polls_total",
    "Readings of an account, by what came of them.",
    ("network", "outcome"),
    registry=REGISTRY,
)
_posts: Final = Counter(
    "mentiondesk_posts_taken_total", "Posts taken in that were not known before.", ("network",), registry=REGISTRY
)
_deliveries: Final = Counter(
    "mentiondesk_deliveries_total",
    "Attempts to publish a reply, by what came of them.",
    ("network", "outcome"),
    registry=REGISTRY,
)
_incoming: Final = Counter(
    "mentiondesk_incoming_requests_total",
    "Requests of networks to the addresses of accounts, by what came of them.",
    ("network", "outcome"),
    registry=REGISTRY,
)


_asked_by_keys: Final = Counter(
    "mentiondesk_key_requests_total", "Requests of other systems, by the id of their key.", ("key",), registry=REGISTRY
)


def key_asked(key_id: str) -> None:
    """A key that works asked something; there are at most a few hundred."""
    _asked_by_keys.labels(key_id).inc()


_hooks: Final = Counter(
    "mentiondesk_webhook_attempts_total",
    "Requests to webhooks, by what came of them.",
    ("outcome",),
    registry=REGISTRY,
)


def requested(method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered; `route` is a template from our own routers."""
    _requests.labels(method, route, f"{status // 100}xx").observe(seconds)


@contextmanager
def stepping(loop: str) -> Iterator[list[bool]]:
    """Measure one step of a loop; the caller appends whether there was something to do."""
    worked: list[bool] = []
    began = time.perf_counter()
    yield worked
    if any(worked):
        _steps.labels(loop).observe(time.perf_counter() - began)
    _looked.labels(loop).set_to_current_time()


def step_failed(loop: str) -> None:
    """A step of a loop raised."""
    _failures.labels(loop).inc()


def loop_begins(loop: str) -> None:
    """Show a loop from its start, with nothing done and nothing failed."""
    _steps.labels(loop)
    _failures.labels(loop)


def polled(network: str, outcome: str) -> None:
    """An account was read: `read`, or the failure's own name."""
    _polls.labels(network, outcome).inc()


def taken_in(network: str, posts: int) -> None:
    """So many posts were new."""
    _posts.labels(network).inc(posts)


def delivered(network: str, outcome: str) -> None:
    """A reply was handed to its network: `sent`, or the failure's own name."""
    _deliveries.labels(network, outcome).inc()


def came_in(network: str, outcome: str) -> None:
    """A network made a request to an account's address: `happened`, `answered`, or what was wrong with it in a word."""
    _incoming.labels(network, outcome).inc()


def hooked(outcome: str) -> None:
    """A delivery was handed to a webhook: `delivered`, or what went wrong."""
    _hooks.labels(outcome).inc()


_transferred: Final = Counter(
    "mentiondesk_job_lines_total",
    "Lines of imports and exports, by what became of them.",
    ("outcome",),
    registry=REGISTRY,
)


def transferred(outcome: str, lines: int) -> None:
    """So many lines were `exported`, or came to be `import_fresh`, `_already`, `_passed`, `_refused`; counted before the commit."""
    _transferred.labels(outcome).inc(lines)
