"""Questions to registries: sent once, decided once.

A birth certificate, a passport or a СНИЛС is asked about by `actions.ask`. The agenda carries the question to the
registry (`sending`); the answer is pushed to us (`api`) or taken from our queue there in batches (`taking`), and
`answers.record_all` weighs them. Whoever asked learns of it by the event `CheckDecided`; of waiting that changes its
state, by `CheckMoved`. Deadlines are timers. Which register it is, the adapter behind `gateway` knows.
"""
