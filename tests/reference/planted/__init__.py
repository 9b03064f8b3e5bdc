"""Bugs as one might well write them, each put into the engine to see it found.

A bug goes in where the engine says something in the domain's own words, never into how it works inside: best
of all into what `fold`, `consequences` or `case_of` take, the policy among it, or into what they give; else
into another public function of the domain; of looks back, into `CasePast` and what it reads. So the engine
may be taken apart and put together anew: no more than an import here changes.

To add one: write the wrong function into the module that it belongs to, under `@planted`, with the rule that
it breaks in the words of the specification. It calls the right one by its name, as imported; only the product
gets to see the wrong one. Then let the machine look for it,

    EXCHANGE_MACHINE_EXAMPLES=1000 python -m pytest tests/reference/test_planted.py -k "its name"

and write down as its history the shortest that shows it: a few of the machine's own rules, as in what
Hypothesis prints. A history in which the engine errs without the bug is refused, and so is a bug on which a
rule fails instead of saying something wrong.
"""
