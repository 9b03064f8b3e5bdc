"""The door: departments, banks and counties come in over HTTP."""
