"""Who keeps this house running, and what he sees: numbers without people, what was not delivered, checks that hang.

model     Operator: what one gets after the check
numbers   everything the page and the monitoring tell, as one value
store     who was appointed; the numbers as last counted
actions   appoint, dismiss, operator (the check); the numbers; a check asked once more
pages     «Проверки и очередь», «Недоставленное», the text for monitoring
metrics   the numbers as Prometheus reads them
"""
