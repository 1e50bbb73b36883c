"""Letters and SMS that people of the sandbox get: received over SMTP and HTTP, read on a page.

Every address is accepted and nothing is sent on, so a person of the cast needs no real mailbox.
"""
