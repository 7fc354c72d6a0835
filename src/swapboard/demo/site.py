"""The invented business's website, on an origin of its own, with ways to arrive and a phone to call from."""

import secrets
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from swapboard.carriers.sandbox.network import DialRequest, NotInService, PhoneNetwork
from swapboard.clock import system_clock
from swapboard.demo.arrivals import ARRIVALS
from swapboard.demo.business import BILLBOARD, COMPANY, TARGET
from swapboard.demo.platforms import Platforms, analytics_cookies
from swapboard.numbers.e164 import NotANumber, international, national, parse_number

_PAGES = Path(__file__).parent / "pages"
_CALLER = "+12125550142"
RING_SECONDS = 4
COOKIE_SECONDS = 90 * 86_400
OUTCOMES = ("answered", "busy", "no-answer")


def create_site(network: PhoneNetwork, board_url: str, script_url: str, platforms: Platforms) -> Starlette:
    """The site, `/arrivals` with ways to come, `/phone` to dial from, `/platforms` that are told of calls."""
    templates = Jinja2Templates(_PAGES)
    templates.env.globals.update(
        company=COMPANY,
        board_url=board_url,
        script_url=script_url,
        number=TARGET,
        national=national(TARGET),
        dotted=national(TARGET).replace("(", "").replace(") ", ".").replace("-", "."),
        international=international(TARGET),
        billboard=national(BILLBOARD),
    )

    def page(name: str) -> Route:
        async def show(request: Request) -> Response:
            answer = templates.TemplateResponse(request, f"{name}.html", headers={"Cache-Control": "no-store"})
            if "_ga" not in request.cookies:
                for cookie, value in analytics_cookies(system_clock(), secrets.randbelow(10**9)).items():
                    answer.set_cookie(cookie, value, COOKIE_SECONDS, samesite="lax")
            return answer

        return Route("/" if name == "home" else f"/{name}", show)

    async def arrivals(request: Request) -> Response:
        ways = [
            (each, each.path.format(click=f"Cj0KCQ{secrets.token_hex(12)}"), quote(each.referrer, safe=""))
            for each in ARRIVALS
        ]
        return templates.TemplateResponse(request, "arrivals.html", {"ways": ways})

    async def phone(request: Request) -> Response:
        facts = {"dialled": request.query_params.get("to", ""), "caller": _CALLER, "outcomes": OUTCOMES}
        return templates.TemplateResponse(request, "phone.html", facts)

    return Starlette(
        routes=[
            *(page(name) for name in ("home", "emergency", "drains", "contact")),
            Route("/arrivals", arrivals),
            Route("/phone", phone),
            *phone_routes(network),
            *platforms.routes(templates),
            Mount("/static", StaticFiles(directory=_PAGES / "static")),
        ]
    )


def phone_routes(network: PhoneNetwork) -> list[Route]:
    """What the phone on the page asks for: dial, look, hang up."""

    async def dial(request: Request) -> Response:
        form = await request.json()
        try:
            to, caller = parse_number(str(form["to"]), "US"), parse_number(str(form["from"]), "US")
            outcome = form["outcome"] if form.get("outcome") in OUTCOMES else OUTCOMES[0]
            call_ref = network.dial(
                DialRequest(to=to, caller=caller, talk_seconds=600, outcome=outcome, ring_seconds=RING_SECONDS)
            )
        except (KeyError, NotANumber) as error:
            return JSONResponse({"error": str(error)}, 400)
        except NotInService as error:
            return JSONResponse({"error": str(error)}, 404)
        return JSONResponse({"call_ref": call_ref}, 201)

    async def look(request: Request) -> Response:
        return JSONResponse({"state": network.state(request.path_params["call_ref"])})

    async def hang_up(request: Request) -> Response:
        network.hang_up(request.path_params["call_ref"])
        return Response(status_code=204)

    return [
        Route("/phone/calls", dial, methods=["POST"]),
        Route("/phone/calls/{call_ref}", look),
        Route("/phone/calls/{call_ref}/hang-up", hang_up, methods=["POST"]),
    ]
