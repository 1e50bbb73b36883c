"""The school's own side: its classes and the people who act for it.

model    SchoolClass, AcademicYear, SchoolAdministrator (what one gets after the check)
store    who administers which school; appointments that wait for a person to sign in
actions  appoint, appoint_once, dismiss, administrator_of (the check), administered_by
"""
