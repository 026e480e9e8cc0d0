"""What is known of each command of SMP. Data.

Source: docs.zephyrproject.org, the pages of the SMP groups. smp's structures say what the answers look like.
"""

from __future__ import annotations

from typing import NamedTuple

from smp import image_management as image
from smp import os_management as system
from smp import settings_management as setting
from smp import shell_management as shell
from smp import statistics_management as statistics
from smp.message import Response

TIMEOUT_S = 2.5
"""A device answers within some milliseconds; while it writes to its flash, within a second or two."""
ERASE_S = 40.0
"""A large slot that is erased at once takes half a minute."""
SHELL_S = 10.0


class Known(NamedTuple):
    """One command, read or written."""

    words: str
    """For people, without an article."""
    changes: bool = True
    """It may change something at the device."""
    answer: type[Response] | None = None
    timeout: float | None = None
    """Seconds; None for the usual."""


_R, _W = False, True
_KNOWN: dict[tuple[bool, int, int], Known] = {
    (_W, 0, 0): Known("echo", False, system.EchoWriteResponse),
    (_R, 0, 2): Known("task list", False),
    (_R, 0, 3): Known("list of memory pools", False),
    (_R, 0, 4): Known("date and time", False),
    (_W, 0, 4): Known("setting of date and time"),
    (_W, 0, 5): Known("reset", True, system.ResetWriteResponse),
    (_R, 0, 6): Known("MCUmgr parameter list", False, system.MCUMgrParametersReadResponse),
    (_R, 0, 7): Known("application info", False, system.OSApplicationInfoReadResponse),
    (_R, 0, 8): Known("bootloader info", False, system.BootloaderInformationReadResponse),
    (_R, 1, 0): Known("image list", False, image.ImageStatesReadResponse),
    (_W, 1, 0): Known("image mark", True, image.ImageStatesWriteResponse),
    (_W, 1, 1): Known("image upload", True, image.ImageUploadWriteResponse),
    (_W, 1, 5): Known("image erase", True, image.ImageEraseResponse, ERASE_S),
    (_R, 1, 6): Known("slot info", False),
    (_R, 2, 0): Known("statistics group", False, statistics.GroupDataResponse),
    (_R, 2, 1): Known("list of statistics", False, statistics.ListOfGroupsResponse),
    (_R, 3, 0): Known("setting", False, setting.ReadSettingResponse),
    (_W, 3, 0): Known("write of a setting", True, setting.WriteSettingResponse),
    (_W, 3, 1): Known("deletion of a setting", True, setting.DeleteSettingResponse),
    (_W, 3, 2): Known("commit of settings", True, setting.CommitSettingsResponse),
    (_R, 3, 3): Known("loading of settings"),  # what was not saved is lost by it
    (_W, 3, 3): Known("saving of settings", True, setting.SaveSettingsResponse),
    (_R, 8, 0): Known("file download", False),
    (_W, 8, 0): Known("file upload"),
    (_R, 8, 1): Known("file size", False),
    (_R, 8, 2): Known("file checksum", False),
    (_R, 8, 3): Known("list of checksums", False),
    (_W, 8, 4): Known("closing of files"),
    (_W, 9, 0): Known("shell command", True, shell.ExecuteResponse, SHELL_S),
    (_R, 10, 0): Known("count of groups", False),
    (_R, 10, 1): Known("list of groups", False),
    (_R, 10, 2): Known("group number", False),
    (_R, 10, 3): Known("detailed list of groups", False),
    (_W, 63, 0): Known("erase of the storage", True, None, ERASE_S),
}
"""By write, group, command."""


def known(writes: bool, group: int, command: int) -> Known:
    """What is known of a command; of one of a vendor only that it is one."""
    found = _KNOWN.get((writes, group, command))
    if found is not None:
        return found
    return Known(f"{'write' if writes else 'read'} of command {command} in group {group}", changes=writes)
