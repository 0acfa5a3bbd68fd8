"""The questions of sites: enrolling, the token, and every verb of the protocol. Nothing is believed that a token does not say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.server.admission import Lane
from clinic_desktop.server.answers import AWAY, away, problem, refused, sent
from clinic_desktop.server.serving import Serving, log, tell
from clinic_desktop.sync import enrolment, tokens
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.credentials import CONTENT_TYPE, MOST_BYTES, AskToken, Challenge, Enrol, read, write
from clinic_desktop.sync.doors import count_try, forget_tries
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.wire import MOST_BYTES as MOST_PAGE_BYTES

PREFIX = "/sync/v1"
SMALL_VERBS = frozenset({"hello"})
"""Verbs that cost little: they do not stand in the queue of pushes, first loads and comparisons."""
_COUNTED = frozenset({"enrol", "challenge", "token", "hello", "push", "pull", "digests", "hashes", "rows", "document", "keep"})
"""What figures name; anything else anybody may ask by the thousand is one name."""
_OF_SITE = frozenset({"revoked", "fenced", "other_database", "diverged", "site_went_back", "superseded", "not_owner", "forged"})
"""Refusals that the journal is to remember: somebody comes with what is not theirs, or not theirs any more."""
_ENROL_DOOR = "enrol"


def routes() -> list[Route]:
    """The paths of the protocol."""
    plain: dict[str, Callable[[Request], Any]] = {"enrol": _enrol, "challenge": _challenge, "token": _token}
    named = [Route(f"{PREFIX}/{name}", _answered(name, act), methods=["POST"]) for name, act in plain.items()]
    return [*named, Route(PREFIX + "/{verb}", _answered("", _verb), methods=["POST"])]


def _answered(name: str, act: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Every end of a question: counted, timed, and told in the log where it was refused."""

    async def endpoint(request: Request) -> Response:
        serving: Serving = request.app.state.serving
        verb, begun, code = name or str(request.path_params["verb"])[:40], perf_counter(), "ok"
        try:
            response: Response = await act(request)
        except ClinicError as error:
            response, code = refused(error), _code_of(error)
            _told(serving, request, verb, code)
        except ClientDisconnect:
            response, code = problem(400, "truncated", {}), "truncated"
            _told(serving, request, verb, code)
        except Exception:
            log.exception("a question failed")
            response, code = away(AWAY, "central_failed", 5.0), "failed"
        known = verb if verb in _COUNTED else "unknown"
        serving.figures.answers.labels(known, code).inc()
        serving.figures.seconds.labels(known).observe(perf_counter() - begun)
        serving.figures.received.labels(known).inc(getattr(request.state, "received", 0))
        serving.figures.sent.labels(known).inc(len(response.body))
        return response

    return endpoint


async def _verb(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    verb = str(request.path_params["verb"])
    claim = tokens.read_token(serving.tokens_key, _bearer(request), serving.database.clock(), serving.central_id)
    request.state.site_id = claim.site_id
    body = await _body(request, MOST_PAGE_BYTES)
    lane = Lane.SMALL if verb in SMALL_VERBS else Lane.HEAVY
    return sent(await serving.admission.do(lane, claim.site_id, _asked, serving, claim, verb, body))


def _asked(serving: Serving, claim: tokens.Claim, verb: str, body: bytes) -> bytes:
    with serving.database.read() as session:
        tokens.refuse_fallen(session, claim)
    return answer(serving.database, Caller(claim.site_id, claim.database_id, claim.fence), verb, body)


async def _challenge(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    await _body(request, MOST_BYTES)
    return sent(write(Challenge(tokens.new_challenge(serving.tokens_key, serving.database.clock()), serving.central_id)))


async def _token(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    asked = read(AskToken, await _body(request, MOST_BYTES))
    request.state.site_id = asked.site_id

    def grant(tx: Tx) -> Any:
        return tokens.grant(tx, serving.tokens_key, asked, serving.central_id)

    granted = await serving.admission.do(Lane.SMALL, _address(request), serving.database.run, enrolment.doorkeeper(), grant)
    return sent(write(granted))


async def _enrol(request: Request) -> Response:
    serving: Serving = request.app.state.serving
    address = _address(request)
    asked = read(Enrol, await _body(request, MOST_BYTES))

    def enrol() -> Any:
        by = enrolment.doorkeeper()
        serving.database.run(by, count_try, _ENROL_DOOR, address)

        def take_in(tx: Tx) -> Any:
            made = enrolment.enrol(tx, serving.codes_key, asked)
            forget_tries(tx, _ENROL_DOOR, address)
            return made

        return serving.database.run(by, take_in)

    enrolled = await serving.admission.do(Lane.SMALL, address, enrol)
    tell("enrolled", site=enrolled.site_id, code=enrolled.site_code)
    return sent(write(enrolled))


async def _body(request: Request, most: int) -> bytes:
    """The body, never more than ``most`` bytes of it, and within its time."""
    serving: Serving = request.app.state.serving
    if request.headers.get("content-type", "").partition(";")[0].strip() != CONTENT_TYPE:
        raise Refused("content_type", wanted=CONTENT_TYPE)
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refused("content_type", wanted=CONTENT_TYPE)
    length = request.headers.get("content-length", "0")
    if not length.isdigit() or int(length) > most:
        raise Refused("oversized", most=most)
    try:
        body = await asyncio.wait_for(_read(request, most), serving.spec.limits.body_seconds)
    except TimeoutError as error:
        raise Refused("truncated") from error
    request.state.received = len(body)
    return body


async def _read(request: Request, most: int) -> bytes:
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused("oversized", most=most)
        parts.append(part)
    return b"".join(parts)


def _bearer(request: Request) -> str:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise Refused("token_missing")
    return token.strip()


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "unknown"


def _code_of(error: ClinicError) -> str:
    return error.reason if isinstance(error, Refused) else error.code


def _told(serving: Serving, request: Request, verb: str, code: str) -> None:
    site_id = getattr(request.state, "site_id", None)
    tell("refused", verb=verb, code=code, site=site_id, address=_address(request))
    if code in _OF_SITE and site_id is not None:
        serving.remember_refusal(site_id, code, verb)
