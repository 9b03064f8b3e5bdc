"""Where somebody begins the day: what there is to do, each number a way to its list."""
