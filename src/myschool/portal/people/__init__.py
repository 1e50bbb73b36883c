"""Person as «Моя школа» knows him: what ESIA told at the last sign-in, and the profiles he has here.

`model` holds Person, Profile and the rule who may choose which; `actions` takes in what ESIA told, gives persons to the
slices above, and keeps what ESIA told of a person's children until `family` makes guardianships of it (`ChildrenTold`).
"""
