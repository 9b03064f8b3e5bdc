"""What may happen to a matter at any point of its life, as data."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tools.pages.transitions.records import ANOTHER_DAY, DIED, NUMBER, OTHER_NUMBER
from tools.pages.transitions.steps import (
    SOON,
    Steps,
    amended,
    decided,
    decided_for,
    decided_on,
    due,
    issued,
    passed,
    revoked,
    signed,
)


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the tables.

    Attributes:
        steps: What happens; the row tells what comes of all of them together.
        upon: What happens first, as its own row tells.
        unless: Where the record of this role is there already, the event is none.
    """

    name: str
    term: str
    steps: Steps
    upon: "Event | None" = None
    unless: str = ""

    @property
    def key(self) -> str:
        """What tells it from every other event."""
        return f"{self.upon.key} … {self.name}" if self.upon else self.name

    @property
    def chain(self) -> tuple["Event", ...]:
        """It and all that comes first, the first of them last."""
        return (self, *self.upon.chain) if self.upon else (self,)

    @property
    def depth(self) -> int:
        """How many events come first."""
        return len(self.chain) - 1


_REVOKED = Event("certificate revoked", "死亡证明撤销", (revoked("proof"),))
_POLICE = Event("police certify, too", "公安另出证明", (issued("second", "police_proof"),))
_MOVED = Event(
    "certificate moved to another number", "死亡证明更正号码", (amended("proof", id_number=OTHER_NUMBER),)
)
_CREMATED = Event("cremation on another date of death", "火化证明死亡日期不同", (issued("contradiction"),))
_RULED = Event("decided for the certificate", "裁定以死亡证明为准", (decided_for("proof"),), upon=_CREMATED)
_DROPPED = Event("data amended: applies no longer", "数据更正为不适用", (amended("deciding", "otherwise"),))
_LOST = Event("data revoked", "数据撤销", (revoked("deciding"),))
_PAID = Event("later data: paid out, stopped", "其后支付、停发", (issued("state", "otherwise"),))
_HELD = Event("held by a handler", "暂停办理", (decided("hold", "MATTER_HELD"),))
_FOUND = Event("found not applicable", "裁定不适用", (decided("finding", "MATTER_NOT_APPLICABLE"),))
_NAMED = Event("another name under the number", "同号异名", (issued("stranger"),))

_DEATH = (
    Event("certificate issued", "死亡证明签发", (issued("proof"),), unless="proof"),
    Event("certificate amended: another cause", "更正死因", (amended("proof", death_cause="肺炎"),)),
    Event("certificate amended: another date", "更正死亡日期", (amended("proof", death_time=ANOTHER_DAY),)),
    _REVOKED,
    Event("acknowledged by the department", "部门签收", (signed("withdrawal"),), upon=_REVOKED),
    Event("acknowledged by nobody in time", "逾期未签收", (passed(timedelta(days=2)),), upon=_REVOKED),
    Event("issued anew, not within the hour", "一小时后重新签发", (issued("proof"),), upon=_REVOKED),
    Event(
        "certificate revoked and issued anew within the hour",
        "一小时内撤销并重新签发",
        (revoked("proof"), issued("proof", after=SOON)),
    ),
    _POLICE,
    Event("certificate revoked", "死亡证明撤销", (revoked("proof"),), upon=_POLICE),
    _MOVED,
    Event("and back", "又更正回来", (amended("proof", id_number=NUMBER),), upon=_MOVED),
)
_CONFLICT = (
    _CREMATED,
    _RULED,
    Event("that decision revoked", "撤销该裁定", (revoked("ruling"),), upon=_RULED),
    Event("decided for the cremation", "裁定以火化证明为准", (decided_for("contradiction"),), upon=_CREMATED),
    Event(
        "cremation corrected", "火化证明更正", (amended("contradiction", death_time=DIED),), upon=_CREMATED
    ),
)
_DATA = (
    Event("data comes", "数据到达", (issued("deciding"),), unless="deciding"),
    _DROPPED,
    Event("amended back", "又更正回来", (amended("deciding", "deciding"),), upon=_DROPPED),
    _LOST,
    Event("issued anew, not within the hour", "一小时后重新登记", (issued("deciding"),), upon=_LOST),
    Event(
        "data revoked and issued anew within the hour",
        "一小时内撤销并重新登记",
        (revoked("deciding"), issued("deciding", after=SOON)),
    ),
    _PAID,
    Event("certificate revoked", "死亡证明撤销", (revoked("proof"),), upon=_PAID),
    Event(
        "cremation on another date of death", "火化证明死亡日期不同", (issued("contradiction"),), upon=_PAID
    ),
    Event("heirs' deed comes", "继承公证到达", (issued("deed"),), unless="deed"),
    Event("heirs' deed revoked", "继承公证撤销", (revoked("deed"),)),
)
_WORK = (
    Event("applied for", "申请", (issued("application"),)),
    Event("application amended: without it", "申请删去该事项", (amended("application", "without_it"),)),
    Event("application withdrawn", "撤回申请", (revoked("application"),)),
    Event("accepted", "受理", (issued("result", "accepted"),)),
    Event("rejected", "退回", (issued("result", "rejected"),)),
    Event("completed", "办结", (issued("result", "done"),)),
    Event("the last of these three revoked", "撤销最后结果", (revoked("result"),)),
)
_SOON = Event("limit: last working day but one comes", "期限将至", (due(),))
_OVER = Event("limit over", "超过期限", (due(),), upon=_SOON)
_TIME = (
    _SOON,
    _OVER,
    Event("completed all the same", "其后办结", (issued("result", "done"),), upon=_OVER),
)
_HANDLERS = (
    _HELD,
    Event("released", "恢复办理", (decided("release", "MATTER_RELEASED"),), upon=_HELD),
    Event("that decision revoked", "撤销该裁定", (revoked("hold"),), upon=_HELD),
    Event(
        "that decision amended: another matter", "裁定改为他项", (amended("hold", "elsewhere"),), upon=_HELD
    ),
    _FOUND,
    Event("that decision revoked", "撤销该裁定", (revoked("finding"),), upon=_FOUND),
    Event(
        "that decision revoked, then the certificate",
        "先后撤销该裁定与死亡证明",
        (revoked("finding"), revoked("proof")),
        upon=_FOUND,
    ),
    Event("completed after all", "其后办结", (issued("result", "done"),), upon=_FOUND),
)
_IDENTITY = (
    _NAMED,
    Event("the stranger unlinked", "认定非本人", (decided_on("PERSON_UNLINKED", "stranger"),), upon=_NAMED),
    Event(
        "the certificate linked", "死亡证明认定为本人", (decided_on("PERSON_LINKED", "proof"),), upon=_NAMED
    ),
)
EVENTS: Final = (*_DEATH, *_CONFLICT, *_DATA, *_WORK, *_TIME, *_HANDLERS, *_IDENTITY)
"""In the order of the rows: what comes upon another event follows it."""
