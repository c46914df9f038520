from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchError
from bot.model import Poll, PollKind, Response, Source
from bot.sources import after_answer, after_failure, body_hash, check_answer, due, is_worth_reading, next_at, plan
from bot.sources.schedule import BACK_OFF_LIMIT, FIRST_ROUND, FRESH_LIMIT

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def a_source(number: int = 1, **fields: object) -> Source:
    about = {"fallback": f"https://s{number}.test/news", "front_page": f"https://s{number}.test/"} | fields
    url = f"https://s{number}.test/rss"
    return Source(id=number, name=f"s{number}", url=url, language="ru", owner="o", country="RU", **about)  # type: ignore[arg-type]


def a_poll(kind: PollKind = PollKind.FEED, **fields: object) -> Poll:
    return Poll(**{"source_id": 1, "kind": kind, "url": "https://s1.test/rss", "next_at": NOW} | fields)  # type: ignore[arg-type]


def an_answer(status: int = 200, body: bytes = b"new", **headers: str) -> Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(url="https://s1.test/rss?key=secret", status=status, headers=named, body=body)


def answered(
    poll: Poll | None = None,
    status: int = 200,
    *,
    ttl: timedelta | None = None,
    now: datetime = NOW,
    interval: timedelta | None = None,
    **headers: str,
) -> Poll:
    return after_answer(poll or a_poll(), an_answer(status, **headers), now, ttl=ttl, interval=interval)


def failed(times: int) -> Poll:
    poll = a_poll()
    for _ in range(times):
        poll = after_failure(poll, "no answer", NOW)
    return poll


class TestPlanning:
    def test_every_address_of_every_source_is_asked(self):
        polls = plan([a_source(1), a_source(2, fallback=None, front_page=None)], [], NOW)
        assert [(poll.source_id, poll.kind) for poll in polls] == [
            (1, PollKind.FEED),
            (1, PollKind.FALLBACK),
            (1, PollKind.FRONT),
            (2, PollKind.FEED),
        ]

    def test_the_only_source_is_asked_at_once(self):
        assert {poll.next_at for poll in plan([a_source()], [], NOW)} == {NOW}

    @given(st.integers(1, 500))
    def test_the_first_round_is_even_and_short(self, count: int):
        polls = plan([a_source(number, fallback=None, front_page=None) for number in range(count)], [], NOW)
        times = [poll.next_at for poll in polls]
        assert times[0] == NOW
        assert max(times) < NOW + FIRST_ROUND
        gaps = {round((later - earlier).total_seconds(), 5) for earlier, later in pairwise(times)}
        assert max(gaps, default=0) - min(gaps, default=0) < 0.0001

    def test_the_first_round_is_no_longer_than_the_interval(self):
        polls = plan([a_source(number) for number in range(10)], [], NOW, timedelta(seconds=1))
        assert max(poll.next_at for poll in polls) < NOW + timedelta(seconds=1)

    def test_what_is_remembered_goes_on(self):
        known = a_poll(next_at=NOW + MINUTE, etag="e", failures=2)
        assert plan([a_source()], [known], NOW)[0] == known

    def test_what_is_overdue_spreads_like_what_is_new(self):
        sources = [a_source(1), a_source(2)]
        old = [a_poll(source_id=source.id, url=source.url, next_at=NOW - HOUR, etag="e") for source in sources]
        first, second = (poll for poll in plan(sources, old, NOW) if poll.kind is PollKind.FEED)
        assert (first.next_at, second.next_at) == (NOW, NOW + FIRST_ROUND / 2)
        assert second.etag == "e"

    def test_an_address_that_changed_starts_afresh(self):
        moved = plan([a_source()], [a_poll(url="https://s1.test/old", etag="e")], NOW)[0]
        assert (moved.url, moved.etag) == ("https://s1.test/rss", None)

    def test_addresses_and_sources_that_are_gone_are_planned_no_more(self):
        old = [a_poll(PollKind.FRONT, url="https://s1.test/"), a_poll(source_id=9)]
        assert [poll.kind for poll in plan([a_source(front_page=None, fallback=None)], old, NOW)] == [PollKind.FEED]

    def test_a_clock_that_was_wrong_silences_nobody(self):
        known = a_poll(next_at=NOW + timedelta(days=400))
        assert plan([a_source()], [known], NOW)[0].next_at == NOW + BACK_OFF_LIMIT

    def test_a_poll_interval_cuts_a_wait_that_was_left_over_but_not_a_back_off(self):
        waiting = a_poll(next_at=NOW + HOUR)
        failing = a_poll(next_at=NOW + HOUR, failures=3)
        assert plan([a_source()], [waiting], NOW, MINUTE)[0].next_at == NOW + MINUTE
        assert plan([a_source()], [failing], NOW, MINUTE)[0].next_at == NOW + HOUR

    def test_no_sources_make_no_polls(self):
        assert plan([], [], NOW) == ()


