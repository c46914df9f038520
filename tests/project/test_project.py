"""The project's own files agree with each other."""

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import Settings

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = ("bot", "handlers", "storage")


def _settings_of_example() -> dict[str, str]:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_names_every_setting_and_no_other() -> None:
    assert set(_settings_of_example()) == {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("name", sorted(_settings_of_example()))
def test_the_example_shows_each_default(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields:
        monkeypatch.delenv(field.upper(), raising=False)
    shown = tmp_path / ".env"
    shown.write_text(f"{name}={_settings_of_example()[name]}", encoding="utf-8")
    assert Settings(_env_file=shown) == Settings(_env_file=None)


def test_each_setting_of_the_example_is_explained() -> None:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n#")[1:] if "=" in block]
    assert all(len(block.split("\n")[0]) > 3 for block in blocks)


def test_the_lock_pins_with_hashes_and_without_addresses() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert not re.search(r"^\s*-(i|-index-url|-extra-index-url|f|-find-links)\b", lock, re.MULTILINE)
    pins = re.findall(
        r"^([\w.-]+(?:\[[\w,-]+\])?)==\S+(.*(?:\\\n\s+--hash=sha256:[0-9a-f]{64}.*)+)", lock, re.MULTILINE
    )
    assert len(pins) == len(re.findall(r"^[\w.-]+.*==", lock, re.MULTILINE)) > 50


def test_the_lock_holds_every_dependency() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()
    wanted = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    names = [re.split(r"[\[><=;]", requirement)[0].strip().lower() for requirement in wanted]
    assert [name for name in names if not re.search(rf"^{re.escape(name)}(\[.*\])?==", lock, re.MULTILINE)] == []


def test_the_package_list_is_the_tree() -> None:
    found = {
        ".".join(file.parent.relative_to(ROOT).parts)
        for package in PACKAGES
        for file in (ROOT / package).rglob("__init__.py")
    }
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == found


def test_no_file_of_the_packages_prints_or_is_unfinished() -> None:
    unfinished = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    files = [file for package in PACKAGES for file in (ROOT / package).rglob("*.py")]
    assert [str(file) for file in files if unfinished.search(file.read_text(encoding="utf-8"))] == []


def test_the_glossary_names_what_the_model_does() -> None:
    glossary = (ROOT / "docs" / "GLOSSARY.md").read_text(encoding="utf-8").lower()
    for word in ("source", "poll", "item", "page", "article", "story", "topic", "coverage", "importance", "settlement"):
        assert f"| {word} |" in glossary


def test_every_test_that_holds_a_promise_exists() -> None:
    text = (ROOT / "docs" / "OPERATIONS.md").read_text(encoding="utf-8")
    rows = [row for row in text.splitlines() if row.startswith("| ") and "`tests/" in row]
    assert len(rows) > 20
    named = [place for row in rows for place in re.findall(r"`(tests/[^`]+)`", row)]
    assert [place for place in named if not _is_a_test(place)] == []


def _is_a_test(place: str) -> bool:
    file, _, name = place.partition("::")
    path = ROOT / file
    return path.exists() and (not name or f"def {name}(" in path.read_text(encoding="utf-8"))
