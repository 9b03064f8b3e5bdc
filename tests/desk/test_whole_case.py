"""What is made of a whole case says by its own name that it is not for a department alone."""

from typing import Any, cast

import pytest

from exchange.desk.asker import Asker, NotAllowedError
from exchange.desk.desk import Desk
from exchange.desk.form import require_whole
from exchange.desk.look import LookRequest
from exchange.domain.policy import load_policy
from exchange.runtime.sentences import said


class PolicyOnly:
    """A desk of which only the policy and the permission are asked."""

    policy = load_policy()

    def require(self, *_: Any) -> None:
        """Allow everything: who may see a whole case is told apart after that."""


@pytest.mark.parametrize("command", ["form", "notice"])
def test_who_sees_a_part_is_told_what_is_made_of_the_whole(command: str) -> None:
    desk, request = cast(Desk, PolicyOnly()), LookRequest(reason="查看", command=command)
    handler = Asker("王芳", "department_handler", {"department": "justice"}, "command")
    with pytest.raises(NotAllowedError) as refused:
        require_whole(desk, handler, request)
    assert refused.value.message == said(f"{command}_whole")
    clerk = Asker("李娜", "window_clerk", {}, "command")
    require_whole(desk, clerk, request)