class TestDue:
    def test_only_what_has_waited_long_enough_is_due_longest_first(self):
        late = a_poll(url="a", next_at=NOW)
        later = a_poll(url="b", next_at=NOW - MINUTE)
        assert due([late, later, a_poll(next_at=NOW + timedelta(microseconds=1))], NOW) == (later, late)

    @pytest.mark.parametrize("failures", [0, 1, 5])
    def test_a_fallback_is_due_only_while_its_feed_is_failing(self, failures: int):
        feed = a_poll(next_at=NOW + HOUR, failures=failures)
        fallback = a_poll(PollKind.FALLBACK)
        assert due([feed, fallback], NOW) == ((fallback,) if failures else ())

    def test_another_sources_trouble_wakes_no_fallback(self):
        assert due([a_poll(next_at=NOW + HOUR), a_poll(source_id=2, failures=1), a_poll(PollKind.FALLBACK)], NOW) == (
            a_poll(source_id=2, failures=1),
        )

    def test_a_front_page_is_due_whatever_the_feed_does(self):
        assert due([a_poll(next_at=NOW + HOUR), a_poll(PollKind.FRONT)], NOW) == (a_poll(PollKind.FRONT),)

    def test_the_next_moment_leaves_out_a_fallback_that_sleeps(self):
        feed, fallback = a_poll(next_at=NOW + HOUR), a_poll(PollKind.FALLBACK)
        assert next_at([feed, fallback]) == NOW + HOUR
        assert next_at([a_poll(next_at=NOW + HOUR, failures=1), fallback]) == NOW


