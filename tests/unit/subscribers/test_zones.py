"""Time zones as people name them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from babel.core import get_global
from hypothesis import given
from hypothesis import strategies as st

from bot.subscribers import zones

WINTER = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 12, 0, tzinfo=UTC)
RUSSIAN = sorted(zone for zone, country in get_global("zone_territories").items() if country == "RU")


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Екатеринбург", "Asia/Yekaterinburg"),
        ("  г. ЕКАТЕРИНБУРГ ", "Asia/Yekaterinburg"),
        ("Berlin", "Europe/Berlin"),
        ("берлин", "Europe/Berlin"),
        ("Питер", "Europe/Moscow"),
        ("санкт петербург", "Europe/Moscow"),
        ("Южно-Сахалинск", "Asia/Sakhalin"),
        ("Могилёв", "Europe/Minsk"),
        ("могилев", "Europe/Minsk"),
        ("Kraków", "Europe/Warsaw"),
        ("krakow", "Europe/Warsaw"),
        ("New York", "America/New_York"),
        ("Нью-Йорк", "America/New_York"),
        ("europe/berlin", "Europe/Berlin"),
        ("Киев", "Europe/Kyiv"),
    ],
)
def test_a_city_is_known_in_both_languages_however_it_is_written(said: str, zone: str) -> None:
    assert zones.find(said) == zones.Found((zone,), sure=True)


@pytest.mark.parametrize("zone", RUSSIAN)
def test_every_russian_zone_is_found_by_its_city_in_both_languages(zone: str) -> None:
    for language in ("ru", "en"):
        assert zones.find(zones.city(zone, language)).zones == (zone,)


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("екатиринбурк", "Asia/Yekaterinburg"),
        ("в Казани", "Europe/Moscow"),
        ("Лондн", "Europe/London"),
        ("Новосиб", "Asia/Novosibirsk"),
        ("San Fransisco", "America/Los_Angeles"),
    ],
)
def test_a_misspelt_or_inflected_city_is_offered_not_taken(said: str, zone: str) -> None:
    found = zones.find(said)
    assert not found.sure
    assert zone in found.zones
    assert len(found.zones) <= zones.MOST_OFFERED


@pytest.mark.parametrize(
    ("said", "offset"),
    [
        ("+5", "UTC+5"),
        ("-3", "UTC−3"),
        ("−3", "UTC−3"),
        ("UTC+3:30", "UTC+3:30"),
        ("utc +05:30", "UTC+5:30"),
        ("GMT+5.45", "UTC+5:45"),
        ("+0930", "UTC+9:30"),
        ("МСК+2", "UTC+5"),
        ("мск-1", "UTC+2"),
        ("+0", "UTC+0"),
        ("UTC", "UTC+0"),
        ("-9:30", "UTC−9:30"),
        ("+14", "UTC+14"),
        ("-12", "UTC−12"),
    ],
)
def test_an_offset_is_a_zone_that_keeps_it_all_year(said: str, offset: str) -> None:
    found = zones.find(said)
    assert found.sure
    assert {zones.offset(found.zones[0], at) for at in (WINTER, SUMMER)} == {offset}


@pytest.mark.parametrize("said", ["", " ", "+15", "-13", "+99", "+3:17", "+5:75", "ххх", "й", "🎈", "+", "5", "-3:30"])
def test_what_is_no_zone_is_not_guessed(said: str) -> None:
    assert zones.find(said) == zones.Found(())


def test_cities_have_their_names_in_the_readers_language() -> None:
    assert zones.city("Europe/Kyiv", "ru") == "Киев"
    assert zones.city("Asia/Kolkata", "ru") == "Калькутта"
    assert zones.city("America/New_York", "en") == "New York"
    assert zones.city("Etc/GMT-5", "ru") == ""


def test_the_offset_is_that_of_the_season() -> None:
    assert zones.offset("Europe/Berlin", WINTER) == "UTC+1"
    assert zones.offset("Europe/Berlin", SUMMER) == "UTC+2"


@given(st.text(max_size=200))
def test_whatever_is_said_names_zones_that_exist(said: str) -> None:
    for zone in zones.find(said).zones:
        assert zone in zones.all_zones()
        assert ZoneInfo(zone)
