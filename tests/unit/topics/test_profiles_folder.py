"""A publisher's own profiles: a folder of TOML files beside the built-in ones, or in their place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import topics
from bot.errors import SettingsError
from bot.language import Document

Maker = Callable[..., Document]

FISHING = """
namesakes = ["рыбный"]
[names]
ru = ["Рыбалка", "Рыболовство"]
en = ["Fishing"]
[[evidence]]
weight = 0.8
words = ["рыбалка", "рыболов", "улов", "Байкал~"]
[[against]]
weight = 0.9
list = "sport"
"""
CLIMATE = """
includes = ["fishing", "china"]
[names]
ru = ["Природа"]
en = ["Nature"]
[[evidence]]
weight = 0.8
words = ["природа", "заповедник"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    topics.use(())


def _labels(document: Document) -> set[str]:
    ids = {slug: place for place, slug in enumerate(topics.slugs(), start=1)}
    return {slug for slug, number in ids.items() for one in topics.label(document, ids) if one.topic_id == number}


def test_a_new_topic_stands_after_the_built_in_ones(folder: Path, document: Maker) -> None:
    (folder / "fishing.toml").write_text(FISHING, encoding="utf-8")
    topics.use(topics.load_folder(folder))
    assert topics.slugs() == (*topics.BUILT_IN, "fishing")
    assert topics.names("fishing", "ru") == ("Рыбалка", "Рыболовство")
    assert topics.find_built_in("рыбалку") == "fishing"
    assert _labels(document("Рыболовы похвастались уловом")) == {"main", "fishing"}
    assert _labels(document("Рыболовы сыграли матч по футболу")) == {"main"}


def test_a_topic_of_a_built_in_one_s_name_takes_its_place(folder: Path, document: Maker) -> None:
    (folder / "syria.toml").write_text(FISHING.replace("Рыбалка", "Сирия"), encoding="utf-8")
    topics.use(topics.load_folder(folder))
    assert topics.slugs() == topics.BUILT_IN
    assert "syria" not in _labels(document("Бои в Алеппо"))
    assert "syria" in _labels(document("Богатый улов"))


def test_a_topic_holds_what_it_includes(folder: Path, document: Maker) -> None:
    (folder / "fishing.toml").write_text(FISHING, encoding="utf-8")
    (folder / "nature.toml").write_text(CLIMATE, encoding="utf-8")
    topics.use(topics.load_folder(folder))
    assert _labels(document("Богатый улов")) == {"main", "fishing", "nature"}
    assert {"china", "nature"} <= _labels(document("Китай и Байкал"))


def test_a_vocabulary_of_one_s_own_adds_lists(folder: Path, document: Maker) -> None:
    (folder / "vocabulary.toml").write_text('fish = ["щука", "карась"]', encoding="utf-8")
    (folder / "fishing.toml").write_text(
        '[names]\nru = ["Рыбы"]\nen = ["Fish"]\n[[evidence]]\nweight = 0.5\nlist = "fish"', encoding="utf-8"
    )
    topics.use(topics.load_folder(folder))
    assert "fishing" in _labels(document("Поймана щука"))


def test_the_built_in_topics_come_back(folder: Path) -> None:
    (folder / "fishing.toml").write_text(FISHING, encoding="utf-8")
    topics.use(topics.load_folder(folder))
    topics.use(())
    assert topics.slugs() == topics.BUILT_IN


def test_other_files_are_left_alone(folder: Path) -> None:
    (folder / "README.md").write_text("ours", encoding="utf-8")
    assert topics.load_folder(folder) == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("fishing.toml", "[names", "fishing.toml: "),
        ("fishing.toml", "names = 3", "fishing.toml: names must be a table"),
        ("fishing.toml", '[names]\nru = ["Рыбы"]', "fishing.toml: names.en must be a list of names"),
        ("fishing.toml", "groups = 1\n" + FISHING, "fishing.toml: groups must be a table"),
        ("fishing.toml", "together = 1\n" + FISHING, "together must be a list of tables"),
        ("fishing.toml", "together = [1]\n" + FISHING, "together[0] must have weight and needs"),
        ("fishing.toml", "includes = 1\n" + FISHING, "includes must be a list of words"),
        ("fishing.toml", "ignored = [1]\n" + FISHING, "ignored must be a list of words"),
        ("fishing.toml", "against_together = 1\n" + FISHING, "against_together must be a list of tables"),
        ("fishing.toml", FISHING.replace('list = "sport"', "list = [1]"), "against[0].list names no list"),
        ("fishing.toml", FISHING.replace('list = "sport"', 'list = "sports"'), "against[0].list names no list"),
        ("fishing.toml", FISHING.replace("weight = 0.8", 'weight = "much"'), "evidence[0].weight must be a number"),
        ("fishing.toml", FISHING.replace("weight = 0.8", "weight = nan"), "evidence[0].weight must be a number"),
        ("vocabulary.toml", "[[", "vocabulary.toml: "),
        ("Рыбы.toml", FISHING, "a profile's file is called by"),
        ("main.toml", FISHING, "has no profile"),
    ],
)
def test_a_mistake_is_told_with_file_entry_and_field(folder: Path, name: str, content: str, said: str) -> None:
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        topics.load_folder(folder)
    assert str(folder) in str(refused.value)
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_no_text_is_told(folder: Path) -> None:
    (folder / "fishing.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"fishing\.toml"):
        topics.load_folder(folder)


def test_a_folder_that_is_not_there_is_told(folder: Path) -> None:
    with pytest.raises(SettingsError, match="nowhere"):
        topics.load_folder(folder / "nowhere")


def test_a_topic_cannot_include_an_unknown_one(folder: Path) -> None:
    (folder / "nature.toml").write_text(CLIMATE, encoding="utf-8")
    with pytest.raises(SettingsError, match="nature: includes names the unknown topic 'fishing'"):
        topics.use(topics.load_folder(folder))
    assert topics.slugs() == topics.BUILT_IN
