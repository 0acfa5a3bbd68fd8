"""The ASGI application of one worker process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from clinic_desktop.server import asking, watching
from clinic_desktop.server.operator import pages
from clinic_desktop.server.serving import Serving, Spec, tell


def application(spec: Spec) -> Starlette:
    """The application; its database is opened when it starts, and what is running ends before it stops."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.serving = serving = Serving.begin(spec)
        tell("serving", central=serving.central_id)
        try:
            yield
        finally:
            serving.end()
            tell("stopped", central=serving.central_id)

    return Starlette(routes=[*watching.routes(), *asking.routes(), *pages.routes()], lifespan=lifespan)
