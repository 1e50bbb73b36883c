"""Citizens and their accounts: who a person is, how far the account is trusted, how to reach them, their papers.

A person registers and is known by name only (упрощённая). A register confirms passport and СНИЛС (стандартная), a clerk
compares the passport with the face (подтверждённая). A parent makes the account of a child.
This slice knows what is so; why a level was raised is decided above: `signin` asks the registers, `centre` the clerk.
"""
