import asyncio
import gc
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest

from bot.errors import ParseError
from bot.model import Page, Response, Source
from bot.workers import PROGRAM, ProcessPageReader, serve
from tests.unit.web import page_functions

TRUD = Source(name="Труд", url="https://www.trud.ru/rssfull", language="ru", owner="trud", country="RU")
READ = "tests.unit.web.page_functions:read"


def page_reader(seconds: float = 30.0, idle: float = 60.0) -> ProcessPageReader:
    return ProcessPageReader(read=READ, seconds=seconds, idle=idle)


async def read_one(reader: ProcessPageReader, does: str) -> Page:
    return await reader.read(Response(url="https://www.trud.ru/a", status=200, body=does.encode()), TRUD)


def there(process: str) -> bool:
    """Whether the process with this id exists, be it as a zombie."""
    return Path(f"/proc/{process}").exists()


async def until(holds: Callable[[], bool]) -> None:
    """Waits for something outside this process, which nothing here can be notified of."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_page_comes_back_as_it_was_read():
    async with page_reader() as reader:
        page = await read_one(reader, "read")
    assert page.url == "https://www.trud.ru/a"
    assert len(page.text) == 1_000_000


async def test_the_process_imports_nothing_of_the_bot_but_its_function():
    async with page_reader() as reader:
        assert (await read_one(reader, "read")).section == ""


async def test_no_process_starts_before_the_first_page(monkeypatch):
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    async with page_reader():
        pass


async def test_pages_asked_for_at_once_queue_up_for_one_process():
    async with page_reader() as reader:
        pages = await asyncio.gather(*(read_one(reader, "read") for _ in range(5)))
    assert len({page.title for page in pages}) == 1


async def test_a_page_without_an_article_is_told_and_costs_nothing_else():
    async with page_reader() as reader:
        before = (await read_one(reader, "read")).title
        with pytest.raises(ParseError, match=r"^no article in it$"):
            await read_one(reader, "nothing")
        assert (await read_one(reader, "read")).title == before


async def test_a_page_that_hangs_is_given_up_and_the_next_gets_a_fresh_process():
    async with page_reader(seconds=1) as reader:
        first = (await read_one(reader, "read")).title
        with pytest.raises(ParseError, match=r"took more than 1 s"):
            await read_one(reader, "hang")
        second = (await read_one(reader, "read")).title
        assert second != first
        await until(lambda: not there(first))


@pytest.mark.parametrize("does", ["die", "exit"])
async def test_a_page_that_kills_the_process_fails_alone(does: str):
    async with page_reader() as reader:
        pages = await asyncio.gather(
            *(read_one(reader, word) for word in ("read", does, "read")), return_exceptions=True
        )
    assert [type(page) for page in pages] == [Page, ParseError, Page]
    assert "the process that read the page ended" in str(pages[1])


async def test_a_bug_is_told_in_one_line_with_its_traceback_as_cause():
    async with page_reader() as reader:
        with pytest.raises(ParseError, match="KeyError while reading the page") as caught:
            await read_one(reader, "bug")
    assert 'raise KeyError("forgotten")' in str(caught.value.__cause__)


async def test_what_a_library_prints_does_not_mix_with_answers():
    async with page_reader() as reader:
        assert (await read_one(reader, "print")).title


async def test_the_process_ends_when_idle_and_starts_again_when_needed():
    async with page_reader(idle=0.05) as reader:
        first = (await read_one(reader, "read")).title
        await until(lambda: not there(first))
        assert (await read_one(reader, "read")).title != first


async def test_leaving_ends_the_process():
    async with page_reader() as reader:
        process = (await read_one(reader, "read")).title
    assert not there(process)


async def test_leaving_while_pages_are_read_is_prompt_and_tells_each_of_them(tmp_path: Path):
    began = tmp_path / "began"
    async with page_reader() as reader:
        asked = (read_one(reader, word) for word in (f"touch {began}", "read"))
        pages = asyncio.gather(*asked, return_exceptions=True)
        await until(began.exists)
    assert [type(outcome) for outcome in await asyncio.wait_for(pages, 5)] == [ParseError, ParseError]


async def test_a_cancelled_page_does_not_answer_the_next_one(tmp_path: Path):
    began = tmp_path / "began"
    async with page_reader() as reader:
        cancelled = asyncio.ensure_future(read_one(reader, f"touch {began}"))
        await until(began.exists)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        assert (await read_one(reader, "read")).url == "https://www.trud.ru/a"


async def test_a_function_that_can_not_be_imported_is_told(capfd: pytest.CaptureFixture[str]):
    async with ProcessPageReader(read="no.such:function") as reader:
        with pytest.raises(ParseError, match="does not start"):
            await read_one(reader, "read")
    assert "No module named 'no'" in capfd.readouterr().err


async def test_the_process_ignores_a_ctrl_c_and_says_nothing(capfd: pytest.CaptureFixture[str]):
    async with page_reader() as reader:
        pid = int((await read_one(reader, "read")).title)
        assert os.getsid(pid) != os.getsid(0)
        os.kill(pid, signal.SIGINT)
        assert int((await read_one(reader, "read")).title) == pid
    assert capfd.readouterr().err == ""


async def test_no_pipe_is_left_open():
    async with page_reader(idle=0.05) as reader:
        process = (await read_one(reader, "read")).title
        await until(lambda: not there(process))
    gc.collect()  # an open pipe would warn, and warnings are errors


def test_the_loop_of_the_process_answers_until_there_are_no_more_jobs():
    jobs, answers = BytesIO(), BytesIO()
    for body in (b"read", b"nothing", b"bug"):
        message = pickle.dumps((Response(url="u", status=200, body=body), TRUD))
        jobs.write(len(message).to_bytes(8, "big") + message)
    jobs.seek(0)
    serve(page_functions.read, jobs, answers)
    answers.seek(0)
    told = []
    while header := answers.read(8):
        told.append(pickle.loads(answers.read(int.from_bytes(header, "big"))))  # noqa: S301
    ready, page, unreadable, bug = told
    assert ready is None
    assert page.url == "u"
    assert (unreadable.message, unreadable.trace) == ("no article in it", None)
    assert bug.message == "u: KeyError while reading the page"


def start_alone(seconds: float) -> subprocess.Popen[bytes]:
    """The process as the reader starts it, with nobody at the other end who would end it."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", PROGRAM, READ, str(seconds)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )


def test_the_process_ends_by_itself_when_the_bot_is_gone():
    with start_alone(30) as process:
        process.communicate(timeout=20)
    assert process.returncode == 0


def test_the_process_ends_by_itself_even_while_a_page_hangs():
    with start_alone(0.5) as process:
        job = pickle.dumps((Response(url="u", status=200, body=b"hang"), TRUD))
        process.communicate(len(job).to_bytes(8, "big") + job, timeout=20)
    assert process.returncode == -signal.SIGALRM
