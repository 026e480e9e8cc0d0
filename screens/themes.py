"""The three themes, and the inks that their states are written in.

Every state also has a word and a shape: colour only repeats them. All pairs of ``sun`` and ``night`` have a
contrast of 8:1 at least; ``ansi`` takes the terminal's own 16 colours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme


@dataclass(frozen=True, slots=True)
class Ink:
    """One style for each role. Only the roles of a theme are ever used on a screen."""

    text: Style
    muted: Style
    ok: Style
    warn: Style
    fault: Style
    info: Style
    accent: Style
    alarm: Style
    """A fault that nobody may overlook: reversed."""
    cursor: Style
    head: Style


def _ink(text: str, muted: str, ok: str, warn: str, fault: str, info: str, accent: str) -> Ink:
    return Ink(
        text=Style(color=text),
        muted=Style(color=muted),
        ok=Style(color=ok, bold=True),
        warn=Style(color=warn, bold=True),
        fault=Style(color=fault, bold=True),
        info=Style(color=info),
        accent=Style(color=accent, bold=True),
        alarm=Style(color=fault, bold=True, reverse=True),
        cursor=Style(reverse=True),
        head=Style(color=text, bold=True),
    )


INKS: dict[str, Ink] = {
    "sun": _ink("#000000", "#3F3F3F", "#00572B", "#7A3E00", "#A30000", "#003E9E", "#5A0080"),
    "night": _ink("#FFFFFF", "#C0C0C0", "#5CFF9D", "#FFD23F", "#FF8A80", "#7FD1FF", "#E0A3FF"),
    "ansi": _ink("default", "default", "green", "yellow", "red", "cyan", "magenta"),
}


def _theme(name: str, back: str, text: str, muted: str, *, dark: bool) -> Theme:
    ink = INKS[name]

    def of(style: Style) -> str:
        return style.color.name if style.color is not None else text

    return Theme(
        name=name,
        primary=of(ink.info),
        secondary=of(ink.accent),
        warning=of(ink.warn),
        error=of(ink.fault),
        success=of(ink.ok),
        accent=of(ink.accent),
        foreground=text,
        background=back,
        surface=back,
        panel=back,
        boost=back,
        dark=dark,
        text_alpha=1.0,
        luminosity_spread=0.0,
        variables={
            "text": text,
            "text-muted": muted,
            "text-disabled": muted,
            "foreground-muted": muted,
            "foreground-disabled": muted,
            "block-cursor-foreground": back,
            "block-cursor-background": text,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-foreground": text,
            "block-cursor-blurred-background": back,
            "input-cursor-background": text,
            "input-cursor-foreground": back,
            "input-selection-background": muted,
            "input-selection-foreground": back,
            "border": text,
            "border-blurred": muted,
            "scrollbar": muted,
            "scrollbar-hover": text,
            "scrollbar-active": text,
            "scrollbar-background": back,
            "scrollbar-background-hover": back,
            "scrollbar-background-active": back,
            "scrollbar-corner-color": back,
        },
    )


_ANSI = replace(
    BUILTIN_THEMES["ansi-dark"],
    name="ansi",
    primary="ansi_cyan",
    secondary="ansi_magenta",
    accent="ansi_magenta",
    variables={
        **BUILTIN_THEMES["ansi-dark"].variables,
        "border-blurred": "ansi_default",
        "scrollbar": "ansi_white",
        "scrollbar-hover": "ansi_white",
        "scrollbar-active": "ansi_white",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "scrollbar-corner-color": "ansi_default",
    },
)

THEMES: tuple[Theme, ...] = (
    _theme("night", "#000000", "#FFFFFF", "#C0C0C0", dark=True),
    _theme("sun", "#FFFFFF", "#000000", "#3F3F3F", dark=False),
    _ANSI,
)
ORDER = ("sun", "night", "ansi")
"""How F2 goes round."""
