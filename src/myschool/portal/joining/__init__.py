"""A pupil asks to join a school; its administrator decides; a membership follows.

model    JoinRequest and its states as a table, Decision, Membership, reasons, deadlines
store    requests, memberships, drafts
actions  submit, withdraw, answer (the family) · open, approve, decline, ask (the school)
         remind (the clock) · follow (the register)
pages    «Личный кабинет» and the family's pages · the administrator's queue
"""
