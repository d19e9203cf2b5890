"""Tells commercial advertising from the school's own business, and says why."""
