"""Numbers that every request counts: plain ones, which Prometheus is told when it asks. Its own would take a lock each time."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Sequence

from prometheus_client import CollectorRegistry
from prometheus_client.metrics_core import CounterMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString


class Counts(Collector):
    """How often something was, by labels. Only for the event loop's own thread."""

    def __init__(self, name: str, text: str, labels: Sequence[str], *, registry: CollectorRegistry) -> None:
        self._told = name, text, labels
        self._counts: defaultdict[tuple[str, ...], int] = defaultdict(int)
        registry.register(self)

    def add(self, *labels: str) -> None:
        self._counts[labels] += 1

    def collect(self) -> Iterator[CounterMetricFamily]:
        name, text, labels = self._told
        family = CounterMetricFamily(name, text, labels=labels)
        for values, count in self._counts.items():
            family.add_metric(values, count)
        yield family


class Durations(Collector):
    """How long something took, by labels: seconds in ``buckets``, and their sum."""

    def __init__(
        self, name: str, text: str, labels: Sequence[str], buckets: Sequence[float], *, registry: CollectorRegistry
    ) -> None:
        self._told, self._buckets = (name, text, labels), list(buckets)
        self._counts: dict[tuple[str, ...], list[int]] = {}
        self._sums: defaultdict[tuple[str, ...], float] = defaultdict(float)
        registry.register(self)

    def add(self, seconds: float, *labels: str) -> None:
        counts = self._counts.get(labels)
        if counts is None:
            counts = self._counts[labels] = [0] * (len(self._buckets) + 1)
        counts[bisect_left(self._buckets, seconds)] += 1
        self._sums[labels] += seconds

    def collect(self) -> Iterator[HistogramMetricFamily]:
        name, text, labels = self._told
        family = HistogramMetricFamily(name, text, labels=labels)
        for values, counts in self._counts.items():
            so_far, buckets = 0, []
            for limit, count in zip([*self._buckets, float("inf")], counts, strict=True):
                so_far += count
                buckets.append((floatToGoString(limit), so_far))
            family.add_metric(values, buckets, self._sums[values])
        yield family
