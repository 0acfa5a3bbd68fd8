"""The operator's paths: who may look, who may act, and what is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hmac import compare_digest
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.server.admission import Lane
from clinic_desktop.server.operator import details, overview, sessions
from clinic_desktop.server.operator.frame import HEADERS, PATH, View, page
from clinic_desktop.server.operator.words import language_of
from clinic_desktop.server.serving import Serving, log, tell
from clinic_desktop.sync import central, enrolment, overseeing, parking
from clinic_desktop.sync.errors import Busy, Refused
from clinic_desktop.sync.overseeing import SiteRow
from clinic_desktop.wording import sentence

Page = Callable[[Request, Serving, View], Awaitable[Response]]
_STATIC = {"operator.css": "text/css", "operator.js": "text/javascript", "mark.svg": "image/svg+xml"}
_MOST_FORM = 8 << 10
_FORM = "application/x-www-form-urlencoded"


def routes() -> list[Route]:
    """The operator's paths."""
    looks: dict[str, Page] = {"": _overview, "/live": _live, "/sites/new": _new_site, "/sites/{site_id:uuid}": _site, "/parked": _parked}
    acts: dict[str, Page] = {
        "/logout": _log_out,
        "/sites/new": _make_code,
        "/sites/{site_id:uuid}/revoke": _revoke,
        "/parked/{parked_id:uuid}/retry": _retry,
        "/parked/{parked_id:uuid}/discard": _discard,
    }
    return [
        Route("/", lambda _request: RedirectResponse(PATH)),
        Route(PATH + "/login", _safely(_log_in), methods=["POST"]),
        Route(PATH + "/login", lambda _request: RedirectResponse(PATH, 303)),
        Route(PATH + "/static/{name}", _static),
        *[Route(PATH + path, _safely(_entered(look))) for path, look in looks.items()],
        *[Route(PATH + path, _safely(_entered(act, acts=True)), methods=["POST"]) for path, act in acts.items()],
    ]


def _safely(look: Page) -> Callable[[Request], Awaitable[Response]]:
    """A page that fails says so and shows nothing of why; the log has it."""

    async def endpoint(request: Request) -> Response:
        serving: Serving = request.app.state.serving
        view = View(language_of(request.headers.get("accept-language", "")), serving.database.clock())
        try:
            if request.method == "POST" and not _is_ours(request):
                tell("refused", verb="operator", code="foreign_form", address=_address(request))
                return Response("this form came from another page\n", 403, headers=HEADERS)
            return await look(request, serving, view)
        except Busy as busy:
            seconds = str(int(busy.params["retry_after"]) + 1)
            return Response("busy: try again in a moment\n", 503, headers={**HEADERS, "Retry-After": seconds})
        except Exception:
            log.exception("a page failed")
            return Response("this did not work: the server's log says why\n", 500, headers=HEADERS)

    return endpoint


def _entered(look: Page, *, acts: bool = False) -> Page:
    """Only with an open session; what acts must also bring the session's own word."""

    async def guarded(request: Request, serving: Serving, view: View) -> Response:
        cookie = request.cookies.get(sessions.COOKIE, "")
        known = await _do(serving, sessions.session_of, serving.database, cookie) if cookie else None
        if known is None:
            if request.url.path.endswith("/live"):
                return JSONResponse({}, 401, headers=HEADERS)
            if acts:
                return RedirectResponse(PATH, 303, headers=HEADERS)
            return page(view, view.language.gettext("Log in"), details.login(view, {}), status=401 if request.url.path != PATH else 200)
        if acts:
            request.state.form = await _form(request)
            if not compare_digest(request.state.form.get("form_token", ""), known.form_token):
                tell("refused", verb="operator", code="form_token", address=_address(request))
                return Response("this form is not of this session: go back and open the page again\n", 403, headers=HEADERS)
        return await look(request, serving, replace(view, form_token=known.form_token))

    return guarded


