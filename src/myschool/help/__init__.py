"""Instructions: each guide goes through one journey step by step, with pictures that the journey's own test took.

guides   what each step says; the tests in tests/journeys walk the same steps by the same keys
pages    /help and /help/<guide>, in both houses
"""
