"""Bugs as one might well write them, each put into the engine to see it found.

A bug goes in where the engine says something in the domain's own words, never into how it works inside: best
of all into what `fold`, `consequences` or `case_of` take, the policy among it, or into what they give; else
into another public function of the domain; of looks back, into `CasePast` and what it reads. So the engine
may be taken apart and put together anew: no more than an import here changes.

To add one:

1. Write the wrong function into the module that it belongs to, under `@planted`, with the rule that it breaks
   in the words of the specification, and with `history=()`. It calls the right one by its name: only the
   product gets to see the wrong one. (A method keeps the right one under a name of its own, as in `pasts`.)
2. Let the machine look for it, by a word of its name. The test fails, and says the shortest history found:

       EXCHANGE_MACHINE_EXAMPLES=1 python -m pytest tests/reference/test_planted.py -k "machine and WORD"

3. Write that down as the bug's history: a few steps by the machine's rules, what is not chosen being as it
   mostly is. By day these are all that is tried; at night the machine looks for each bug anew.

A history in which the engine errs without the bug is refused, and so is a bug on which a rule fails instead
of saying something wrong.
"""
