"""A made-up city: people, their records and the untidiness of real files, the same for the same seed."""
