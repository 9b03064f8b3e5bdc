"""How a form becomes a record: checked and published under one lock of its case, and once."""
