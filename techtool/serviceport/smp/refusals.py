"""A device that says no: SMP's error codes in words. Data.

Sources: docs.zephyrproject.org, "SMP Protocol Specification", for the common codes; the enumerations of PyPI smp
for those of each group.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from smp.enumeration_management import ENUM_MGMT_ERR
from smp.file_management import FS_MGMT_ERR
from smp.header import GroupId
from smp.image_management import IMG_MGMT_ERR
from smp.os_management import OS_MGMT_RET_RC
from smp.settings_management import SETTINGS_MGMT_ERR
from smp.shell_management import SHELL_MGMT_RET_RC
from smp.statistics_management import STAT_MGMT_ERR
from smp.zephyr_management import ZEPHYRBASIC_MGMT_ERR

from techtool.text import safe

NOT_SUPPORTED = 8
"""The common code of a command, or of a whole group, that a device does not have."""
KEY_NOT_FOUND, ROOT_KEY_NOT_FOUND = int(SETTINGS_MGMT_ERR.KEY_NOT_FOUND), int(SETTINGS_MGMT_ERR.ROOT_KEY_NOT_FOUND)
NO_ENTRY = 5
"""The common code of something that is not there."""
_COMMON = {
    1: "it gives no reason",
    2: "it has not enough memory for that",
    3: "it does not take this value",
    4: "it took too long over it",
    5: "there is no such thing",
    6: "it cannot do that in the state that it is in",
    7: "the answer is too large for it",
    8: "it does not have this command",
    9: "what it has is damaged",
    10: "it is busy",
    11: "it does not allow this",
    12: "it wants a newer version of the protocol",
    13: "it wants an older version of the protocol",
}
_OWN = 256
_GROUPS: dict[int, type[IntEnum]] = {
    GroupId.OS_MANAGEMENT: OS_MGMT_RET_RC,
    GroupId.IMAGE_MANAGEMENT: IMG_MGMT_ERR,
    GroupId.STATISTICS_MANAGEMENT: STAT_MGMT_ERR,
    GroupId.SETTINGS_MANAGEMENT: SETTINGS_MGMT_ERR,
    GroupId.FILE_MANAGEMENT: FS_MGMT_ERR,
    GroupId.SHELL_MANAGEMENT: SHELL_MGMT_RET_RC,
    GroupId.ENUM_MANAGEMENT: ENUM_MGMT_ERR,
    GroupId.ZEPHYR_MANAGEMENT: ZEPHYRBASIC_MGMT_ERR,
}
_NEWER = {(int(GroupId.SETTINGS_MANAGEMENT), 8): "save not supported"}
"""What smp does not know yet. Source: settings-save at Zephyr 4.4, tried."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error code, and whose it is."""

    code: int
    group: int | None = None
    """Of which group's codes; None for those that all have in common."""
    reason: str = ""
    """In the device's own words, where it has some. Nothing was made safe in it."""

    @property
    def absent(self) -> bool:
        """The device does not have this, and will not have it the next time."""
        return self.group is None and self.code == NOT_SUPPORTED

    @property
    def missing(self) -> bool:
        """There is no setting of this name."""
        if self.group is None:
            return self.code == NO_ENTRY
        return self.group == GroupId.SETTINGS_MANAGEMENT and self.code in (KEY_NOT_FOUND, ROOT_KEY_NOT_FOUND)

    @property
    def words(self) -> str:
        """Why, as the end of a sentence."""
        more = f', "{safe(self.reason, 100)}"' if self.reason else ""
        return f"{self._words} ({self.code}{more})"

    @property
    def _words(self) -> str:
        if self.group is None:
            whose = "its maker has" if self.code >= _OWN else "SMP does not know"
            return _COMMON.get(self.code, f"it gives a reason that {whose}")
        known = _GROUPS.get(self.group)
        newer = _NEWER.get((self.group, self.code))
        if newer is None and known is not None and self.code in known._value2member_map_:
            newer = known(self.code).name.partition("MGMT_ERR_")[2] or known(self.code).name
            newer = newer.removeprefix("ERR_").replace("_", " ").lower()
        unknown = f"it gives a reason of group {self.group} that techtool does not know"
        return f'it says "{newer}"' if newer else unknown


def refusal_in(values: dict[str, Any]) -> Refusal | None:
    """The error in an answer, in SMP 1's form or in SMP 2's; None where it says no error."""
    reason = values.get("rsn")
    words = reason if isinstance(reason, str) else ""
    match values.get("err"):
        case {"rc": int(code), "group": int(group)} if code != 0:
            return Refusal(code, group, words)
    common = values.get("rc")
    if isinstance(common, int) and not isinstance(common, bool) and common:
        return Refusal(common, None, words)
    return None
