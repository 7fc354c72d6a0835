"""Two ad platforms beside the demo's site: where destinations may send, and a page of what arrived there."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import to_json
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates

from swapboard.clock import Millis
from swapboard.conversions.destinations.request import Answer
from swapboard.conversions.destinations.request import Request as Told
from swapboard.demo.stand_ins.analytics import Analytics
from swapboard.demo.stand_ins.data_manager import DataManager

MEASUREMENT_ID = "G-BRIGHTWTR1"
CUSTOMER_ID, ACTION_ID = "1234567890", "987654321"
MOST_SHOWN = 50
ANALYTICS_PATH, ADS_PATH = "/platforms/analytics", "/platforms/google-ads"


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform as the page shows it: what to type in at Swapboard, and what is there, the latest first."""

    name: str
    settings: Mapping[str, str]
    arrived: Sequence[str]
    refused: Sequence[str]


class Platforms:
    """Both, for one run of the demo: what they were told is forgotten with it."""

    def __init__(self, site_url: str, clock: Callable[[], Millis]) -> None:
        self._site_url = site_url
        self._analytics = Analytics(MEASUREMENT_ID, "demo-api-secret", clock)
        self._ads = DataManager({CUSTOMER_ID: ACTION_ID}, refresh_token="demo-refresh-token")  # noqa: S106 the demo's

    def routes(self, templates: Jinja2Templates) -> list[Route]:
        """The page, and each platform's doors."""

        async def show(request: Request) -> Response:
            facts = {"platforms": self._shown()}
            return templates.TemplateResponse(
                request, "platforms.html", facts, headers={"Cache-Control": "no-store"}
            )

        return [
            Route("/platforms", show),
            Route(f"{ANALYTICS_PATH}/{{path:path}}", _door(ANALYTICS_PATH, self._analytics), methods=["POST"]),
            Route(f"{ADS_PATH}/{{path:path}}", _door(ADS_PATH, self._ads), methods=["GET", "POST"]),
        ]

    def _shown(self) -> Sequence[Platform]:
        analytics, ads = self._analytics, self._ads
        analytics_settings = {
            "Measurement ID": MEASUREMENT_ID,
            "API secret": analytics.api_secret,
            "Address": self._site_url + ANALYTICS_PATH,
        }
        ads_settings = {
            "Customer ID": CUSTOMER_ID,
            "Conversion action ID": ACTION_ID,
            "OAuth client ID": "demo-client",
            "OAuth client secret": "demo-client-secret",
            "Refresh token": ads.refresh_token,
            "Address": self._site_url + ADS_PATH,
            "Address for access": f"{self._site_url}{ADS_PATH}/token",
        }
        counted = [each.model_dump(by_alias=True, exclude_defaults=True) for each in ads.kept.values()]
        return (
            Platform("Google Analytics 4", analytics_settings, _latest(analytics.kept), analytics.dropped[-5:]),
            Platform("Google Ads", ads_settings, _latest(counted), ads.refused[-5:]),
        )


def analytics_cookies(now: Millis, chance: int) -> Mapping[str, str]:
    """The cookies that Analytics' tag would set on the site for a new visitor; `chance` tells them apart."""
    seconds = now // 1000
    return {
        "_ga": f"GA1.1.{chance}.{seconds}",
        f"_ga_{MEASUREMENT_ID.removeprefix('G-')}": f"GS2.1.s{seconds}$o1$g0$t{seconds}$j60$l0$h0",
    }


def _door(prefix: str, platform: Callable[[Told], Answer]) -> Callable[[Request], Awaitable[Response]]:
    """Gives the platform what comes in, with the path as it is at the real one."""

    async def answer(request: Request) -> Response:
        path = request.url.path.removeprefix(prefix)
        url = f"{path}?{request.url.query}" if request.url.query else path
        headers = {"Authorization": request.headers.get("authorization", "")}
        told = platform(Told(request.method, url, headers, await request.body()))
        return Response(told.body, told.status, media_type="application/json")

    return answer


def _latest(documents: Sequence[object]) -> Sequence[str]:
    return [to_json(each, indent=2).decode() for each in list(documents)[::-1][:MOST_SHOWN]]
