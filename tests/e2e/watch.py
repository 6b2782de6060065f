"""What no page may do, whatever a test is about: break, be stopped by its own policy, or talk to another host."""

from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError

_PICTURES = {"image", "media"}


class Watch:
    """Listens to everything a browser does and keeps what it must not do."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.broken: list[str] = []
        self._home = urlsplit(address).netloc
        context.on("weberror", self._on_error)
        context.on("console", self._on_words)
        context.on("request", self._on_request)

    def _on_error(self, error: WebError) -> None:
        self.broken.append(f"the page broke: {error.error}")

    def _on_words(self, message: ConsoleMessage) -> None:
        # A refused request and a lost line are errors in the browser's words, and what some tests are about.
        expected = ("Failed to load resource", "WebSocket connection to")
        if message.type == "error" and not message.text.startswith(expected):
            self.broken.append(f"the console says: {message.text}")

    def _on_request(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.scheme in {"data", "blob"} or url.netloc == self._home:
            return
        if request.is_navigation_request() or urlsplit(request.frame.url).netloc != self._home:
            return  # somebody went elsewhere, as with OAuth
        if request.resource_type not in _PICTURES:  # posts' own pictures come from where their authors are
            self.broken.append(f"a request left for {request.url}")
