"""Tables of this slice: the catalogue, what pupils hold, and what the provider needs to remember."""
