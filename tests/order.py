"""Which tests go to which of several workers, and when: what shares costly things stays together, what takes long is first."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/e2e/": "a browser and a desk",
    "tests/processes/test_pooler.py": "a pooler",
    "tests/processes/test_share.py": "",
    "tests/processes/": "a house of processes",
    "tests/operating/test_image_steps.py": "an image",
    "tests/operating/test_upgrade.py": "",
    "tests/operating/": "an installation",
    "tests/core/test_embedded.py": "a cluster",
}
"""Tests that share what a fixture starts for all of them, by where they are, the first that fits; it is started once
when one worker has them all. Nothing is shared where there are no words."""
LONG = (
    "tests/operating/test_upgrade.py",
    "tests/test_life.py",
    "tests/security/test_leaks.py",
    "tests/security/test_key_rotation.py",
    "tests/access/test_generated_client.py",
    "tests/fuzz/test_api.py",
    "tests/test_contract.py",
    "tests/test_migrations.py",
    "tests/machines/",
    "tests/sandbox/test_page_browser.py",
)
"""Single tests that take seconds: begun last, they would keep one worker busy while the others have nothing to do."""


def group(nodeid: str) -> str:
    """What the test shares with others, in words; empty for one that shares nothing."""
    return next((words for place, words in TOGETHER.items() if nodeid.startswith(place)), "")


def _rank(item: pytest.Item) -> int:
    if words := group(item.nodeid):
        return list(TOGETHER.values()).index(words)
    return len(TOGETHER) + (not item.nodeid.startswith(LONG))


class Groups(LoadScopeScheduling):
    """xdist's own loadgroup with the groups from here: it writes them into the names of tests, which pytest 9.2 ignores."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid) or nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Groups:
    """Deal the tests out by group, in the order of collection."""
    config.option.loadscopereorder = False
    return Groups(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order them for several workers; within its rank each keeps the place that chance has given it already."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        items.sort(key=_rank)
