"""Children of a parent: from a typed card to the account of a child. «Способ №1», «Способ №2».

A parent types a card (`actions.drafts`), sends it (`actions.sending`); the civil registry's verdict settles the
guardianship (`actions.settling`), or a clerk decides on papers (`actions.papers`). What is in force opens the dialog in
which the child's account is made (`actions.account`), or attaches the account that is there (`actions.attaching`).
Slices above ask `actions.look`: whose children, whose guardians, where a child's code goes.
"""
