"""How the house is doing, counted from its rows whenever somebody asks: for Prometheus."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from integrity.audit.models import AuditEvent, Seal
from integrity.outbox.models import Delivery
from moderation.choices import AssessmentState
from moderation.models import Assessment, Decision, Job


class Figures(Collector):
    """Counts what waits, what is late, and what is owed, as of one moment."""

    def __init__(self, *, at: datetime) -> None:
        self.at = at

    def collect(self) -> Iterator[Metric]:
        """Count."""
        waiting = Job.objects.waiting().values("queue__slug").annotate(n=Count("pk"))
        yield _by_queue(
            "waarborg_jobs_waiting",
            "Jobs that nobody has taken",
            ((row["queue__slug"], row["n"]) for row in waiting),
        )
        overdue = Job.objects.open().filter(due_at__lt=self.at)
        late = overdue.values("queue__slug").annotate(n=Count("pk"))
        yield _by_queue(
            "waarborg_jobs_overdue",
            "Jobs past their due time and not decided",
            ((row["queue__slug"], row["n"]) for row in late),
        )
        owed = Assessment.objects.filter(state=AssessmentState.OWED).aggregate(
            n=Count("pk"), oldest=Min("owed_at")
        )
        oldest = (self.at - owed["oldest"]).total_seconds() if owed["oldest"] else 0.0
        yield from (
            _one("waarborg_assessments_owed", "Items not read yet", owed["n"]),
            _one("waarborg_assessments_oldest_seconds", "How long the oldest waits", oldest),
            _one(
                "waarborg_deliveries_owed",
                "Webhooks still to arrive",
                Delivery.objects.owed().count(),
            ),
            _one("waarborg_deliveries_dead", "Webhooks given up", Delivery.objects.dead().count()),
            _one(
                "waarborg_decisions_held",
                "Decisions that wait for a second person",
                Decision.objects.held().count(),
            ),
            _one(
                "waarborg_audit_unsealed",
                "Audit events not in the chain yet",
                _unsealed(),
            ),
        )


def as_text(*, at: datetime) -> bytes:
    """Return the figures in Prometheus' text format."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(at=at))
    return generate_latest(registry)


def _unsealed() -> int:
    # Only from the last seal on, as the sealer looks: the log is long and nearly all of it sealed.
    last = Seal.objects.select_related("event").order_by("-seq").first()
    after = last.event.transaction if last else -1
    return AuditEvent.objects.filter(transaction__gte=after, seal=None).count()


def _one(name: str, help_text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, help_text, value=value)


def _by_queue(name: str, help_text: str, rows: Iterable[tuple[str, int]]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=["queue"])
    for queue, count in rows:
        family.add_metric([queue], count)
    return family
