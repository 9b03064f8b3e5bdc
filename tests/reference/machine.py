"""Anything that may happen to two or three persons, in any order; after each step the model is asked."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.cases import Given
from tests.reference import histories
from tests.reference.comparison import (
    TAKEN_BACK,
    Persons,
    WorldLike,
    differences,
    differences_then,
    expected_of,
    repeated_ids,
    wrong_marks,
    wrong_shares,
)
from tests.reference.placing import LINKED, UNLINKED

WHICH = st.integers(0, 40)
SOMEBODY = st.sampled_from([0, 0, 0, 0, 1, 1, 2])
DAYS = st.integers(0, 60)
DESK = "the person's"
DESKS = st.sampled_from([DESK, "the record's", "a third"])
"""In whose case a handler decides whose a record is; without a number the first."""
LATE = st.sampled_from([False, False, False, True])
MINUTES = st.sampled_from([1, 59, 61])
KINDS_ON_PERSONS = (LINKED, UNLINKED)
OF_NOBODY = ("decision", "acknowledgement", "examination", "handover", "appointment", "enquiry")
"""What says nothing of a person is nobody's but its own case's."""


class Exchange(RuleBasedStateMachine):
    """A world and what was sent to it.

    Its rules can also be called by their names, as a history that somebody has written down does; what is
    left out then is as it mostly is.

    Attributes:
        new_world: makes the world; set by the test.
        made: every record, whether it was sent or is still on its way.
        on_its_way: records that departments made and the log has not taken.
        corrected: first records of the documents whose number was corrected.
        named: first record of a document → the one that handlers name when they decide whose it is.
        expected: what the model said last, by so many records as were modelled.
        compared: how many announcements were looked at.
    """

    new_world: ClassVar[Callable[[], WorldLike]]

    def __init__(self) -> None:
        super().__init__()
        self.world = type(self).new_world()
        self.made: list[Given] = []
        self.on_its_way: list[Given] = []
        self.corrected: set[str] = set()
        self.named: dict[str, Mapping[str, Any]] = {}
        self.expected: Persons | None = None
        self.modelled = self.compared = 0

    @initialize(scene=st.sampled_from(histories.SCENES))
    def begin(self, scene: tuple[histories.Made, ...]) -> None:
        """Something has happened already."""
        for made in scene:
            self._make(histories.fact(made, self._label, histories.NUMBERS[0]), late=False)

    @rule(made=st.sampled_from(histories.FACTS), who=SOMEBODY, named=st.booleans(), late=LATE, history=LATE)
    def publish(
        self,
        made: histories.Made,
        who: int = 0,
        named: bool = False,
        late: bool = False,
        history: bool = False,
    ) -> None:
        """A department states a fact; at times with another name on it."""
        name = {"name": histories.OTHER_NAME} if named and who == 1 else {}
        number = histories.NUMBERS[who]
        self._make(histories.fact(made, self._label, number, backfill=history, **name), late)

    @rule(made=st.sampled_from(histories.FACTS[:9]), late=LATE)
    def publish_without_number(self, made: histories.Made, late: bool = False) -> None:
        """A body that nobody has named yet."""
        self._make(histories.fact(made, self._label, None), late)

    @rule(of=st.sampled_from(histories.RESULTS), who=SOMEBODY, days=DAYS)
    def conclude(self, of: tuple[int, str], who: int = 0, days: int = 0) -> None:
        """A department says how it disposed of its matter."""
        self._make(histories.result(of, self._label, histories.NUMBERS[who], days), late=False)

    @precondition(lambda self: self.made)
    @rule(of=st.sampled_from(histories.RESULTS), which=WHICH, days=DAYS)
    def answer(self, of: tuple[int, str], which: int, days: int = 0) -> None:
        """A department says to whose application it speaks, if that is one."""
        asked = self._pick(which)
        if asked[0] == "application":
            number = asked[1].get("id_number") or histories.NUMBERS[0]
            about = asked[1]["record_id"]
            self._make(histories.result(of, self._label, number, days, application=about), late=False)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, found=st.sampled_from(histories.FINDINGS), days=DAYS, late=LATE)
    def examine(self, which: int, found: Mapping[str, Any], days: int = 0, late: bool = False) -> None:
        """The window examines an application, asks for corrections or finds it in order."""
        asked = self._pick(which)
        if asked[0] == "application":
            number = asked[1].get("id_number") or histories.NUMBERS[0]
            about = {"application": asked[1]["record_id"], **found}
            self._make(histories.of_window("examination", self._label, number, days, **about), late)

    @precondition(lambda self: self.made)
    @rule(of=st.sampled_from(histories.WORK), which=WHICH, who=SOMEBODY, days=DAYS, late=LATE)
    def work_at_window(
        self, of: histories.Made, which: int, who: int = 0, days: int = 0, late: bool = False
    ) -> None:
        """Results are handed out, appointments made and enquiries answered: no department's affair."""
        kind, own = of
        named = {"results": [self._pick(which)[1]["record_id"]]} if kind == "handover" else {}
        work = histories.of_window(kind, self._label, histories.NUMBERS[who], days, **own, **named)
        self._make(work, late)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, how=st.sampled_from(histories.AMENDMENTS), stated=st.booleans(), late=LATE)
    def amend(self, which: int, how: dict[str, Any], stated: bool = True, late: bool = False) -> None:
        """A source corrects what it said; old systems state no revision."""
        before = self._pick(which)
        fields = {name: value for name, value in how.items() if name in before[1]}
        self._succeed(before, "AMENDED", stated, late, **fields)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, stated=st.booleans(), late=LATE)
    def revoke(self, which: int, stated: bool = True, late: bool = False) -> None:
        """A source takes back what it said."""
        self._succeed(self._pick(which), "REVOKED", stated, late)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, who=SOMEBODY, action=st.sampled_from(["AMENDED", "AMENDED", "REVOKED"]), late=LATE)
    def correct_number(self, which: int, who: int, action: str = "AMENDED", late: bool = False) -> None:
        """The number was wrong: what the source sends next bears the right one. It finds out once.

        Not of a document that a handler has placed, nor does a handler place such a one: of two thousand
        histories that mix both, engine and model part in one. `tests/domain/identity/test_persons.py` mixes
        them.
        """
        before = self._pick(which)
        original = self._original(before[1])["record_id"]
        if before[0] not in OF_NOBODY and original not in self.corrected | self.named.keys():
            self.corrected.add(original)
            number = {"id_number": histories.NUMBERS[who], "id_type": "RESIDENT_ID"}
            self._succeed(before, action, True, late, **number)

    @rule(
        kind=st.sampled_from(histories.ON_MATTERS),
        on=st.sampled_from(histories.MATTERS),
        who=SOMEBODY,
        days=DAYS,
    )
    def decide_matter(self, kind: str, on: tuple[int, str | None], who: int = 0, days: int = 0) -> None:
        """A handler takes a matter out, holds it or lets it go on."""
        number, (matter, instance) = histories.NUMBERS[who], on
        about = {"matter": matter, "instance": instance}
        self._make(histories.decision(kind, self._label, number, days, **about), late=False)

    @precondition(lambda self: self.made)
    @rule(
        which=WHICH, against=st.none() | WHICH, on=st.sampled_from([None, None, 4, 9]), days=DAYS, late=LATE
    )
    def resolve(
        self,
        which: int,
        against: int | None = None,
        on: int | None = None,
        days: int = 0,
        late: bool = False,
    ) -> None:
        """A handler believes one record, and perhaps says which not, or for which matter."""
        believed = self._pick(which)[1]
        overrules = {} if against is None else {"overrules": [self._pick(against)[1]["record_id"]]}
        about = {"in_favour_of": believed["record_id"], "matter": on, **overrules}
        number = believed.get("id_number") or histories.NUMBERS[0]
        self._make(histories.decision("CONFLICT_RESOLVED", self._label, number, days, **about), late)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, who=SOMEBODY, desk=DESKS, days=DAYS, late=LATE)
    def link(self, which: int, who: int, desk: str = DESK, days: int = 0, late: bool = False) -> None:
        """A handler says whose record it is: in that person's case, in the record's own, or in a third."""
        self._rule_on_person(LINKED, which, who, desk, days, late)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, who=SOMEBODY, desk=DESKS, days=DAYS, late=LATE)
    def unlink(self, which: int, who: int, desk: str = DESK, days: int = 0, late: bool = False) -> None:
        """A handler says whose record it is not."""
        self._rule_on_person(UNLINKED, which, who, desk, days, late)

    @rule(who=SOMEBODY, to=SOMEBODY, kind=st.sampled_from(KINDS_ON_PERSONS), days=DAYS)
    def move_whole_person(self, who: int, to: int, kind: str, days: int) -> None:
        """A handler says that two numbers are one person's, or after all are not."""
        about = {"linked_id_number": histories.NUMBERS[to]}
        self._make(histories.decision(kind, self._label, histories.NUMBERS[who], days, **about), late=False)

    @precondition(lambda self: self.made)
    @rule(which=WHICH, minutes=MINUTES)
    def issue_anew(self, which: int, minutes: int) -> None:
        """Old systems correct by revoking and issuing anew; after a while it is another matter."""
        before = self._pick(which)
        if before not in self.on_its_way and before[0] != "decision":
            self._succeed(before, "REVOKED", stated=True, late=False)
            self.world.tick(self.world.now + timedelta(minutes=minutes))
            self._make(histories.anew(before, self._label), late=False)

    @precondition(lambda self: any(one["transition"] in TAKEN_BACK for one in self.world.announcements))
    @rule(which=WHICH, by_another=LATE, late=LATE)
    def acknowledge(self, which: int, by_another: bool = False, late: bool = False) -> None:
        """A department signs for what was taken back, or one that was never told of it."""
        taken_back = [one for one in self.world.announcements if one["transition"] in TAKEN_BACK]
        told = taken_back[which % len(taken_back)]
        for number in histories.NUMBERS:
            if self.world.case_id(number) == told["case_id"]:
                department = "justice" if by_another else told["department"]
                self._make(histories.signed(told["id"], department, self._label, number), late)

    @precondition(lambda self: self.world.published)
    @rule(which=WHICH)
    def look_back(self, which: int) -> None:
        """An auditor asks what was known when some record had just come."""
        published = self.world.published
        moment = datetime.fromisoformat(published[which % len(published)].taken_at)
        apart = differences_then(self.world, moment)
        assert not apart, "\n".join(apart)

    @rule(days=st.integers(1, 15))
    def wait(self, days: int) -> None:
        """Days pass in which nobody is told anything."""
        self.world.tick(self.world.now + timedelta(days=days))

    @precondition(lambda self: self.on_its_way)
    @rule(which=WHICH)
    def deliver(self, which: int) -> None:
        """What was on its way arrives."""
        self.world.publish(self.on_its_way.pop(which % len(self.on_its_way)))

    @precondition(lambda self: self.made)
    @rule(which=WHICH)
    def duplicate(self, which: int) -> None:
        """A sender that had no answer sends again."""
        record = self._pick(which)
        if record not in self.on_its_way:
            assert self.world.publish(record) == "DUPLICATE"

    @precondition(lambda self: self.made)
    @rule(which=WHICH)
    def use_id_again(self, which: int) -> None:
        """A record id stands for one content; another one under it is refused."""
        record = self._pick(which)
        if record not in self.on_its_way:
            assert self.world.publish((record[0], {**record[1], "county": "秦州区"})) == "REJECTED"

    @rule()
    def restart(self) -> None:
        """The last messages come again."""
        self.world.restart()

    @invariant()
    def agrees_with_model(self) -> None:
        """The one thing that is asked of the engine."""
        if self.expected is None or len(self.world.published) > self.modelled:
            self.expected, self.modelled = expected_of(self.world.published), len(self.world.published)
        apart = differences(self.world, self.expected)
        assert not apart, "\n".join(apart)
        assert repeated_ids(self.world.announcements) == []
        assert wrong_marks(self.world, self.expected, self.compared) == []
        assert wrong_shares(self.world, self.expected, self.compared) == []
        self.compared = len(self.world.announcements)

    def teardown(self) -> None:
        """The log makes the same cases again, byte for byte."""
        assert dict(self.world.replayed().encoded) == dict(self.world.encoded)

    @property
    def _label(self) -> str:
        return str(len(self.made))

    def _pick(self, which: int) -> Given:
        return self.made[which % len(self.made)]

    def _make(self, record: Given, late: bool) -> None:
        self._note_named(record[1])
        self.made.append(record)
        if late:
            self.on_its_way.append(record)
        else:
            self.world.publish(record)

    def _succeed(self, before: Given, action: str, stated: bool, late: bool, **fields: Any) -> None:
        revision = {} if stated else {"revision": None}
        after = histories.succession(before, action, self._label, len(self.made) % 5, **revision, **fields)
        self._make(after, late)

    def _rule_on_person(self, *args: Any) -> None:
        kind, which, who, desk, days, late = args
        (record_type, record), target = self._pick(which), histories.NUMBERS[who]
        if record_type in OF_NOBODY or self._original(record)["record_id"] in self.corrected:
            return
        record = self._named_before(record)
        own = record.get("id_number")
        third = next(number for number in histories.NUMBERS if number not in (own, target))
        filed = {DESK: None, "the record's": own, "a third": third}[desk]
        about = {"in_favour_of": record["record_id"], "linked_id_number": target}
        self._make(histories.decision(kind, self._label, filed, days, **about), late)

    def _named_before(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        """Handlers name one record of a document, always the same: the first about which they decided."""
        return self.named.setdefault(self._original(record)["record_id"], record)

    def _note_named(self, record: Mapping[str, Any]) -> None:
        by_id = self._by_id
        if record.get("kind") in KINDS_ON_PERSONS and record.get("in_favour_of") in by_id:
            self._named_before(by_id[record["in_favour_of"]])

    @property
    def _by_id(self) -> dict[str, Mapping[str, Any]]:
        return {made["record_id"]: made for _, made in self.made}

    def _original(self, record: Mapping[str, Any]) -> Mapping[str, Any]:
        by_id = self._by_id
        while record.get("supersedes") in by_id:
            record = by_id[record["supersedes"]]
        return record
