"""The exchange: one case per deceased person, each matter ready the moment its prerequisites are in."""
