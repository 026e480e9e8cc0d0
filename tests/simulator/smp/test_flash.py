"""Slots, uploads, and what a start makes of them."""

from __future__ import annotations

import hashlib

import pytest
from smp import image_management as image
from smp.message import Request

from techtool.simulator.smp.images import made, read
from techtool.simulator.smp.server import Server
from tests.simulator.smp.asking import told

NEW = made((1, 1, 0), 1000)
HASH = read(NEW).hash  # type: ignore[union-attr]
SHA = hashlib.sha256(NEW).digest()


def listed(server: Server) -> list[tuple[int, str, set[str]]]:
    images = told(server, image.ImageStatesReadRequest(), image.ImageStatesReadResponse).images
    names = ("active", "confirmed", "pending", "permanent")
    return [(one.slot, one.version, {name for name in names if getattr(one, name)}) for one in images]


def part(server: Server, offset: int, size: int = 300, sha: bytes = SHA) -> tuple[int | None, bool | None]:
    data = NEW[offset : offset + size]
    if offset:
        request = image.ImageUploadWriteRequest(off=offset, data=data)
    else:
        request = image.ImageUploadWriteRequest(off=0, data=data, len=len(NEW), sha=sha)
    answer = told(server, request, image.ImageUploadWriteResponse)
    return answer.off, answer.match


def uploaded() -> Server:
    server = Server(buffer=2048)
    offset: int | None = 0
    while offset is not None and offset < len(NEW):
        offset, _ = part(server, offset)
    return server


def error(server: Server, request: Request) -> image.IMG_MGMT_ERR:
    return told(server, request, image.ImageManagementErrorV2).err.rc


def test_an_image_comes_in_parts_and_is_checked() -> None:
    server = Server(buffer=2048)
    assert part(server, 0) == (300, None) and listed(server) == [(0, "1.0.0", {"active", "confirmed"})]
    assert part(server, 900) == (300, None), "where the next one must begin"
    assert part(server, 300, 600) == (900, None)
    assert part(server, 900) == (len(NEW), True)
    assert listed(server) == [(0, "1.0.0", {"active", "confirmed"}), (1, "1.1.0", set())]
    assert part(server, 300) == (0, None), "nothing is under way"
    wrong = Server(buffer=2048)
    part(wrong, 0, 1000, sha=bytes(32))
    assert part(wrong, 1000) == (len(NEW), False)


def test_the_same_file_goes_on_and_another_begins_anew() -> None:
    server = Server(buffer=2048)
    part(server, 0)
    assert part(server, 0) == (300, None)
    part(server, 300)
    assert part(server, 0) == (600, None)
    assert part(server, 0, sha=bytes(32)) == (300, None)
    server.start()
    assert part(server, 300) == (0, None), "it forgot it"


def test_a_trial_goes_back_unless_it_is_confirmed() -> None:
    server = uploaded()
    states = told(server, image.ImageStatesWriteRequest(hash=HASH), image.ImageStatesWriteResponse)
    assert states.images[1].pending and not states.images[1].permanent
    server.start()
    assert listed(server) == [(0, "1.1.0", {"active"}), (1, "1.0.0", set())]
    server.start()
    assert listed(server) == [(0, "1.0.0", {"active", "confirmed"}), (1, "1.1.0", set())]
    server.flash.mark(HASH, confirm=False)
    server.start()
    told(server, image.ImageStatesWriteRequest(confirm=True), image.ImageStatesWriteResponse)
    server.start()
    assert listed(server)[0] == (0, "1.1.0", {"active", "confirmed"})


def test_what_is_confirmed_before_it_ran_stays() -> None:
    server = uploaded()
    told(server, image.ImageStatesWriteRequest(hash=HASH, confirm=True), image.ImageStatesWriteResponse)
    assert listed(server)[1] == (1, "1.1.0", {"pending", "permanent"})
    server.start()
    assert listed(server)[0] == (0, "1.1.0", {"active", "confirmed"})


def test_a_slot_is_erased_unless_it_is_needed() -> None:
    server = uploaded()
    told(server, image.ImageEraseRequest(slot=1), image.ImageEraseResponse)
    assert len(listed(server)) == 1
    told(server, image.ImageEraseRequest(), image.ImageEraseResponse)
    server = uploaded()
    server.flash.mark(HASH, confirm=False)
    assert error(server, image.ImageEraseRequest()) is image.IMG_MGMT_ERR.IMAGE_ALREADY_PENDING
    assert error(server, image.ImageEraseRequest(slot=0)) is image.IMG_MGMT_ERR.NO_FREE_SLOT
    assert error(server, image.ImageEraseRequest(slot=7)) is image.IMG_MGMT_ERR.INVALID_SLOT


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (image.ImageUploadWriteRequest(off=0, data=NEW[:100]), image.IMG_MGMT_ERR.INVALID_LENGTH),
        (
            image.ImageUploadWriteRequest(off=0, data=bytes(100), len=100),
            image.IMG_MGMT_ERR.INVALID_IMAGE_HEADER_MAGIC,
        ),
        (
            image.ImageUploadWriteRequest(off=0, data=NEW[:100], len=10**6),
            image.IMG_MGMT_ERR.INVALID_IMAGE_TOO_LARGE,
        ),
        (image.ImageUploadWriteRequest(off=0, data=NEW, len=100), image.IMG_MGMT_ERR.INVALID_IMAGE_DATA_OVERRUN),
        (image.ImageStatesWriteRequest(hash=bytes(32)), image.IMG_MGMT_ERR.NO_IMAGE),
        (image.ImageStatesWriteRequest(), image.IMG_MGMT_ERR.INVALID_HASH),
    ],
)
def test_what_is_wrong_has_its_code(request_: Request, code: image.IMG_MGMT_ERR) -> None:
    assert error(Server(buffer=2048), request_) is code


def test_while_one_is_on_trial_no_other_comes_in() -> None:
    server = uploaded()
    active = server.flash.slots[0]
    assert active is not None
    denied = image.IMG_MGMT_ERR.IMAGE_SETTING_TEST_TO_ACTIVE_DENIED
    assert error(server, image.ImageStatesWriteRequest(hash=active.hash)) is denied
    server.flash.mark(HASH, confirm=False)
    request = image.ImageUploadWriteRequest(off=0, data=NEW[:100], len=len(NEW))
    assert error(server, request) is image.IMG_MGMT_ERR.NO_FREE_SLOT
    server.start()
    assert error(server, request) is image.IMG_MGMT_ERR.NO_FREE_SLOT
