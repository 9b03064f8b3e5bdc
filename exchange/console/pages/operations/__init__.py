"""What operators see to: parts and how they are, what was refused, accounts and credentials."""
