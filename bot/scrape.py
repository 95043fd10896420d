"""The answer to who collects metrics: what this process counted, and what is read at that moment."""

from __future__ import annotations

import asyncio
import platform
import shutil
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

import structlog
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4 as MEDIA_TYPE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot import __version__
from bot.parked import outline
from storage.faults import Fault
from storage.figures import Figures, figures, in_use
from storage.store import Store

__all__ = ["MEDIA_TYPE", "Sources", "scrape"]

log = structlog.get_logger(__name__)

PATIENCE = 5.0  # seconds that the database is waited for: collectors wait ten


@dataclass(frozen=True, slots=True)
class Sources:
    """Where that is found which nobody counts.

    ``poller``: the lease of who asks Telegram for updates; empty where nobody does. ``data``: the database's
    file, where it is one.
    """

    registry: CollectorRegistry
    store: Store
    clock: Callable[[], datetime]
    ready: Callable[[], Awaitable[Mapping[str, str]]]  # part to "" or a sentence about what is wrong with it
    poller: str = ""
    data: Path | None = None


async def scrape(sources: Sources) -> bytes:
    """Write everything in Prometheus' text format, 0.0.4.

    Where the database does not answer, what is in it is left out, so that nobody takes an old figure for a
    new one.
    """
    parts, found, now = dict[str, str](), None, sources.clock()
    try:
        async with asyncio.timeout(PATIENCE):
            parts = dict(await sources.ready())
            found = await figures(sources.store, sources.poller, now)
    except Exception as error:
        log.warning("the database gives no figures", error=outline(error))
        parts["database"] = parts.get("database") or Fault.AWAY.told
    read = (*_of_parts(parts), *_of_process(sources), *(_of_rows(sources, found, now) if found else ()))
    # 5,000 lines take 40 ms, for which nobody else should wait
    return await asyncio.to_thread(generate_latest, _Together(sources.registry, read))


@dataclass(frozen=True, slots=True)
class _Together(Collector):
    counted: CollectorRegistry
    read: tuple[Metric, ...]

    def collect(self) -> Iterator[Metric]:
        """Give both."""
        return chain(self.counted.collect(), self.read)


def _of_parts(parts: Mapping[str, str]) -> Iterator[Metric]:
    ready = _gauge("ready", "1 where a part works, as /readyz says.", "part")
    for part, trouble in parts.items():
        ready.add_metric((part,), not trouble)
    yield ready


def _of_process(sources: Sources) -> Iterator[Metric]:
    build = _gauge("build_info", "What runs, and on what.", "version", "python", "database")
    database = "postgresql" if sources.store.shared else "sqlite"
    build.add_metric((__version__, platform.python_version(), database), 1)
    yield build
    store = sources.store
    yield _counter(
        "database_commits", "Transactions that groups of units were committed in.", store.transactions
    )
    yield _counter("database_units", "Units committed: what belongs to one request.", store.units)
    yield _counter("database_failures", "Writes of which nothing was committed.", store.health.failures)
    if (connections := in_use(store)) is not None:
        yield _one("database_connections", "Connections to the server that are in use.", connections)
    if sources.data is not None:
        disk = shutil.disk_usage(sources.data.parent)
        yield _one("disk_free_bytes", "Free where the data are.", disk.free)
        yield _one("disk_size_bytes", "All that fits where the data are.", disk.total)
    yield from ProcessCollector(registry=None).collect()


def _of_rows(sources: Sources, found: Figures, now: datetime) -> Iterator[Metric]:
    """Give what the rows say, which is the same whichever process is asked."""
    labels = ("queue", "face")
    waiting = _gauge("queue_waiting", "What waits to be sent or run.", *labels)
    tried = _gauge("queue_retrying", "What waits after a try that failed.", *labels)
    oldest = _gauge("queue_oldest_seconds", "How long what waits longest has waited.", *labels)
    dead = _gauge("dead_letters", "What was given up in the last 30 days.", *labels)
    for key, backlog in found.backlogs.items():
        waiting.add_metric(key, backlog.waiting)
        tried.add_metric(key, backlog.tried)
        oldest.add_metric(key, (now - (backlog.oldest or now)).total_seconds())
        dead.add_metric(key, backlog.dead)
    yield from (waiting, tried, oldest, dead)
    yield _one("database_size_bytes", "How large the database is.", found.size)
    if sources.poller:
        yield _one("poller_held", "1 while some process asks Telegram for updates.", found.held)


def _gauge(name: str, told: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"qr_gen_{name}", told, labels=labels)


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"qr_gen_{name}", told, value=value)


def _counter(name: str, told: str, value: float) -> Metric:
    return CounterMetricFamily(f"qr_gen_{name}", told, value=value)
