"""The app, served until it is interrupted."""

import socket
import threading
import time
from typing import TYPE_CHECKING

from advisor.api import Advisor
from advisor.errors import AdvisorError
from advisor.server.app import create_app
from advisor.storage.conversations import Conversations

if TYPE_CHECKING:
    from uvicorn import Server


def serve(advisor: Advisor, host: str, port: int) -> None:
    """Serve the page until it is interrupted. Raises `AdvisorError` when the address cannot be used."""
    import uvicorn

    _require_free(host, port)
    app = create_app(advisor, Conversations(advisor.settings.conversations))
    server = uvicorn.Server(
        uvicorn.Config(app, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=2)
    )
    threading.Thread(target=_tell, args=(server, advisor, opened_at(host, port)), daemon=True).start()
    server.run()


def opened_at(host: str, port: int) -> str:
    """Where the page is opened on this machine."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}.get(host, host)  # noqa: S104
    return f"http://{f'[{here}]' if ':' in here else here}:{port}"


def _tell(server: "Server", advisor: Advisor, address: str) -> None:
    """Tell on the terminal where the page is, and when all that a first message needs is loaded."""
    while not server.started:
        time.sleep(0.01)
    print(f"The advisor is at {address} (stop it with Ctrl-C). It is warming up.", flush=True)
    advisor.ask("Which role is on call?")
    print("It is ready.", flush=True)


def _require_free(host: str, port: int) -> None:
    """Raises `AdvisorError` when nothing can listen at the address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise AdvisorError(
            f"{host} port {port} cannot be used: {error.strerror or error}. "
            "Choose others with --host and --port, or stop what listens there."
        ) from error
