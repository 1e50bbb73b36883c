"""SQL of the family: `guardianships` with their children and decisions, `drafts` of what is under way."""
