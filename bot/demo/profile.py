"""What the bot tells of itself: commands by scope and language, names and descriptions by language, menu buttons."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

from bot.demo.chats import Json
from bot.demo.refusal import bad_request
from bot.demo.rules import check_commands
from bot.demo.world import World

Method = Callable[[World, Json], Any]


def _language(parameters: Json) -> str:
    code: str = parameters.get("language_code", "")
    if not re.fullmatch(r"(?:[a-z]{2})?", code):
        raise bad_request("LANG_CODE_INVALID")
    return code


def _commands_key(parameters: Json) -> tuple[str, ...]:
    scope = parameters.get("scope") or {"type": "default"}
    return "commands", json.dumps(scope, sort_keys=True), _language(parameters)


def set_my_commands(world: World, parameters: Json) -> bool:
    check_commands(parameters["commands"])
    world.profile[_commands_key(parameters)] = parameters["commands"]
    return True


def get_my_commands(world: World, parameters: Json) -> list[Json]:
    """Of exactly that scope and language."""
    commands: list[Json] = world.profile.get(_commands_key(parameters), [])
    return commands


def delete_my_commands(world: World, parameters: Json) -> bool:
    world.profile.pop(_commands_key(parameters), None)
    return True


def _setter(field: str) -> Method:
    def set_text(world: World, parameters: Json) -> bool:
        world.profile[field, _language(parameters)] = parameters.get(field, "")
        return True

    return set_text


def _getter(field: str, default: Callable[[World], str]) -> Method:
    """In that language, else for all, else the default."""

    def get_text(world: World, parameters: Json) -> Json:
        own = world.profile.get((field, _language(parameters)))
        return {field: own or world.profile.get((field, "")) or default(world)}

    return get_text


def set_chat_menu_button(world: World, parameters: Json) -> bool:
    chat_id = parameters.get("chat_id")
    if chat_id is not None and world.chat(chat_id).kind != "private":
        raise bad_request("chat_id must be of a private chat")
    world.profile["menu_button", str(chat_id)] = parameters.get("menu_button") or {"type": "default"}
    return True


def get_chat_menu_button(world: World, parameters: Json) -> Json:
    button: Json = world.profile.get(("menu_button", str(parameters.get("chat_id"))), {"type": "default"})
    return button


PROFILE_METHODS: Final[dict[str, Method]] = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": _setter("name"),
    "getMyName": _getter("name", lambda world: world.bot.name),
    "setMyDescription": _setter("description"),
    "getMyDescription": _getter("description", lambda _world: ""),
    "setMyShortDescription": _setter("short_description"),
    "getMyShortDescription": _getter("short_description", lambda _world: ""),
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
