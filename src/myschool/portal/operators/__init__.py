"""Operators of the portal: the people who keep it running, and the check that somebody is one.

model    Operator: what one gets after the check
store    who was appointed, by СНИЛС, since an operator may not have signed in yet
actions  appoint_once, dismiss, operator_of (the check)
pages    checked: the same for a page
"""
