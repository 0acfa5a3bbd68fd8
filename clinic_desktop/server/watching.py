"""For whoever watches the server: is it alive, can it work, and its figures."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clinic_desktop import __version__
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.server.admission import Lane
from clinic_desktop.server.figures import CONTENT_TYPE
from clinic_desktop.server.serving import Serving
from clinic_desktop.sync import overseeing
from clinic_desktop.sync.peers import CentralOperator


def routes() -> list[Route]:
    """The paths that are asked by machines of the same house."""
    return [*health(), Route("/metrics", _metrics)]


def health() -> list[Route]:
    """Those that need no token."""
    return [Route("/health", _health), Route("/ready", _ready)]


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "version": __version__})


async def _ready(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    try:
        ready = not serving.is_stopping and await serving.admission.do(Lane.OPERATOR, None, is_current, serving.database)
    except Exception:  # whatever keeps it from answering, it is not ready
        ready = False
    return JSONResponse({"status": "ready" if ready else "not ready"}, 200 if ready else 503)


async def _metrics(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    _, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        page = await serving.admission.do(Lane.OPERATOR, None, _figures, serving, token)
    except ClinicError:
        page = b""
    if page is None:
        return Response("this needs the token that “clinic central metrics-token” gives\n", 401, {"WWW-Authenticate": "Bearer"})
    return Response(page, 200 if page else 503, media_type=CONTENT_TYPE)


def _figures(serving: Serving, token: str) -> bytes | None:
    with serving.database.read() as session:
        known = session.get_one(CentralOperator, 1).metrics_hash
        if not compare_digest(known, sha256(token.encode()).digest()):
            return None
        return serving.figures.page(overseeing.sites(session), serving.database.clock())
