"""How soon the bot polls after its start, and what it weighs when idle (all its processes together).

    python bench/startup.py [--quick]

Data: a newspaper of 30 articles and a stand-in for Telegram here. `--quick` leaves out the minute after which
the page worker has ended by itself. Figures: seconds of wall time; MB of resident memory (RSS, shared pages counted in
each process, so the sum is an upper bound).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.demo.telegram import StandIn
from tests.fakes.kiosk import Kiosk

ROOT = Path(__file__).parents[1]
SETTLED = 10.0
"""Seconds after the first poll: every page is read and every dictionary loaded."""
WORKER_GONE = 65.0
"""Seconds: the page worker ends after a minute without pages."""


def resident(pid: int) -> dict[int, float]:
    """MB of the process and its descendants, by process id."""
    status = (Path(f"/proc/{pid}/status")).read_text()
    own = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    below = [resident(int(child)) for child in children]
    return {pid: own} | {each: size for sizes in below for each, size in sizes.items()}


def report(when: str, sizes: dict[int, float]) -> None:
    print(f"memory {when}: {sum(sizes.values()):.0f} MB in {len(sizes)} process(es) (goal: under 320)")


async def main(*, quick: bool) -> None:
    async with Kiosk() as kiosk, StandIn() as telegram:
        for number in range(30):
            kiosk.publish(f"Новость номер {number} о Сирии и Дамаске", "Лид. " * 10, "Текст новости. " * 100)
        with TemporaryDirectory() as folder:
            (Path(folder) / "sources.toml").write_text(kiosk.source(), encoding="utf-8")
            settings = {
                "BOT_TOKEN": telegram.token,
                "TELEGRAM_API_URL": telegram.url,
                "DATABASE_URL": f"sqlite+aiosqlite:///{folder}/glavnoe.db",
                "SOURCES_FILE": f"{folder}/sources.toml",
                "ALLOW_PRIVATE_HOSTS": "true",
                "PYTHONPATH": str(ROOT),
            }
            began = time.monotonic()
            bot = subprocess.Popen([sys.executable, "-m", "bot", "run"], env=os.environ | settings, cwd=folder)  # noqa: ASYNC220 - a bench
            await kiosk.asked("/feed")
            print(f"start to first poll: {time.monotonic() - began:.1f} s (goal: under 10)")
            await telegram.person(7, "Анна").says("/follow дамаск")
            await asyncio.sleep(SETTLED)
            report("with the page worker", resident(bot.pid))
            if not quick:
                await asyncio.sleep(WORKER_GONE)
                report("idle", resident(bot.pid))
            bot.terminate()
            began = time.monotonic()
            await asyncio.to_thread(bot.wait, 15)
            print(f"SIGTERM to the end: {time.monotonic() - began:.1f} s, exit code {bot.returncode}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--quick", action="store_true")
    asyncio.run(main(quick=arguments.parse_args().quick))
