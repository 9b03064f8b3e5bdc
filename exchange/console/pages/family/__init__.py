"""What a family is told: its own page, and the hotline's answer in the same words."""
