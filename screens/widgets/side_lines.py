"""One half of a pair of messages in lines: what the trace's detail and an opened knock show."""

from __future__ import annotations

from rich.text import Text

from techtool.trace import BAD, Side

from .lines import fit, join, wrap
from .look import Look
from .sheet import Line, line


def side_lines(side: Side, look: Look, width: int) -> list[Line]:
    """Heading, fields with verdicts beside them, then the raw bytes."""
    row, ink = side.row, look.ink
    took = f"   after {row.ms:.0f} ms" if row.ms is not None else ""
    style = ink.fault if row.flag == BAD else ink.head
    lines = [
        line(join(f" {look.clock(row.at, ms=True)}  {row.direction.value}  ", (side.heading, style), took)),
    ]
    lines += [line(Text(f"   ! {one}", ink.warn, end="")) for one in wrap(side.verdict, width - 6) if one]
    for field in side.fields:
        lines += _field(field.depth, field.name, field.value, field.verdict, look, width)
    if side.raw:
        lines.append(line(Text("   raw", ink.muted, end="")))
    for raw in side.raw:
        lines += [line(Text(f"   {one}", ink.muted, end="")) for one in wrap(raw, width - 4)]
    return lines


def _field(depth: int, name: str, value: str, verdict: str, look: Look, width: int) -> list[Line]:
    indent = "   " + "  " * depth
    label = f"{indent}{name}" if name else indent
    start = max(28, len(label) + 2) if name else len(indent)
    room = max(16, width - start)
    if verdict:
        room = max(16, room - len(verdict) - 5)
    parts = wrap(value, room) or [""]
    said = (f"   ! {verdict}", look.ink.warn) if verdict else ""
    lines = [line(join(fit(label, start) if name else label, (parts[0], look.ink.text), said))]
    return lines + [line(f"{' ' * start}{one}") for one in parts[1:]]
