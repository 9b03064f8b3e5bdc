"""`exchange quarantine`: what was refused, and what becomes of it."""
