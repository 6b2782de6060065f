"""Completes package-lock.json with the optional packages of other platforms that the registry at hand did not have.

Without them `npm ci` refuses the lock file everywhere; with them each platform takes the one that fits it. Where authors
take money is left out: a lock file holds versions and hashes, and no address.
"""

import json
import re
from pathlib import Path
from typing import Any

_PLATFORM = re.compile(r"[-/](android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl))?(?:-|$)")
_LIBC = {"gnu": "glibc", "musl": "musl"}


def complete(path: Path) -> list[str]:
    """Add the entries that are missing, and keep everything else but `funding`; answer the names of what was added."""
    before = path.read_text()
    lock: dict[str, Any] = json.loads(before)
    packages: dict[str, dict[str, Any]] = lock["packages"]
    missing: dict[str, dict[str, Any]] = {}
    for entry in packages.values():
        entry.pop("funding", None)
        for name, wanted in entry.get("optionalDependencies", {}).items():
            place = f"node_modules/{name}"
            platform = _PLATFORM.search(name)
            if place in packages or not platform or not re.fullmatch(r"[0-9][0-9A-Za-z.-]*", wanted):
                continue
            system, cpu, libc = platform.groups()
            missing[place] = {
                "version": wanted,
                "cpu": [cpu],
                **({"dev": True} if entry.get("dev") else {}),
                **({"libc": [_LIBC[libc]]} if libc else {}),
                "optional": True,
                "os": [system],
            }
    if missing:
        lock["packages"] = dict(sorted((packages | missing).items()))
    after = json.dumps(lock, indent=2, ensure_ascii=False) + "\n"
    if after != before:
        path.write_text(after)
    return sorted(missing)
