"""The figures of a central server as Prometheus reads them; several worker processes add theirs up."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from clinic_desktop.sync.overseeing import SiteRow

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Where worker processes put what they count; its reader names the variable."""
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Figures:
    """What is counted here; what can be read from the database is read when somebody asks."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    answers: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    received: Counter = field(init=False)
    sent: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.answers = Counter(
            "clinic_central_answers", "Answers by what was asked and how it went.", ("verb", "code"), registry=self.registry
        )
        self.seconds = Histogram("clinic_central_seconds", "Seconds to an answer.", ("verb",), registry=self.registry, buckets=_SECONDS)
        self.received = Counter("clinic_central_received_bytes", "Bytes of questions.", ("verb",), registry=self.registry)
        self.sent = Counter("clinic_central_sent_bytes", "Bytes of answers.", ("verb",), registry=self.registry)

    def page(self, sites: Iterable[SiteRow], now: datetime) -> bytes:
        """All figures as text."""
        registry = self.registry
        if os.environ.get(SHARED_FOLDER):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry) + generate_latest(_Sites(list(sites), now))


class _Sites(CollectorRegistry):
    """The figures of the sites, as the database has them."""

    def __init__(self, sites: list[SiteRow], now: datetime) -> None:
        super().__init__()
        self._sites, self._now = sites, now

    def collect(self) -> Iterator[Metric]:
        """One family after the other."""
        silence = GaugeMetricFamily("clinic_central_site_silence_seconds", "Since the last contact.", labels=("site",))
        families = {
            "lag": GaugeMetricFamily("clinic_central_site_lag", "Change sets of central that the site has not read.", labels=("site",)),
            "unsent": GaugeMetricFamily(
                "clinic_central_site_unsent", "Change sets that it had not sent when last heard of.", labels=("site",)
            ),
            "parked": GaugeMetricFamily("clinic_central_site_parked", "Change sets of it that wait for a person.", labels=("site",)),
        }
        for one in self._sites:
            if one.revoked_at is None:
                silence.add_metric([one.code], (self._now - one.heard_at).total_seconds())
                for name, family in families.items():
                    family.add_metric([one.code], getattr(one, name))
        yield silence
        yield from families.values()
