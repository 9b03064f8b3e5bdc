"""Access: from the table of the policy to rules at the brokers, and what an account may do; pure."""
