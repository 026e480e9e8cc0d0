"""The slots of a device and the images in them, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from smp.image_management import ImageState, ImageStatesReadResponse

from techtool.serviceport.smp.answers import Answer, Told
from techtool.text import safe

VERSION = 60
"""Characters of a version that are shown."""


def images_in(answer: Answer | None) -> tuple[ImageState, ...] | None:
    """What stands in an image list; None where it is none."""
    if isinstance(answer, Told) and isinstance(answer.structure, ImageStatesReadResponse):
        return tuple(answer.structure.images)
    return None


def running(images: Iterable[ImageState]) -> ImageState | None:
    """The image that runs: of the application, where there are several."""
    active = [one for one in images if one.active]
    return min(active, key=lambda one: one.image or 0, default=None)


def with_hash(images: Iterable[ImageState], hash: bytes) -> list[ImageState]:
    """The slots that have this image."""
    return [one for one in images if one.hash == hash]


def version_of(image: ImageState) -> str:
    """Its version, for people."""
    return safe(image.version, VERSION)


def place_of(image: ImageState) -> str:
    """Where it is: ``slot 1``, and of which image where there are several."""
    return f"slot {image.slot}" + (f" of image {image.image}" if image.image else "")


def next_place(images: Iterable[ImageState]) -> str:
    """Where an upload of the application goes, and what is there: never where it runs from."""
    own = [one for one in images if not one.image]
    spare = next((one for one in own if not one.active), None)
    if spare is not None:
        return f"{place_of(spare)}, where version {version_of(spare)} is now"
    first = next((one for one in own if one.slot in (0, 1)), None)
    return f"slot {1 - first.slot}, which is empty" if first is not None else "its second slot"


def lost_by_upload(images: Iterable[ImageState]) -> str | None:
    """What an upload overwrites that somebody counts on, as a part of a sentence; None where nothing."""
    own = [one for one in images if not one.image]
    active = next((one for one in own if one.active), None)
    spare = next((one for one in own if not one.active), None)
    if spare is None:
        return None
    what = f"version {version_of(spare)} in {place_of(spare)}"
    if spare.pending:
        return f"{what} was to start at the next reset, and is overwritten"
    if active is not None and not active.confirmed:
        return f"{what} is the way back from version {version_of(active)}, which runs on trial, and is overwritten"
    return None


def plain(images: Iterable[ImageState]) -> list[dict[str, Any]]:
    """As a document: what is not told of a state is not so."""
    return [
        {
            "image": one.image or 0,
            "slot": one.slot,
            "version": version_of(one),
            "hash": one.hash.hex() if one.hash is not None else None,
            "active": bool(one.active),
            "confirmed": bool(one.confirmed),
            "pending": bool(one.pending),
            "permanent": bool(one.permanent),
            "bootable": bool(one.bootable),
        }
        for one in images
    ]


def fate(images: Iterable[ImageState]) -> str | None:
    """What the next start will change, in a sentence; None where nothing."""
    for one in images:
        if one.pending:
            how = "for good" if one.permanent else "on trial"
            return f"Version {version_of(one)} in {place_of(one)} starts {how} at the next reset."
        if one.active and not one.confirmed:
            text = f"Version {version_of(one)} runs on trial: the one before it comes back at the next reset"
            return f"{text}, unless it is confirmed."
    return None
