"""Completes package-lock.json with the optional packages of other platforms that the registry at hand did not have.

Without them `npm ci` refuses the lock file everywhere; with them each platform takes the one that fits it.
"""

import json
import re
from pathlib import Path
from typing import Any

_PLATFORM = re.compile(r"[-/](android|darwin|freebsd|linux|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl))?(?:-|$)")
_LIBC = {"gnu": "glibc", "musl": "musl"}


def complete(path: Path) -> list[str]:
    """Add the entries that are missing, keep everything else; answer their names."""
    lock: dict[str, Any] = json.loads(path.read_text())
    packages: dict[str, dict[str, Any]] = lock["packages"]
    missing: dict[str, dict[str, Any]] = {}
    for entry in packages.values():
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
        path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")
    return sorted(missing)
