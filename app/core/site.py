"""The built console, served by the app itself: long caching for hashed files, a strict policy for the page."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI, Response
from fastapi.responses import FileResponse, PlainTextResponse
from starlette.staticfiles import StaticFiles

from app.core.http import NoSuchPage

CONSOLE: Final = Path(__file__).parent.parent / "console"
_POLICY: Final = "; ".join(  # noqa: FLY002 - one line a rule
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' https: http: data: blob:",  # posts' own pictures, from wherever their server keeps them
        "media-src https: http: blob:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ),
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
_ASSET_CACHE: Final = "public, max-age=31536000, immutable"
_NOT_BUILT: Final = "The console is not built. Run `make run`, or `npm ci && npm run build` in frontend/.\n"


class _Assets(StaticFiles):
    """Files whose names change with their content."""

    def file_response(self, *args: object, **kwargs: object) -> Response:
        """Let browsers keep it for a year."""
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["Cache-Control"] = _ASSET_CACHE
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer


def _file(folder: Path, path: str) -> Path | None:
    """The built file at this address; null for none, and for what lies elsewhere or is no name at all."""
    try:
        file = (folder / path).resolve()
        return file if path and file.is_file() and file.is_relative_to(folder.resolve()) else None
    except (ValueError, OSError):
        return None


def install_site(app: FastAPI, folder: Path = CONSOLE) -> None:
    """Serve the console for every address that is no API; its own router finds the page."""
    if (folder / "assets").is_dir():
        app.mount("/assets", _Assets(directory=folder / "assets"), name="assets")

    @app.get("/{path:path}", include_in_schema=False)
    def page(path: str) -> Response:
        if path.startswith("api/") or path == "api":
            raise NoSuchPage
        index = folder / "index.html"
        file = _file(folder, path)
        if file is not None:
            return FileResponse(file, headers=_HEADERS)
        if not index.is_file():
            return PlainTextResponse(_NOT_BUILT, status_code=503)
        return FileResponse(index, headers=_HEADERS)
