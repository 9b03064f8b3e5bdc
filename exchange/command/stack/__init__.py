"""Commands about the running exchange: start, stop, status, deployment, backup."""
