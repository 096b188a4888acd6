"""Damage to a library, found and repaired, and the backups that it is repaired from."""
