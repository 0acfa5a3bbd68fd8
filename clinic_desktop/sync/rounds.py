"""A site's whole turn: send and read, look again at what waits here, and read everything once more where central has archived too much."""

from __future__ import annotations

import logging
from collections.abc import Callable

from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.inbox import look_again
from clinic_desktop.sync.loading import Progress, end, is_loading, load
from clinic_desktop.sync.seen import Round
from clinic_desktop.sync.site import Site

log = logging.getLogger(__name__)


def catch_up(site: Site, told: Callable[[Round], None] = lambda _round: None) -> Round:
    """One round; where central has archived what is missing here, all of its rows once more, after what is new here was sent.

    Work goes on meanwhile: this site holds what it held, and every page is a transaction of its own.
    """

    def as_round(progress: Progress) -> None:
        told(Round(pulled=progress.rows))

    try:
        if is_loading(site):
            load(site, as_round)
        return _round(site, told)
    except Refused as refused:
        if refused.reason != "needs_snapshot":
            raise
    log.info("sync: central has archived what is missing here: everything is read once more")
    end(site)
    load(site, as_round)
    return _round(site, told)


def _round(site: Site, told: Callable[[Round], None]) -> Round:
    done = site.round(told)
    look_again(site)
    return done
