"""Measures the voters' pages on a cheap phone: `make bench-pages`. Not a test; it prints a table.

Speed is scored on the curves that Lighthouse uses (log-normal through its points for phones), from
first paint, largest paint, blocking time and layout shift with its weights; its speed index is left
out, since it needs a film of the page. Accessibility is axe's rules, found well of those that
apply; findability is the checks of `test_voter_quality.py`.
"""

import math
import os
from statistics import median

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.e2e.test_accessible import WCAG
from tests.e2e.test_voter_pages import PAGES, load_elections
from tests.e2e.test_voter_quality import MEASURED, findable, wire_of

SLOW_PHONE = {"latency": 150, "down": 200_000, "cpu": 4}  # ms, bytes a second, times slower
TRIES = 3
# What counts a tenth off and what counts half, and the weight.
CURVES = {
    "fcp": (1800, 3000, 10),
    "lcp": (2500, 4000, 25),
    "tbt": (200, 600, 30),
    "cls": (0.1, 0.25, 25),
}
WATCH = """
  window.seen = {fcp: 0, lcp: 0, tbt: 0, cls: 0};
  const on = (type, each) => new PerformanceObserver(
    (list) => list.getEntries().forEach(each)).observe({type, buffered: true});
  on("paint", (e) => { if (e.name === "first-contentful-paint") seen.fcp = e.startTime; });
  on("largest-contentful-paint", (e) => { seen.lcp = e.startTime; });
  on("longtask", (e) => { seen.tbt += Math.max(0, e.duration - 50); });
  on("layout-shift", (e) => { if (!e.hadRecentInput) seen.cls += e.value; });
"""


@pytest.fixture
def elections(transactional_db):
    load_elections()


def points(name: str, value: float) -> float:
    """Score one measure from 0 to 1 on a log-normal curve: 0.9 at its good point, 0.5 midway."""
    good, middle, _weight = CURVES[name]
    if value <= 0:
        return 1.0
    spread = math.log(middle / good) / 1.2815515655446004
    return 0.5 * math.erfc(math.log(value / middle) / (spread * math.sqrt(2)))


def speed(seen: dict[str, float]) -> int:
    """Score the measures together, from 0 to 100."""
    whole = sum(weight for _, _, weight in CURVES.values())
    return round(100 * sum(points(n, seen[n]) * w for n, (_, _, w) in CURVES.items()) / whole)


def slow_down(page) -> None:
    """Make this page's browser a cheap phone on a slow network."""
    client = page.context.new_cdp_session(page)
    client.send("Network.enable")
    client.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": SLOW_PHONE["latency"],
            "downloadThroughput": SLOW_PHONE["down"],
            "uploadThroughput": SLOW_PHONE["down"],
        },
    )
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOW_PHONE["cpu"]})


def test_measure(open_page, elections, capsys):
    rows = []
    for name in MEASURED:
        tries = []
        for _ in range(TRIES):
            page = open_page(width=390, height=844)
            page.add_init_script(WATCH)
            slow_down(page)
            sizes = wire_of(page, PAGES[name].format(lang="nl"))
            page.wait_for_timeout(500)
            tries.append(page.evaluate("window.seen"))
            audited = Axe().run(page, options=WCAG).response
            checks = findable(page)
            page.close()
        seen = {key: median(row[key] for row in tries) for key in CURVES}
        wrong, right = len(audited["violations"]), len(audited["passes"])
        text = sum(size for url, size in sizes.items() if not url.endswith((".woff2", ".svg")))
        rows.append(
            f"| {name} | {speed(seen)} | {seen['fcp']:.0f}, {seen['lcp']:.0f}, {seen['tbt']:.0f} ms, "
            f"{seen['cls']:.3f} | {right} of {right + wrong} | {sum(checks.values())} of {len(checks)} "
            f"| {text / 1000:.1f} kB, {sum(sizes.values()) / 1000:.1f} kB, {len(sizes)} |"
        )
    with capsys.disabled():
        print(  # noqa: T201
            f"\nMedian of {TRIES}; load {os.getloadavg()[0]:.0f}; 390 x 844, {SLOW_PHONE}\n\n"
            "| page | speed | first, largest paint, blocking, shift | axe | found "
            "| HTML + CSS, all, requests |\n|---|---|---|---|---|---|\n" + "\n".join(rows)
        )
