"""What can be done with a case as forms: what each asks, what it rests on, and which record it makes. Pure."""
