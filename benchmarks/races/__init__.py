"""Races over real processes: who confirms at the same moment, and what comes of it."""