class TestAfterAnAnswer:
    @pytest.mark.parametrize("status", [200, 204, 304])
    def test_a_success_passes_the_check(self, status: int):
        check_answer(an_answer(status))

    @pytest.mark.parametrize("status", [302, 404, 410, 500])
    def test_any_other_status_is_told_with_its_host(self, status: int):
        with pytest.raises(FetchError, match=f"^s1.test: HTTP {status}$"):
            check_answer(an_answer(status))

    def test_the_first_answer_is_remembered_for_good(self):
        poll = answered()
        assert poll.first_read_at == NOW
        assert answered(poll, now=NOW + HOUR).first_read_at == NOW

    def test_what_makes_the_next_request_conditional_is_remembered(self):
        poll = answered(etag='"1"', last_modified="Mon, 23 Nov 2026 08:00:00 GMT")
        assert (poll.etag, poll.last_modified, poll.body_hash) == (
            '"1"',
            "Mon, 23 Nov 2026 08:00:00 GMT",
            body_hash(b"new"),
        )
        assert (poll.asked_at, poll.succeeded_at) == (NOW, NOW)

    def test_not_modified_keeps_what_was_remembered(self):
        before = a_poll(etag='"1"', last_modified="yesterday", body_hash="old", failures=3, error="HTTP 500")
        poll = answered(before, 304)
        assert (poll.etag, poll.last_modified, poll.body_hash) == ('"1"', "yesterday", "old")
        assert (poll.failures, poll.error, poll.succeeded_at) == (0, None, NOW)

    def test_not_modified_may_bring_a_new_tag(self):
        assert answered(a_poll(etag='"1"'), 304, etag='"2"').etag == '"2"'

    def test_an_answer_without_tags_forgets_the_old_ones(self):
        poll = answered(a_poll(etag='"1"', last_modified="yesterday"))
        assert (poll.etag, poll.last_modified) == (None, None)

    def test_one_success_recovers_fully(self):
        poll = answered(failed(12))
        assert (poll.failures, poll.error) == (0, None)
        assert poll.next_at <= NOW + 1.5 * MINUTE

    def test_the_next_poll_is_near_one_interval_ahead(self):
        assert 0.5 * MINUTE <= answered().next_at - NOW <= 1.5 * MINUTE

    def test_in_steady_state_polls_are_exactly_one_interval_apart(self):
        poll = answered()
        following = answered(poll, now=poll.next_at + timedelta(seconds=2))
        assert following.next_at - poll.next_at == MINUTE

    def test_many_sources_asked_together_spread_over_the_interval(self):
        polls = [answered(a_poll(url=f"https://s{number}.test/rss")) for number in range(600)]
        tenths = [int((poll.next_at - NOW) % MINUTE / MINUTE * 10) for poll in polls]
        assert all(30 <= tenths.count(tenth) <= 90 for tenth in range(10))

    @pytest.mark.parametrize(
        "headers",
        [
            {"cache_control": "public, max-age=600"},
            {"cache_control": 'Max-Age="600"'},
            {"cache_control": "max-age=900", "age": "300"},
            {"cache_control": "max-age=600", "expires": "Mon, 23 Nov 2026 20:00:00 GMT"},
            {"expires": "Mon, 23 Nov 2026 09:10:00 GMT"},
            {"expires": "Mon, 23 Nov 2026 09:40:00 GMT", "date": "Mon, 23 Nov 2026 09:30:00 GMT"},
            {"retry_after": "600"},
            {"retry_after": "Mon, 23 Nov 2026 09:10:00 GMT"},
        ],
    )
    def test_a_server_that_asks_for_less_is_obeyed(self, headers: dict[str, str]):
        assert answered(**headers).next_at == NOW + timedelta(minutes=10)

    def test_a_feed_that_asks_for_less_is_obeyed(self):
        assert answered(ttl=timedelta(minutes=10)).next_at == NOW + timedelta(minutes=10)

    @pytest.mark.parametrize(
        "headers",
        [
            {"cache_control": "no-cache, max-age=600"},
            {"cache_control": "no-store"},
            {"cache_control": "max-age=0", "expires": "Mon, 23 Nov 2026 20:00:00 GMT"},
            {"cache_control": "max-age=-1, must-revalidate"},
            {"cache_control": "max-age=often"},
            {"cache_control": "max-age=" + "9" * 5000},
            {"expires": "0"},
            {"expires": "Fri, 31 Dec 9999 23:59:59 -0100"},
            {"expires": "-1"},
            {"expires": "Mon, 23 Nov 2020 09:00:00 GMT"},
            {"retry_after": "soon"},
            {"retry_after": "Mon, 23 Nov 2020 09:00:00 GMT"},
            {"retry_after": "Mon, 99 Nov 99999 99:00:00 GMT"},
        ],
    )
    def test_what_asks_for_nothing_readable_changes_nothing(self, headers: dict[str, str]):
        assert answered(**headers).next_at == answered().next_at

    @pytest.mark.parametrize(
        "headers", [{"cache_control": "max-age=31536000"}, {"expires": "Mon, 23 Nov 2099 09:00:00 GMT"}]
    )
    def test_a_careless_value_silences_a_newspaper_for_an_hour_at_most(self, headers: dict[str, str]):
        assert answered(**headers).next_at == NOW + FRESH_LIMIT
        assert answered(ttl=timedelta(days=7)).next_at == NOW + FRESH_LIMIT

    def test_the_publishers_interval_wins_over_freshness_and_ttl_but_not_over_retry_after(self):
        poll = answered(interval=MINUTE, ttl=HOUR, cache_control="max-age=3000")
        assert poll.next_at == answered().next_at
        assert answered(interval=MINUTE, retry_after="600").next_at == NOW + timedelta(minutes=10)

    @pytest.mark.parametrize(("kind", "seconds"), [(PollKind.FEED, 60), (PollKind.FALLBACK, 60), (PollKind.FRONT, 300)])
    def test_how_often_depends_on_the_kind_unless_the_publisher_says(self, kind: PollKind, seconds: int):
        first = answered(a_poll(kind))
        assert answered(first, now=first.next_at).next_at - first.next_at == timedelta(seconds=seconds)
        own = answered(a_poll(kind), interval=HOUR)
        assert answered(own, now=own.next_at, interval=HOUR).next_at - own.next_at == HOUR


