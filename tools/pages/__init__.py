"""`make docs`: what is made from schemas, catalogue, policy, engine and help: reference pages, and types."""
