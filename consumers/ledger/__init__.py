"""What came of every record of the log, kept outside the join; what is missing is delivered again."""
