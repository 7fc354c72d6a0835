"""The server under measurement: the real application, and beside the visit's door a bare one.

The bare door reads, checks and parses the same message and answers the same JSON; it classifies nothing,
leases nothing and writes nothing. Settings come from the environment, as in `swapboard serve`.
"""

import uvicorn
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from swapboard.bench.doors import BARE, READY
from swapboard.cli.serve import server_config
from swapboard.memory import settle_memory
from swapboard.settings import read_settings
from swapboard.switchboard.exchange import Exchange
from swapboard.switchboard.scribe import scribe_of
from swapboard.web.app import create_app
from swapboard.web.bodies import json_answer, read_body
from swapboard.web.collector import MAX_BODY_BYTES, parse_visit
from swapboard.web.visits import VisitMessage

_ANSWER = {
    "visitor": "0" * 32,
    "session": "1" * 32,
    "swaps": {"+12025550100": {"number": "+12025550143"}},
    "beat": 20,
}


async def bare(request: Request) -> Response:
    """Parses a visit and answers one, with nothing in between."""
    message: VisitMessage = parse_visit(await read_body(request, MAX_BODY_BYTES))
    return json_answer(_ANSWER if message.targets else {})


def main() -> None:
    """Serve until ended; `python -m swapboard.bench.server`."""
    settings = read_settings()
    scribe = scribe_of(settings)

    async def ready(_request: Request) -> Response:
        """Says whether everything has begun, the process that writes included (204; 503 while it has not)."""
        return Response(status_code=204 if scribe is None or scribe.is_ready else 503)

    app = create_app(Exchange(settings, scribe=scribe))
    app.router.routes.insert(1, Route(BARE, bare, methods=["POST"]))
    app.router.routes.insert(2, Route(READY, ready))
    settle_memory()
    uvicorn.Server(server_config(app, settings, settings.host, settings.port)).run()


if __name__ == "__main__":
    main()
