"""Messages with every field that a schema knows."""

from __future__ import annotations

from functools import cache
from typing import Any

from techtool.csms import schemas


@cache
def example(protocol: str, action: str, answer: bool = False) -> Any:
    """A valid payload of a request, or of an answer."""
    schema = schemas.schema(protocol, action, answer)
    assert schema is not None
    return _example(schema, schema)


def _example(root: dict[str, Any], part: dict[str, Any]) -> Any:
    if "$ref" in part:
        part = root["definitions"][part["$ref"].rsplit("/", 1)[-1]]
    if "enum" in part:
        return part["enum"][0]
    match part.get("type"):
        case "object":
            return {name: _example(root, one) for name, one in part.get("properties", {}).items()}
        case "array":
            return [_example(root, part["items"])] * max(1, part.get("minItems", 1))
        case "integer":
            return int(part.get("minimum", 1))
        case "number":
            return min(1.5, part.get("maximum", 1.5))
        case "boolean":
            return True
        case _:
            if part.get("format") == "date-time":
                return "2026-11-22T10:00:00Z"
            return "http://192.168.1.50/x" if part.get("format") == "uri" else "x"
