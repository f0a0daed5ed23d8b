"""Keeps the keys of what is sealed: a data key for each report, wrapped by the master key."""
