"""The answers that departments were given, found by record, place in the log, or day."""
