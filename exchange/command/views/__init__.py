"""What a terminal shows: tables, lines and JSON rows. Views ask nothing and keep nothing."""