async def _log_in(request: Request, serving: Serving, view: View) -> Response:
    typed = (await _form(request)).get("password", "")
    try:
        entered = await _do(serving, sessions.log_in, serving.database, _address(request), typed)
    except ClinicError as error:
        tell("refused", verb="operator", code=error.code, address=_address(request))
        return page(view, view.language.gettext("Log in"), details.login(view, {"password": _said(view, error)}), status=403)
    tell("operator_logged_in", address=_address(request))
    response = RedirectResponse(PATH, 303, headers=HEADERS)
    lasts = int(sessions.LASTS.total_seconds())
    response.set_cookie(sessions.COOKIE, entered.cookie, max_age=lasts, path="/", secure=True, httponly=True, samesite="strict")
    return response


async def _log_out(request: Request, serving: Serving, view: View) -> Response:
    await _do(serving, sessions.log_out, serving.database, request.cookies.get(sessions.COOKIE, ""))
    response = RedirectResponse(PATH, 303, headers=HEADERS)
    response.delete_cookie(sessions.COOKIE, path="/", secure=True, httponly=True, samesite="strict")
    return response


async def _overview(request: Request, serving: Serving, view: View) -> Response:
    seen = await _do(serving, _read, serving, overview.look, view)
    return page(view, view.language.gettext("Sites"), overview.body(view, seen), live=True)


async def _live(request: Request, serving: Serving, view: View) -> Response:
    seen = await _do(serving, _read, serving, overview.look, view)
    return JSONResponse({"parts": overview.parts(view, seen), "alarms": overview.alarms(view, seen)}, headers=HEADERS)


async def _site(request: Request, serving: Serving, view: View, problems: details.Problems | None = None) -> Response:
    found = await _found(request, serving)
    if found is None:
        return RedirectResponse(PATH, 303, headers=HEADERS)
    typed = getattr(request.state, "form", {})
    shown = details.site(view, found, problems or {}, typed)
    return page(view, f"{found.code} · {found.name}", shown, status=422 if problems else 200)


async def _revoke(request: Request, serving: Serving, view: View) -> Response:
    found = await _found(request, serving)
    typed: Mapping[str, str] = request.state.form
    if found is None:
        return RedirectResponse(PATH, 303, headers=HEADERS)
    if not _confirmed(typed, found.code):
        return await _site(request, serving, view, {"confirm": view.language.gettext("This is not the code of this site.")})
    try:
        by = enrolment.operator()
        await _do(serving, serving.database.run, by, enrolment.revoke, site_id=found.site_id, reason=typed.get("reason", ""))
    except ClinicError as error:
        return await _site(request, serving, view, {"reason": _said(view, error)})
    tell("revoked", site=found.site_id, code=found.code)
    return RedirectResponse(f"{PATH}/sites/{found.site_id}", 303, headers=HEADERS)


async def _new_site(request: Request, serving: Serving, view: View, problems: details.Problems | None = None) -> Response:
    typed: dict[str, str] = dict(getattr(request.state, "form", {}))
    wanted = request.query_params.get("again") or (typed.get("code") if typed.get("again") else None)
    every = await _do(serving, _read, serving, lambda session, _view: overseeing.sites(session), view)
    again = next((one for one in every if one.code == wanted), None)
    if again is not None:
        typed = {"name": again.name, **typed, "code": again.code}
    shown = details.new_site(view, problems or {}, typed, again)
    return page(view, view.language.gettext("New site"), shown, status=422 if problems else 200)


async def _make_code(request: Request, serving: Serving, view: View) -> Response:
    typed: Mapping[str, str] = request.state.form
    wanted: dict[str, Any] = {
        "code": typed.get("code", ""),
        "name": typed.get("name", ""),
        "keeps_shared_data": bool(typed.get("keeps")),
        "again": bool(typed.get("again")),
        "pin": serving.spec.pin,
    }
    try:
        made = await _do(serving, serving.database.run, enrolment.operator(), enrolment.make_code, serving.codes_key, **wanted)
    except ClinicError as error:
        return await _new_site(request, serving, view, {error.field or "code": _said(view, error)})
    code = enrolment.site_code(wanted["code"])
    tell("code_made", code=code)
    return page(
        view, view.language.gettext("New site"), details.shown_code(view, made.text, code, wanted["name"].strip(), _own_address(request))
    )


