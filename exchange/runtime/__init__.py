"""The edges: settings, serialisation, the stack and the stream processor."""
