"""`exchange credentials`: what those outside prove with who they are."""
