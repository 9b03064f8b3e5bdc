"""What a handler does with a case from the command line: forms of the desk, typed or given by a program."""
