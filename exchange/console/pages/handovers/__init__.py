"""The window hands out or mails all results, and has them signed for."""
