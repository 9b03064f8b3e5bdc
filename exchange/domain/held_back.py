"""The case as departments know it: without what the window has still to examine."""

from collections.abc import Callable, Collection
from dataclasses import replace

from exchange.domain.facts import sort_out
from exchange.domain.identity.persons import Persons
from exchange.domain.matters.examinations import held_back
from exchange.domain.matters.materials import material_views
from exchange.domain.matters.views import ANNOUNCED, MatterView
from exchange.domain.policy import Policy
from exchange.domain.prefill import prefill, prefill_each
from exchange.domain.records.findings import Facts
from exchange.domain.views import Case

MattersOf = Callable[[Facts, Persons, Policy], tuple[MatterView, ...]]


def as_departments_know(case: Case, policy: Policy, standing: MattersOf) -> Case:
    """Return the case as if the applications that wait for the window had not been made.

    What has to be taken back waits for nobody: a matter of which nobody is to be told stands as it does.

    Args:
        case: The case.
        policy: Which applications wait.
        standing: Works out how the matters stand.
    """
    rule = policy.window_rule
    waiting = held_back(case.facts, rule) if rule.examine_first else frozenset()
    if not waiting:
        return case
    persons = _without(waiting, case.persons)
    facts = sort_out(persons, policy)
    form = prefill(facts, policy)
    return replace(
        case,
        persons=persons,
        facts=facts,
        matters=_known(standing(facts, persons, policy), case.matters),
        materials=material_views(facts, policy),
        form=form,
        applications=prefill_each(facts, form, policy),
    )


def _without(waiting: Collection[str], persons: Persons) -> Persons:
    documents = [one for one in persons.documents if one[-1].record.record_id not in waiting]
    return replace(persons, documents=documents)


def _known(examined: tuple[MatterView, ...], now: tuple[MatterView, ...]) -> tuple[MatterView, ...]:
    ended = {(one.matter, one.instance): one for one in now if one.state not in ANNOUNCED}
    return tuple(ended.get((one.matter, one.instance), one) for one in examined)
