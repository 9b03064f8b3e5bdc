"""What was known of a case and when, how it came about, and what a record brought about: from the log."""
