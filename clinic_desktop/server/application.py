"""The ASGI application of one worker process."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from clinic_desktop.kernel.beside import Beside
from clinic_desktop.server import asking, watching
from clinic_desktop.server.backing_up import Backups
from clinic_desktop.server.onward import Onward
from clinic_desktop.server.operator import pages
from clinic_desktop.server.renewing import Renewing
from clinic_desktop.server.serving import Serving, Spec, tell
from clinic_desktop.server.sweeping import Sweeps


def application(spec: Spec) -> Starlette:
    """The application, with its database open; what is running ends before it stops. Raises what opening the database raises."""
    serving = Serving.begin(spec)  # not when it starts: uvicorn would tell a refusal as a fault of the program

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.serving = serving
        beside: list[Beside] = []
        if spec.is_lan:
            beside = [Renewing(serving), Onward(serving.database), Backups(serving.database, spec.folder), Sweeps(serving.database)]
        for one in beside:
            one.start()
        tell("serving", central=serving.central_id)
        try:
            yield
        finally:
            for one in beside:
                one.stop()
            serving.end()
            tell("stopped", central=serving.central_id)

    # Beside a clinic's own server there is no operator: its administrators see the copies in the program.
    own = watching.health() if spec.is_lan else [*watching.routes(), *pages.routes()]
    return Starlette(routes=[*own, *asking.routes()], lifespan=lifespan)
