"""Which system got which of a person's data, until when, and by whose permission.

A system asks (`actions.ask`), the person answers on the page «Предоставление прав доступа», a Grant is made; in the
cabinet, «Согласия и доступы», it is withdrawn. For a child under 14 an adult answers: beforehand in the own cabinet, or
by a code that comes to the adult while the child sits before the page (`docs/decisions/0011-child-consent.md`).
"""
