"""Judges a call's names and types by the table of the Bot API (`bot_api.json`, made by make_api_table.py).

A field's spec reads `TYPE`, `!` if required, then its limit; the script's docstring gives the whole grammar.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from bot.demo.refusal import RefusalError, bad_request

SPEC: Final = re.compile(
    r"(?P<type>=?\"[^\"]*\"|[^! ]+)(?P<required>!?)(?: (?P<low>\d+)-(?P<high>\d+)(?P<unit>[cpbn]))?"
)
TRUE_WORDS: Final = frozenset({"true", "1", "yes", "y", "t"})
FALSE_WORDS: Final = frozenset({"false", "0", "no", "n", "f", ""})
OWN_WORDS: Final = {
    "text": "message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "message identifier is not specified",
}
"""How the official server says that these are missing."""


@dataclass(frozen=True, slots=True)
class Field:
    """`unit` of the limits: c characters, p characters after parsing of entities, b bytes, n items."""

    type: str
    required: bool
    low: int = 0
    high: int | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    methods: Mapping[str, Mapping[str, Field]]
    types: Mapping[str, Mapping[str, Field]]
    unions: Mapping[str, tuple[str, ...]]
    answers_true: frozenset[str]
    names: Mapping[str, str]
    """Methods by their name in lower case: the server does not mind the case."""


@cache
def table() -> Table:
    raw = json.loads(files("bot.demo").joinpath("bot_api.json").read_text(encoding="utf-8"))
    return Table(
        methods={name: _fields(fields) for name, fields in raw["methods"].items()},
        types={name: _fields(fields) for name, fields in raw["types"].items()},
        unions={name: tuple(members) for name, members in raw["unions"].items()},
        answers_true=frozenset(raw["answers_true"]),
        names={name.lower(): name for name in raw["methods"]},
    )


def _fields(specs: Mapping[str, str]) -> dict[str, Field]:
    return {name: _field(spec) for name, spec in specs.items()}


def _field(spec: str) -> Field:
    found = SPEC.fullmatch(spec)
    if found is None:
        raise ValueError(f"bot_api.json: {spec!r} is no spec")
    high = int(found["high"]) if found["high"] else None
    return Field(found["type"], bool(found["required"]), int(found["low"] or 0), high, found["unit"] or "")


def check_call(method: str, parameters: Mapping[str, object]) -> dict[str, object]:
    """The parameters with every value in its declared type. Raises RefusalError at the first that does not fit.

    A string where another type is declared is read as forms and query strings write it (`true`, `-100123`, JSON).
    """
    fields = table().methods[method]
    _check_names(fields, parameters, method)
    checked: dict[str, object] = {}
    for name, value in parameters.items():
        field = fields[name]
        checked[name] = _from_text(value, field.type, name) if isinstance(value, str) else value
        _check(checked[name], field.type, name)
        _check_limit(checked[name], field, name)
    return checked


def _check_names(fields: Mapping[str, Field], given: Mapping[str, object], where: str) -> None:
    for name in given:
        if name not in fields:
            raise bad_request(f'there is no field "{name}" in {where}')
    for name, field in fields.items():
        if field.required and given.get(name) is None:
            raise bad_request(OWN_WORDS.get(name, f'parameter "{name}" is required in {where}'))


def _from_text(text: str, declared: str, name: str) -> object:
    options = declared.split("|")
    if "Integer" in options and re.fullmatch(r"[+-]?\d{1,19}", text):
        return int(text)
    if "String" in options or "InputFile" in options or declared.startswith("="):
        return text
    if "Boolean" in options and text.lower() in TRUE_WORDS | FALSE_WORDS:
        return text.lower() in TRUE_WORDS
    if options == ["Integer"]:
        raise bad_request(f'parameter "{name}" must be an integer')
    try:
        return json.loads(text)
    except ValueError:
        raise bad_request(f'can\'t parse "{name}": it is not JSON of type {declared}') from None


def _check(value: Any, declared: str, path: str) -> None:
    if declared.startswith("["):
        if not isinstance(value, list):
            raise bad_request(f'parameter "{path}" must be an array')
        for index, item in enumerate(value):
            _check(item, declared[1:-1], f"{path}[{index}]")
        return
    options = [member for option in declared.split("|") for member in table().unions.get(option, (option,))]
    _check_one_of(value, options, path)


def _check_one_of(value: Any, options: list[str], path: str) -> None:
    """Raises what is wrong with the option that is meant, or that none of them is."""
    refusals: list[RefusalError] = []
    for option in options:
        try:
            return _check_plain(value, option, path)
        except RefusalError as refusal:
            refusals.append(refusal)
    meant = [refusal for option, refusal in zip(options, refusals, strict=True) if _is_meant(value, option)]
    if not meant and len(options) > 1:
        raise bad_request(f'parameter "{path}" is none of {", ".join(options)}')
    raise (meant or refusals)[-1]


def _is_meant(value: Any, option: str) -> bool:
    fields = table().types.get(option, {})
    if not isinstance(value, dict):
        return False
    constants = {name: field.type for name, field in fields.items() if field.type.startswith("=")}
    if constants:
        return all(f'="{value.get(name)}"' == declared for name, declared in constants.items())
    return any(field.required and name in value for name, field in fields.items())


def _check_plain(value: Any, declared: str, path: str) -> None:
    if declared in table().types:
        _check_object(value, declared, path)
    elif declared.startswith("="):
        if f'="{value}"' != declared:
            raise bad_request(f'parameter "{path}" must be {declared[1:]}')
    elif not _is_scalar(value, declared):
        raise bad_request(f'parameter "{path}" must be of type {declared}')


def _is_scalar(value: Any, declared: str) -> bool:
    match declared:
        case "Any":
            return True
        case "String" | "InputFile":
            return isinstance(value, str)
        case "Integer":
            return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
        case "True":
            return value is True
    raise ValueError(f"bot_api.json: unknown type {declared}")


def _check_object(value: Any, declared: str, path: str) -> None:
    if not isinstance(value, dict):
        raise bad_request(f'parameter "{path}" must be an object of type {declared}')
    fields = table().types[declared]
    _check_names(fields, value, f"{declared} ({path})")
    for name, item in value.items():
        _check(item, fields[name].type, f"{path}.{name}")
        _check_limit(item, fields[name], f"{path}.{name}")


def _check_limit(value: Any, field: Field, path: str) -> None:
    if field.high is None or field.unit == "p":
        return
    size = len(value.encode()) if field.unit == "b" and isinstance(value, str) else len(value)
    if not field.low <= size <= field.high:
        raise bad_request(_limit_words(path, size, field))


def _limit_words(path: str, size: int, field: Field) -> str:
    if path.endswith("callback_data"):
        return "BUTTON_DATA_INVALID"
    unit = {"c": "characters", "b": "bytes", "n": "items"}[field.unit]
    return f'parameter "{path}" has {size} {unit}, allowed are {field.low} to {field.high}'
