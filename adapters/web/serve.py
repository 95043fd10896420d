"""The HTTP application, put together from its routes; who listens where is decided elsewhere."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from adapters.web import designer
from adapters.web import install as installation
from adapters.web import page, parse, pictures
from adapters.web.api import Api
from adapters.web.bodies import SMALL, bounded
from adapters.web.counting import telling
from adapters.web.faults import caught
from adapters.web.guests import Access
from adapters.web.journal import told
from adapters.web.measuring import UNMEASURED, Measuring, Observe, collected, measured
from adapters.web.methods import headed
from adapters.web.origins import shared
from adapters.web.packing import packed
from adapters.web.pages import account, entrance, front
from adapters.web.pages.front import Ways
from adapters.web.problems import install, problem
from adapters.web.reference.routes import routes as reference
from adapters.web.refusals import install_refusals
from adapters.web.routers import routes, stateless
from adapters.web.schemas.content import PICTURE
from adapters.web.security import dressed
from bot.accounts.caller import Accounts
from bot.app import App
from bot.face import Address, Draw
from bot.jobs import Running
from bot.outage import SPARED

Slack = Callable[[Mapping[str, str], bytes], Awaitable[tuple[int, str, str]]]  # to status, body, media type
Telegram = Callable[
    [Mapping[str, str], bytes], Awaitable[tuple[int, Mapping[str, str]]]
]  # to status, headers
Hook = Callable[[Mapping[str, str], bytes], Awaitable[Response]]
Ready = Callable[[], Awaitable[Mapping[str, str]]]  # part to "" or a sentence about what is wrong with it

_POST = 1024 * 1024  # bytes of what a platform posts
_JSON = 64 * 1024  # bytes of a body without pictures
LIMITS = {
    "/chat/say": parse.BODY_LIMIT,
    "/chat/read": parse.BODY_LIMIT,
    "/chat/preview": parse.LOOK_LIMIT,
    "/slack/events": _POST,
    "/telegram/webhook": _POST,
    "/account/{what}": SMALL,  # as all below /account
    "/login": SMALL,
    "/logout": SMALL,
    "/signup": SMALL,
    "/forgot": SMALL,
    "/reset": SMALL,
    "/v1/users": _JSON,
    "/v1/auth": _JSON,
    "/v1/api-keys": _JSON,
    "/v1/invites": _JSON,
    "/v1/codes": 2 * PICTURE + _JSON,
    "/v1/kits": 2 * PICTURE + _JSON,
    "/v1/jobs": _JSON,
    **stateless.LIMITS,
}  # bytes of a body, by the two first parts of its path
_READ = ["GET", "HEAD"]


def build(
    app: App,
    *,
    draw: Draw,
    accounts: Accounts,
    chat: bool,
    guests: bool = True,
    cookie_key: bytes,
    picture_key: bytes,
    public_url: str,
    slack: Slack | None,
    ready: Ready,
    picture_of: pictures.PictureOf | None = None,
    telegram: Telegram | None = None,
    mini: bool = False,
    launch_key: bytes = b"",
    reach: Callable[[str], Address] | None = None,
    installing: installation.Installing | None = None,
    origins: Collection[str] = (),
    running: Running | None = None,
    ways: Ways | None = None,
    measuring: Measuring = UNMEASURED,
) -> ASGIApp:
    """Build the application; a part that is None has no routes, so its addresses answer 404.

    ``chat``: the web chat, which is for loopback unless an operator says otherwise; ``guests``: only this
    machine can come, so nobody has to log in. ``mini``: its page as Telegram's Mini App; ``launch_key`` is
    empty without a bot there, ``reach`` addresses a chat with it. The keys are for one purpose each.
    ``public_url`` is empty where nobody set it. ``origins``: whose pages may use the API. ``running`` is
    closed by who gives it. ``ways``: the ways in that the front page names. ``measuring``: who is told how
    long answers take.
    """
    secure = public_url.startswith("https:")
    layers = around(app, secure, origins, measuring.observe)
    web = FastAPI(title="qr-gen", docs_url=None, redoc_url=None, openapi_url=None, middleware=layers)
    install(web)
    install_refusals(web)
    api = Api(app, draw, accounts, picture_key, public_url, chat and guests, running or Running())
    parts = [reference(lambda: web.routes, public_url), health(ready), collected(measuring)]
    if picture_of is not None:
        parts.append(pictures.routes(picture_key, picture_of, draw, app.clock))
    if installing is not None:
        parts.append(installation.routes(installing))
    access = Access(public_url, cookie_key, launch_key, chat and guests, accounts, reach, chat)
    parts += _pages(app, draw, access, accounts, mini=mini, ways=ways or Ways())
    # Not as included routers: each of their routes would be analysed again, and looked through twice a call.
    web.router.routes += [*routes(api), *(route for part in parts for route in part.routes)]
    web.mount("/static", StaticFiles(directory=page.STATIC))
    return _past(web, _hooks(slack, telegram), secure, measuring.observe)


def _hooks(slack: Slack | None, telegram: Telegram | None) -> dict[str, Hook]:
    """List where platforms post."""
    hooks = {"/slack/events": _events(slack)} if slack is not None else {}
    return hooks | ({"/telegram/webhook": _updates(telegram)} if telegram is not None else {})


def _pages(
    app: App, draw: Draw, access: Access, accounts: Accounts, *, mini: bool, ways: Ways
) -> Iterator[APIRouter]:
    """List what browsers are shown: the front, the ways in, the account, and the chat where it is on."""
    yield page.routes(app, draw, access, chat=access.chat, mini=mini, ways=ways)
    yield front.routes(access.public_url)
    yield entrance.routes(access, accounts, "/" if access.chat else "/account")
    yield account.routes(access, accounts)
    if access.chat or mini:
        yield page.conversation(app, draw, access)
        yield designer.routes(app, draw, access)


def around(
    core: App, secure: bool, origins: Collection[str], observe: Observe | None = None
) -> list[Middleware]:
    """List what every request goes through before it is routed, the outermost first."""
    return [
        Middleware(dressed, secure=secure),
        Middleware(told),
        Middleware(shared, origins=origins),
        Middleware(telling, core=core),
        Middleware(headed),
        Middleware(measured, observe=observe),
        Middleware(packed),
        Middleware(caught),
        Middleware(bounded, limits=LIMITS),
    ]


def aside(ready: Ready, measuring: Measuring) -> ASGIApp:
    """Build what a process without HTTP of its own answers: whether it works, and what it counted."""
    layers = [Middleware(dressed, secure=False), Middleware(caught), Middleware(bounded, limits={})]
    web = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, middleware=layers)
    install(web)
    web.router.routes += [*health(ready).routes, *collected(measuring).routes]
    return web


def health(ready: Ready) -> APIRouter:
    """Tell machines whether the process lives, and whether it can work."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/livez", methods=_READ)
    async def livez() -> Response:
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})

    @router.api_route("/readyz", methods=_READ)
    async def readyz(http: HttpRequest) -> Response:
        parts = await ready()
        failing = {part: why for part, why in parts.items() if why and part not in SPARED}
        headers = {"Cache-Control": "no-store"}
        if failing:
            why, incident = " ".join(failing.values()), http.state.request_id
            return problem(503, why, incident=incident, headers=headers, failing=failing)
        told = {part: why or "ok" for part, why in parts.items()}
        return JSONResponse({"status": "ok", "parts": told}, headers=headers)

    return router


