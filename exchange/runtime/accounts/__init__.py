"""Accounts of people: their secrets, where they and what was done to them are kept, and who has signed in."""