class TestAfterAFailure:
    def test_what_was_remembered_stays(self):
        before = a_poll(etag='"1"', last_modified="yesterday", body_hash="h", succeeded_at=NOW - HOUR)
        poll = after_failure(before, "s1.test: no connection", NOW)
        assert (poll.etag, poll.last_modified, poll.body_hash, poll.succeeded_at) == (
            '"1"',
            "yesterday",
            "h",
            NOW - HOUR,
        )
        assert (poll.failures, poll.error, poll.asked_at) == (1, "s1.test: no connection", NOW)

    def test_each_failure_about_doubles_the_wait_up_to_six_hours(self):
        waits = [(failed(times).next_at - NOW) / MINUTE for times in range(1, 15)]
        assert all(0.8 * 2**times <= wait <= 2**times for times, wait in enumerate(waits[:8], 1))
        assert all(0.8 * 360 <= wait <= 360 for wait in waits[8:])

    def test_two_addresses_of_a_failing_host_do_not_come_back_together(self):
        one = after_failure(a_poll(url="a", failures=9), "x", NOW)
        two = after_failure(a_poll(url="b", failures=9), "x", NOW)
        assert one.next_at != two.next_at
        assert after_failure(a_poll(url="a", failures=9), "x", NOW) == one

    @pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 500, 503])
    def test_an_error_status_is_a_failure(self, status: int):
        poll = answered(a_poll(etag='"1"'), status, etag='"of the error page"')
        assert (poll.failures, poll.error, poll.etag, poll.succeeded_at) == (1, f"HTTP {status}", '"1"', None)

    @pytest.mark.parametrize("value", ["1800", "Mon, 23 Nov 2026 09:30:00 GMT", "Mon, 23 Nov 2026 09:30:00 -0000"])
    def test_retry_after_is_obeyed(self, value: str):
        assert answered(status=503, retry_after=value).next_at == NOW + timedelta(minutes=30)

    def test_retry_after_never_shortens_a_back_off(self):
        assert answered(failed(6), 503, retry_after="1").next_at >= NOW + 0.8 * 64 * MINUTE

    def test_a_silly_retry_after_is_believed_for_six_hours(self):
        assert answered(status=429, retry_after="99999999").next_at == NOW + BACK_OFF_LIMIT

    def test_what_is_gone_is_asked_as_seldom_as_possible_from_the_first_time_on(self):
        assert answered(status=410).next_at == NOW + BACK_OFF_LIMIT

    def test_a_front_page_backs_off_from_its_own_interval(self):
        assert after_failure(a_poll(PollKind.FRONT), "x", NOW).next_at >= NOW + 0.8 * 10 * MINUTE


ANY_POLLS = st.builds(
    a_poll,
    st.sampled_from(PollKind),
    url=st.text(min_size=1),
    failures=st.integers(0, 10_000),
    next_at=st.timedeltas(timedelta(days=-500), timedelta(days=500)).map(lambda away: NOW + away),
)
ANY_INTERVALS = st.timedeltas(timedelta(milliseconds=1), timedelta(hours=4))
ANY_WAITS = st.none() | st.timedeltas(timedelta(days=-9999), timedelta(days=9999))
ANY_VALUES = st.text(max_size=40) | st.integers().map(str) | st.datetimes().map("{:%a, %d %b %Y %H:%M:%S GMT}".format)
ANY_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "cache-control": ANY_VALUES | ANY_VALUES.map("max-age={}".format),
        "expires": ANY_VALUES,
        "date": ANY_VALUES,
        "age": ANY_VALUES,
        "retry-after": ANY_VALUES,
    },
)


class TestWhateverHappens:
    @given(ANY_POLLS, st.integers(200, 599), ANY_HEADERS, ANY_WAITS, st.none() | ANY_INTERVALS)
    def test_an_answer_brings_the_next_poll_within_six_hours(self, poll, status, headers, ttl, interval):
        response = Response(url=poll.url, status=status, headers=headers)
        after = after_answer(poll, response, NOW, ttl=ttl, interval=interval)
        assert NOW < after.next_at <= NOW + BACK_OFF_LIMIT

    @given(ANY_POLLS, st.none() | ANY_HEADERS, st.none() | ANY_INTERVALS)
    def test_a_failure_brings_the_next_poll_within_six_hours(self, poll, headers, interval):
        response = None if headers is None else Response(url=poll.url, status=503, headers=headers)
        after = after_failure(poll, "x", NOW, response=response, interval=interval)
        assert NOW < after.next_at <= NOW + BACK_OFF_LIMIT
        assert after.failures == poll.failures + 1

    @given(st.lists(ANY_POLLS), st.none() | ANY_INTERVALS)
    def test_a_plan_asks_everything_within_six_hours(self, polls, interval):
        planned = plan([a_source(1), a_source(2)], polls, NOW, interval)
        assert len(planned) == 6
        assert all(NOW <= poll.next_at <= NOW + BACK_OFF_LIMIT for poll in planned)


def test_equal_bodies_have_equal_hashes_of_128_bits():
    assert body_hash(b"x") == body_hash(b"x") != body_hash(b"y")
    assert len(body_hash(b"")) == 32


def test_a_changed_body_is_worth_reading_and_a_front_page_always_is() -> None:
    answer = an_answer(body=b"news")
    assert is_worth_reading(a_poll(), answer)
    assert not is_worth_reading(a_poll(body_hash=body_hash(b"news")), answer)
    assert is_worth_reading(a_poll(body_hash=body_hash(b"older news")), answer)
    assert not is_worth_reading(a_poll(), an_answer(304))
    assert is_worth_reading(a_poll(PollKind.FRONT, body_hash=body_hash(b"news")), answer)