async def _parked(request: Request, serving: Serving, view: View, problem: str = "") -> Response:
    rows = await _do(serving, _read, serving, lambda session, _view: overseeing.parked(session), view)
    return page(view, view.language.gettext("Parked changes"), details.parked(view, rows, {"": problem}), status=422 if problem else 200)


async def _retry(request: Request, serving: Serving, view: View) -> Response:
    parked_id: UUID = request.path_params["parked_id"]
    rows = await _do(serving, _read, serving, lambda session, _view: overseeing.parked(session), view)
    is_open = any(one.id == parked_id for one in rows)  # else somebody has seen to it, and the list says so
    if is_open and not await _do(serving, _tried_again, serving, parked_id):
        return await _parked(request, serving, view, view.language.gettext("It still cannot be taken."))
    return RedirectResponse(PATH + "/parked", 303, headers=HEADERS)


def _tried_again(serving: Serving, parked_id: UUID) -> bool:
    try:
        return central.retry(serving.database, parked_id)
    except Refused:
        return False  # it cannot even be read


async def _discard(request: Request, serving: Serving, view: View) -> Response:
    parked_id: UUID = request.path_params["parked_id"]
    rows = await _do(serving, _read, serving, lambda session, _view: overseeing.parked(session), view)
    found = next((one for one in rows if one.id == parked_id), None)
    if found is not None and not _confirmed(request.state.form, found.site_code):
        return await _parked(request, serving, view, view.language.gettext("This is not the code of this site."))
    if found is not None:
        await _do(serving, serving.database.run, enrolment.operator(), parking.discard, parked_id=parked_id)
        tell("discarded", parked=parked_id)
    return RedirectResponse(PATH + "/parked", 303, headers=HEADERS)


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC:
        return Response("", 404)
    headers = {"Cache-Control": "max-age=86400", "X-Content-Type-Options": "nosniff"}
    return FileResponse(resource_path(f"central/{name}"), media_type=_STATIC[name], headers=headers)


async def _found(request: Request, serving: Serving) -> SiteRow | None:
    site_id: UUID = request.path_params["site_id"]
    found: SiteRow | None = await _do(serving, _read, serving, lambda session, _view: overseeing.site(session, site_id), None)
    return found


async def _do(serving: Serving, work: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    return await serving.admission.do(Lane.OPERATOR, None, work, *args, **kwargs)


def _read(serving: Serving, look: Callable[..., Any], view: View | None) -> Any:
    with serving.database.read() as session:
        return look(session, view)


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form; nothing of one that is too long or of another kind."""
    if request.headers.get("content-type", "").partition(";")[0] != _FORM:
        return {}
    parts = bytearray()
    async with asyncio.timeout(20):
        async for part in request.stream():
            parts += part
            if len(parts) > _MOST_FORM:
                return {}
    fields = parse_qs(parts.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    return {name: values[0] for name, values in fields.items()}


def _is_ours(request: Request) -> bool:
    """Whether a form was sent from a page of this host: browsers say so themselves."""
    origin, fetched = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if fetched not in (None, "same-origin"):
        return False
    return origin is None or origin == f"{request.url.scheme}://{request.headers.get('host', '')}"


def _confirmed(typed: Mapping[str, str], code: str) -> bool:
    return typed.get("confirm", "").strip().upper() == code


def _said(view: View, error: ClinicError) -> str:
    return sentence(error, view.language)


def _own_address(request: Request) -> str:
    """This server's address as the operator's browser knows it, in the form in which a site takes it."""
    return request.url.netloc if request.url.port is not None else f"https://{request.url.netloc}"


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"