# --- posts of platforms -------------------------------------------------------------------------------------


def _past(app: ASGIApp, hooks: Mapping[str, Hook], secure: bool, observe: Observe | None) -> ASGIApp:
    """Hand platforms' posts over before any routing.

    A platform waits for the answer, and posts many at once; routing costs as much as all that we do with one.
    """
    past = {
        path: dressed(told(measured(caught(bounded(_hooked(hook), LIMITS)), observe, path), path), secure)
        for path, hook in hooks.items()
    }

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        posted = scope["type"] == "http" and scope["method"] == "POST"
        await (past.get(scope["path"], app) if posted else app)(scope, receive, send)

    return serve


def _hooked(hook: Hook) -> ASGIApp:
    """Give a post as it came: signatures are over the raw body."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        http = HttpRequest(scope, receive)
        answer = await hook(http.headers, await http.body())
        await answer(scope, receive, send)

    return serve


def _events(slack: Slack) -> Hook:
    async def receive(headers: Mapping[str, str], raw: bytes) -> Response:
        status, body, media_type = await slack(headers, raw)
        return Response(body, status, media_type=media_type)

    return receive


def _updates(telegram: Telegram) -> Hook:
    async def receive(headers: Mapping[str, str], raw: bytes) -> Response:
        status, more = await telegram(headers, raw)
        return Response("", status, dict(more), "text/plain")

    return receive
