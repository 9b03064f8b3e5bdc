"""What can be done with a case, as forms: what each asks, rests on, and makes of the answers. Pure."""
