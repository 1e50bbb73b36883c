"""152-ФЗ: consent to the processing of personal data by the portal itself, and the completing of a registration.

The first sign-in leads here: a profile is chosen and consent given, on one page. For a child under 14 a parent consents
in the own cabinet. What a platform gets is another consent and not here.
"""
