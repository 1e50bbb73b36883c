"""The service centre: a clerk compares papers with their bearer and decides; who decided on what evidence is kept.

`identity*` confirms a citizen who came with a passport, `children*` decides about a child by papers.
`actions.clerk(visit)` says who sits at the desk.
"""
