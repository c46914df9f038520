"""What the stand-in answers instead of a result."""

from __future__ import annotations

from collections.abc import Mapping


class RefusalError(Exception):
    """An `ok: false` answer: an HTTP status, a description in the official server's words, and its parameters."""

    def __init__(self, code: int, description: str, parameters: Mapping[str, int] | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, object]:
        answer: dict[str, object] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = dict(self.parameters)
        return answer


def bad_request(detail: str) -> RefusalError:
    return RefusalError(400, f"Bad Request: {detail}")


def forbidden(detail: str) -> RefusalError:
    return RefusalError(403, f"Forbidden: {detail}")
