"""Children as ESIA tells them to their guardian, and which of them the portal knows by their own sign-in.

model    Child: what ESIA told, and the portal's person if there is one
actions  children (of a guardian)
"""
