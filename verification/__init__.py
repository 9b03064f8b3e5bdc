"""Pure rules by which a department's record is accepted or refused."""
