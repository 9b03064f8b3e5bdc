"""`make docs`: the reference pages that are made from schemas, catalogue, policy, engine and help."""
