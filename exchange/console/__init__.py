"""The console: what people do with cases, in a browser; a view of the desk, and nothing but pages."""
