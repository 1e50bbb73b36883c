"""GROUND. What any house stands on: time, identifiers, settings, database, later work, secrets, journal, pages.

Knows no word of our domain: no person, no school, no certificate.
"""
