"""Make bot/demo/bot_api.json, the compact table the stand-in judges calls by, from a full description of the Bot API.

    python -m bot.demo.make_api_table bot_api_10.3.json bot/demo/bot_api.json

The input holds `version`, `methods` and `types`, each with `fields` of `name`, `types`, `required`, `description`.
The output keeps names, types, required flags and limits, for every method and every type a call can carry:

    {"version": …, "methods": {METHOD: {FIELD: SPEC}}, "types": {TYPE: {FIELD: SPEC}}, "unions": {TYPE: [TYPE, …]},
     "answers_true": [METHOD, …]}

SPEC is `TYPE`, then `!` if required, then ` LOW-HIGH` and a unit: `c` characters, `p` characters after parsing of
entities, `b` bytes, `n` items. TYPE is `Integer|String`, `[MessageEntity]` for an array, `="emoji"` for a constant.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

SCALARS = {"String", "Integer", "Float", "Boolean", "True", "InputFile"}
ANYTHING = {"RichText": "Any"}
"""Types that may also be plain strings or arrays: no table of fields says what they are."""
UNION_MEMBERS = {
    "InputMessageContent": (
        "InputTextMessageContent",
        "InputRichMessageContent",
        "InputLocationMessageContent",
        "InputVenueMessageContent",
        "InputContactMessageContent",
        "InputInvoiceMessageContent",
    ),
}
"""Unions whose members do not begin with the union's own name."""
ALSO_IN_UNION = {"InputPollMedia": "InputMedia", "InputPollOptionMedia": "InputMedia"}
"""Unions whose members begin with another name."""
TRUE_ANSWER = re.compile(r"Returns? True|True is returned", re.IGNORECASE)
CONSTANT = re.compile(r"(?:must be|always) [«“\"']?([a-z_0-9]+)[»”\"']?", re.IGNORECASE)
LENGTH = re.compile(r"(\d+)-(\d+) (characters|bytes)( after entit)?", re.IGNORECASE)
ITEMS = re.compile(r"(?:list of|include|buttons?:?) (\d+)-(\d+) |up to (\d+) items|at most (\d+) ", re.IGNORECASE)


def type_expression(text: str) -> str:
    """`Array of A, B and C` as `[A|B|C]`."""
    if text.startswith("Array of "):
        return f"[{type_expression(text.removeprefix('Array of '))}]"
    return "|".join(ANYTHING.get(name, name) for name in re.split(r", | and | or ", text))


def limit(types: str, description: str) -> str:
    if types == "String" and (found := LENGTH.search(description)):
        low, high, unit, parsed = found.groups()
        return f" {low}-{high}{'b' if unit.lower() == 'bytes' else 'p' if parsed else 'c'}"
    if types.startswith("[") and (found := ITEMS.search(description)):
        low, high, up_to, at_most = found.groups()
        return f" {low or 0}-{high or up_to or at_most}n"
    return ""


def field_spec(field: Mapping[str, Any], in_type: bool) -> str:
    types = type_expression(" or ".join(field["types"]))
    if in_type and types == "String" and field["name"] in {"type", "source"} and field["required"]:
        constant = CONSTANT.search(field["description"])
        if constant:
            types = f'="{constant.group(1)}"'
    return types + ("!" if field["required"] else "") + limit(types, field["description"])


def specs(fields: Iterable[Mapping[str, Any]], in_type: bool) -> dict[str, str]:
    return {field["name"]: field_spec(field, in_type) for field in fields}


def named_types(fields: Mapping[str, str]) -> Iterator[str]:
    for spec in fields.values():
        if not spec.startswith("="):
            yield from (name for name in re.findall(r"[A-Za-z]\w+", spec.split(" ")[0]) if name not in SCALARS)


def members(union: str, types: Mapping[str, Any]) -> list[str]:
    """The types that a type without fields stands for; none if it really has no fields."""
    if union in UNION_MEMBERS:
        return [name for name in UNION_MEMBERS[union] if name in types]
    prefix = ALSO_IN_UNION.get(union, union)
    found = (name for name in types if name.startswith(prefix) and name != prefix)
    return [name for name in found if any(spec.startswith("=") for spec in specs(types[name]["fields"], True).values())]


def reachable(methods: Mapping[str, Mapping[str, str]], types: Mapping[str, Any]) -> tuple[dict[str, Any], ...]:
    """Fields of every type that a call can carry, and the unions among them."""
    kept: dict[str, dict[str, str]] = {}
    unions: dict[str, list[str]] = {}
    waiting = [name for fields in methods.values() for name in named_types(fields)]
    while waiting:
        name = waiting.pop()
        if name in kept or name in unions or name not in types:
            continue
        if not types[name]["fields"] and (found := members(name, types)):
            unions[name] = found
            waiting += found
        else:
            kept[name] = specs(types[name]["fields"], in_type=True)
            waiting += named_types(kept[name])
    return dict(sorted(kept.items())), dict(sorted(unions.items()))


def answers_true(description: str) -> bool:
    """Whether success is answered with True in every case."""
    return bool(TRUE_ANSWER.search(description)) and "otherwise" not in description.lower()


def table(api: Mapping[str, Any]) -> dict[str, Any]:
    methods = {name: specs(method["fields"], in_type=False) for name, method in api["methods"].items()}
    types, unions = reachable(methods, api["types"])
    true = [name for name, method in api["methods"].items() if answers_true(method["description"])]
    return {"version": api["version"], "methods": methods, "types": types, "unions": unions, "answers_true": true}


def main(source: str, target: str) -> None:
    compact = table(json.loads(Path(source).read_text(encoding="utf-8")))
    lines = [f'"version": {json.dumps(compact["version"])}']
    for part in ("methods", "types", "unions"):
        rows = (f"{json.dumps(name)}: {json.dumps(value)}" for name, value in compact[part].items())
        lines.append(f'"{part}": {{\n' + ",\n".join(rows) + "\n}")
    lines.append(f'"answers_true": {json.dumps(compact["answers_true"])}')
    Path(target).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    counts = ", ".join(f"{len(compact[kind])} {kind}" for kind in ("methods", "types", "unions"))
    sys.stdout.write(f"{target}: {counts}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
