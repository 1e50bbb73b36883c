"""The service centre: a clerk compares papers with their bearer and decides; who decided on what evidence is kept.

`identity*` confirms a citizen who came with a passport. `actions.clerk(visit)` says who sits at the desk.
"""
