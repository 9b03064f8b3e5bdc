"""The page of transitions: made-up histories, run through acceptance and the core, told as tables."""
