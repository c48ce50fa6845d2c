"""One FastAPI app: the page, the articles it opens, and what is taken away from a conversation."""

import logging
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from advisor.api import Advisor
from advisor.dialogue import Dialogue
from advisor.errors import AdvisorError, CorpusError
from advisor.storage.conversations import Conversations, UnknownConversationError
from advisor.takeaways.files import take_away
from advisor.takeaways.write import NothingToWriteError
from advisor.ui.page import TITLE, build
from advisor.ui.render import Renderer

if TYPE_CHECKING:
    from fastapi import FastAPI, Request, Response

log = logging.getLogger(__name__)

HEADERS: Final = {
    # Gradio's page runs inline scripts and styles of its own; nothing may evaluate code or come from elsewhere.
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; "
        "form-action 'self'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",  # an address may hold the id of a conversation
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
PAPER: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    )
}
"""Of pages that show a document: no inline script, and nothing but our own style sheet and the button that prints."""
NOT_THERE: Final = (CorpusError, UnknownConversationError, NothingToWriteError)
WRONG_ADDRESS: Final = "That address is not one of this page's. Part of it may be missing."
LOOK: Final = files("advisor.ui").joinpath("look")
HEAD: Final = '<link rel="stylesheet" href="look/page.css"><script src="look/page.js" defer></script>'


def create_app(advisor: Advisor, kept: Conversations) -> "FastAPI":
    """The app, to be run by one process: Gradio keeps its queue in memory."""
    import gradio as gr
    from fastapi import FastAPI, Response
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import HTMLResponse
    from fastapi.staticfiles import StaticFiles

    app = FastAPI(title=TITLE, docs_url=None, redoc_url=None, openapi_url=None)
    render = Renderer(advisor)

    @app.middleware("http")
    async def add_headers(request: "Request", call_next: "Callable[[Request], Awaitable[Response]]") -> "Response":
        response = await call_next(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def trouble(request: "Request", why: str, *, absent: bool) -> Response:
        up = "../" * (request.scope["route"].path.count("/") - 1)
        return HTMLResponse(render.trouble(why, up, absent=absent), 404 if absent else 500, PAPER)

    @app.exception_handler(AdvisorError)
    def tell(request: "Request", error: AdvisorError) -> Response:
        absent = isinstance(error, NOT_THERE)
        if not absent:
            log.error("%s could not be shown.", request.scope["route"].path, exc_info=error)
        return trouble(request, str(error), absent=absent)

    @app.exception_handler(RequestValidationError)
    def tell_of_the_address(request: "Request", error: RequestValidationError) -> Response:
        return trouble(request, WRONG_ADDRESS, absent=True)

    @app.get("/articles/{name}")
    def article(name: str, start: int = 0, end: int = 0) -> Response:
        return HTMLResponse(render.article(advisor.article(name), start, end), headers=PAPER)

    @app.get("/conversations/{name}/{document}")
    def taken_away(name: str, document: str) -> Response:
        file = take_away(advisor, Dialogue.resume(advisor, kept, name), document, render.paper)
        shown = "inline" if file.kind == "text/html" else "attachment"
        headers = {
            "Content-Disposition": f'{shown}; filename="{file.name}"',
            "Cache-Control": "no-store",
            **PAPER,
        }
        return Response(file.content, media_type=file.kind, headers=headers)

    app.mount("/look", StaticFiles(directory=str(LOOK)), "look")
    mounted: FastAPI = gr.mount_gradio_app(
        app, build(advisor, kept, render), path="/", head=HEAD, footer_links=[], run_history=False, show_error=False,
        enable_monitoring=False, max_file_size="1kb", ssr_mode=False,
    )  # fmt: skip
    return mounted
