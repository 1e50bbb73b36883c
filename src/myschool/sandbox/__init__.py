"""THE WORLD outside both houses: registries that answer late, a mailbox, learning platforms, and the cast.

Nothing here imports a house, and no house imports anything from here: they speak over HTTP and SMTP.
"""
