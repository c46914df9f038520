import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingsError
from bot.model import Source
from bot.sources import built_in, catalogue, load

ENTRY = '[[source]]\nname = "Труд"\nurl = "https://www.trud.ru/rssfull"\n'


def entry_with(line: str) -> str:
    return ENTRY + line + "\n"


def mistake_in(text: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(text, "my.toml")
    return str(caught.value)


def test_the_built_in_list_is_trud_ru_alone():
    assert load(built_in(), "sources.toml") == (
        Source(
            name="Труд",
            url="https://www.trud.ru/rssfull",
            fallback="https://www.trud.ru/news/",
            front_page="https://www.trud.ru/",
            articles=r"/article/\d\d-\d\d-\d{4}/(?P<key>\d+)_",
            language="ru",
            owner="trud",
            country="RU",
        ),
    )


def test_the_built_in_pattern_finds_the_key_of_a_real_address():
    (trud,) = load(built_in(), "sources.toml")
    found = re.search(trud.articles or "", "http://www.trud.ru/article/03-12-2016/1344848_peregovory.html")
    assert found is not None
    assert found["key"] == "1344848"


def test_the_catalogue_spans_languages_owners_and_countries():
    sources = load(catalogue(), "catalogue.toml")
    assert len(sources) >= 25
    assert {source.language for source in sources} == {"ru", "en", "uk"}
    assert len({source.owner for source in sources}) >= 20
    assert len({source.country for source in sources}) >= 10


def test_the_catalogue_can_be_used_together_with_the_built_in_list():
    assert len(load(built_in() + catalogue(), "mine.toml")) == 26


def test_every_outlet_of_the_catalogue_has_a_dated_note():
    assert catalogue().count("[[source]]") == len(
        re.findall(r'^note = "as of 20\d\d-\d\d: ', catalogue(), re.MULTILINE)
    )


def test_name_and_address_are_enough():
    assert load(ENTRY, "my.toml") == (
        Source(name="Труд", url="https://www.trud.ru/rssfull", language="ru", owner="trud.ru", country=""),
    )


def test_everything_can_be_said():
    text = entry_with(
        'language = "EN"\nowner = "x"\ncountry = "gb"\ninterval = 90.5\nnote = "mine"\nfallback = "http://a.b:81/"'
    )
    (source,) = load(text, "my.toml")
    assert (source.language, source.owner, source.country) == ("en", "x", "GB")
    assert source.interval == timedelta(seconds=90.5)
    assert source.fallback == "http://a.b:81/"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    assert len(load("\ufeff" + ENTRY.replace("\n", "\r\n"), "my.toml")) == 1


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('urll = "x"', "unknown key 'urll', did you mean \"url\"?"),
        ('zzz = "x"', "unknown key 'zzz'; known: name, url,"),
        ('fallback = "ftp://x/y"', "\"fallback\" must be an http:// or https:// address, not 'ftp://x/y'"),
        ('fallback = "www.trud.ru/news"', '"fallback" must be an http:// or https:// address'),
        ('front_page = "http://"', '"front_page" must be an http:// or https:// address'),
        ('front_page = "http://[::1"', '"front_page" Invalid IPv6 URL'),
        ('front_page = "http://a:99999/"', '"front_page" Port out of range'),
        ('front_page = "https://me:secret@a.b/"', '"front_page" must hold no user name or password'),
        ("front_page = 7", '"front_page" must be text in quotes, not 7'),
        ("articles = '(unclosed'", '"articles" is not a regular expression: missing )'),
        ("articles = 'a{99999999999}'", '"articles" is not a regular expression: the repetition number is too large'),
        (f"articles = '{'(' * 3000}x{')' * 3000}'", '"articles" is not a regular expression: '),
        ("articles = ''", '"articles" must be one line of text that is not empty'),
        ('language = "russian"', '"language" must be a language code such as "ru", not \'russian\''),
        ('country = "RUS"', '"country" must be a country code of two letters'),
        ('country = "РФ"', '"country" must be a country code of two letters'),
        ("interval = 0", '"interval" must be more than 0 and at most 86400 seconds, not 0'),
        ("interval = -5", '"interval" must be more than 0'),
        ("interval = 1e300", '"interval" must be more than 0 and at most 86400 seconds'),
        ("interval = nan", '"interval" must be a number of seconds'),
        ("interval = inf", '"interval" must be a number of seconds'),
        ("interval = true", '"interval" must be a number of seconds, not True'),
        ('interval = "60"', "\"interval\" must be a number of seconds, not '60'"),
        ('owner = ""', '"owner" must be one line of text'),
        ("note = 1", '"note" must be text in quotes, not 1'),
    ],
)
def test_a_wrong_field_is_named_with_its_file_and_entry(line: str, what: str):
    told = mistake_in(entry_with(line))
    assert told.startswith("my.toml: source 1 (Труд): ")
    assert what in told


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "my.toml: there is no [[source]] in it"),
        ("# nothing\n", "my.toml: there is no [[source]] in it"),
        ("source = []", "my.toml: there is no [[source]] in it"),
        ("[source]\nname = 'x'\n", "my.toml: sources are written as [[source]]"),
        ("source = [1]", "my.toml: sources are written as [[source]]"),
        ("[[sources]]\nname = 'x'\n", "my.toml: unknown key 'sources', did you mean \"source\"?"),
        ("[[source]]\nname = \n", "my.toml: not valid TOML: Invalid value (at line 2, column 8)"),
        ("[[source]]\nurl = 'http://x/'\n", 'my.toml: source 1: "name" is missing'),
        ("[[source]]\nname = 'x'\n", 'my.toml: source 1 (x): "url" is missing'),
        ('[[source]]\nname = """a\nb"""\nurl = "http://x/"\n', 'my.toml: source 1: "name" must be one line'),
        (ENTRY + ENTRY.replace("rssfull", "rss"), 'my.toml: source 2 (Труд): "name" is already that of source 1'),
        (ENTRY + ENTRY.replace("Труд", "Два"), 'my.toml: source 2 (Два): "url" is already that of source 1'),
    ],
)
def test_a_wrong_file_is_told(text: str, what: str):
    assert mistake_in(text).startswith(what)


@given(st.text() | st.text().map(entry_with))
def test_whatever_the_file_holds_the_answer_is_sources_or_one_line(text: str):
    try:
        told = str(load(text, "my.toml")[0].name)
    except SettingsError as error:
        told = str(error).removeprefix("my.toml: ")
    assert len(told.splitlines()) == 1


def test_the_files_are_shipped_beside_the_code():
    folder = Path(__file__).parents[3] / "bot" / "sources"
    assert {path.name for path in folder.glob("*.toml")} == {"sources.toml", "catalogue.toml"}
