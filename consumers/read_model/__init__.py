"""The read model in PostgreSQL: how it is kept, and how it is asked. It can be dropped and rebuilt."""
