"""Policies other than the one that is shipped: copies of its files with some words changed."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from exchange.domain.policy import HERE, Policy, load_policy
from exchange.domain.policy_files.banks import Banks
from exchange.domain.policy_files.models import Matter

Edit = tuple[str, str, str]
"""File, the words that stand there, and those that are put in their stead."""

TRANSFER = 13
PROOF_OF_TITLE = 18
THIRTEENTH: tuple[Edit, ...] = (
    (
        "matters.yaml",
        "  - matter: 12\n",
        """  - matter: 13
    term: 车辆过户
    english: Transfer of a vehicle
    decides: police
    applies: {}
    prerequisites: [death]
    done_by: {result: true}
    limit_working_days: 2
    materials: [{kind: 1, assumed: true}, {kind: 4, assumed: true}, {kind: 18, assumed: true}]
    source: "assumed: made up"

  - matter: 12
""",
    ),
    (
        "materials.yaml",
        "materials:\n",
        """materials:
  - kind: 18
    term: 机动车登记证书
    english: Vehicle title
    source: "assumed: made up"
""",
    ),
)
"""A thirteenth matter, which the police decide, and a kind of material, which it alone asks for."""


def edited(folder: Path, *edits: Edit) -> Path:
    """The folder with a copy of the shipped policy, in which these words are changed, each once."""
    shutil.copytree(HERE, folder, dirs_exist_ok=True)
    for file, before, after in edits:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert before in text, before
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return folder


def counting_from(count_from: str) -> Policy:
    """The shipped policy, with limits that count a record from when it was told or recorded."""
    policy = load_policy()
    return replace(policy, periods=policy.periods.model_copy(update={"count_from": count_from}))


def examining_first() -> Policy:
    """The shipped policy, by which departments are told of what is handed in at the window once examined."""
    policy = load_policy()
    since = datetime(2020, 1, 1, tzinfo=UTC)
    at_the_window = {"examine_first": ("WINDOW", "ASSISTED", "HOME_VISIT"), "examine_since": since}
    rule = policy.window_rule.model_copy(update=at_the_window)
    return replace(policy, window_rule=rule)


def with_former_matters(policy: Policy) -> Policy:
    """The policy with matters as the first version had them: all that has become of them since is data."""
    former = tuple(matter.model_copy(update=_former(matter)) for matter in policy.matters)
    return replace(policy, matters=former, banks=Banks())


def _former(matter: Matter) -> dict[str, Any]:
    prerequisites = {10: ("death", "bank_deposit"), 12: ("death", "inheritance_document")}
    papers = tuple(
        one.model_copy(
            update={"required": True, "kind": 7 if matter.matter == 12 and one.kind > 7 else one.kind}
        )
        for one in matter.materials
        if matter.matter == 12 or one.kind <= 7
    )
    instance = matter.instance and matter.instance.model_copy(update={"in_application": None})
    return {
        "prerequisites": prerequisites.get(matter.matter, matter.prerequisites),
        "materials": papers,
        "applies": matter.applies.model_copy(update={"not_counted": {}}),
        "instance": instance,
        "ways_out": (),
        "without_application": None,
        "limit_working_days": {1: 3, 6: 15}.get(matter.matter, matter.limit_working_days),
        "entitled": None,
        "opened_by_application": False,
    }


def without_matter(folder: Path, number: int, since: str) -> Policy:
    """The shipped policy without one of its matters, which was taken out at a moment."""
    text = (HERE / "matters.yaml").read_text(encoding="utf-8")
    section = text[text.index(f"  - matter: {number}\n") :]
    end = section.find("\n  - matter: ")
    section = section if end < 0 else section[: end + 1]
    return load_policy(edited(folder, ("matters.yaml", section, ""), numbers_since(since)))


def numbers_since(moment: str) -> Edit:
    """From when on a record may name what the policy has, and nothing else."""
    text = (HERE / "acceptance.yaml").read_text(encoding="utf-8")
    shipped = next(line for line in text.splitlines() if line.startswith("  numbers: "))
    return "acceptance.yaml", shipped, f'  numbers: "{moment}"'
