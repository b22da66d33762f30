"""Memory and processor of learners on a hub, from 1 to 20. Run by hand; pytest does not collect it.

    python tests/benchmark_hub.py            1, 5, 10 and 20 learners
    python tests/benchmark_hub.py 3          these

Needs what ``python3 start.py test nightly`` installs. A real hub with its proxy runs on loopback, as ``deploy/`` sets it up. Each
learner signs in, gets a server, and opens every lesson from 01 to 17, one after another, as a browser would: one request for each.
Then each opens the survey's tool, which needs a program of its own. MB are 1,000,000 bytes and PSS: what processes share
is divided among them. Seconds of processor are those of the learner's server and its programs. A busy machine makes waiting longer,
but neither memory nor processor; the load is printed.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import hubs
import psutil
from hubs import Hub, Visitor

from alongside.course.lesson import lessons

READ = "21-survey-read"


def processor(server: psutil.Process) -> float:
    """Seconds of processor so far, of a server and of what it started and waited for."""
    total = 0.0
    for one in [server, *server.children(recursive=True)]:
        times = one.cpu_times()
        total += times.user + times.system
    return total


def measured(hub: Hub, learners: list[Visitor]) -> dict[str, float]:
    """All of them at work, one after another; medians for each learner."""
    waits = []
    for learner in learners:
        learner.sign_in()
        begun = time.monotonic()
        learner.start()
        waits.append(time.monotonic() - begun)
    ours = {learner.name for learner in learners}

    def each() -> list[psutil.Process]:
        found = [server for name, server in sorted(hub.servers().items()) if name in ours]
        assert len(found) == len(learners)
        return found

    row = {"start, s": median(waits), "start, s of processor": median(map(processor, each()))}
    row["memory at the start"] = median(map(hubs.memory, each()))
    before = sum(map(processor, each()))
    names = [lesson.name for lesson in lessons() if 1 <= lesson.number <= 17]
    pages = []
    for name in names:
        for learner in learners:
            begun = time.monotonic()
            learner.lesson(name)
            pages.append(time.monotonic() - begun)
    row["a lesson, s"] = median(pages)
    row["a lesson, s of processor"] = (sum(map(processor, each())) - before) / len(pages)
    row["memory after 17 lessons"] = median(map(hubs.memory, each()))
    for learner in learners:
        learner.lesson(READ)
    row["memory with a survey's tool"] = median(map(hubs.memory, each()))
    rest = psutil.Process(hub.pid)
    below = [
        one for one in rest.children(recursive=True) if "configurable-http-proxy" in " ".join(one.cmdline())
    ]
    row["hub and proxy together"] = sum(one.memory_full_info().pss for one in [rest, *below]) / hubs.MB
    begun = time.monotonic()
    hub.end_idle(seconds=1)
    row["until all are ended, s"] = time.monotonic() - begun
    return row


def main() -> None:
    counts = [int(word) for word in sys.argv[1:]] or [1, 5, 10, 20]
    print(
        f"Python {sys.version.split()[0]}, {os.cpu_count()} cores, {psutil.virtual_memory().total / 1e9:.0f} GB, load {os.getloadavg()[0]:.1f}"
    )
    rows = {}
    for count in counts:
        place = tempfile.TemporaryDirectory(prefix="alongside-hub-", ignore_cleanup_errors=True)
        with place as folder, hubs.serving(Path(folder)) as hub:
            rows[count] = measured(hub, [Visitor(hub, f"learner-{number:02}") for number in range(count)])
    print(f"\n| for each learner (MB, seconds) | {' | '.join(f'{count} learners' for count in counts)} |")
    print(f"|---|{'---|' * len(counts)}")
    for name in rows[counts[0]]:
        print(f"| {name} | {' | '.join(f'{rows[count][name]:.2f}' for count in counts)} |")
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
