"""The directory of schools and the way to find one in it.

A school is a legal entity with an ОГРН (`model`). Registers come as files (`importing`): each line is taken or refused
with its reason, and an import is one transaction that can be undone. Rows live in tables with their history (`store`);
every process keeps an index of them in memory and follows their version (`directory`). People search by whatever they
know (`search`), look at a school by its ОГРН, and say so when theirs is not listed (`actions`, `pages`, `api`).
"""
