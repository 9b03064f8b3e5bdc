"""`exchange statistics`: how long matters take, as tables and as a page."""
