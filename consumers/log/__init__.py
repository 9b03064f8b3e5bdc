"""The log read, and copied into PostgreSQL: what every way out stands on."""
