"""A command that Ctrl-C meets while it is being loaded."""

raise KeyboardInterrupt
