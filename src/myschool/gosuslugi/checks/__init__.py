"""Questions to registries: sent once, decided once.

A birth certificate, a passport or a СНИЛС is asked about by `actions.ask`. The agenda carries the question to the
registry (`sending`), the answer is pushed to us (`api`) or fetched (`sending`), and `answers.record` weighs it. Whoever
asked learns of it by the event `CheckDecided`; of waiting that changes its state, by `CheckMoved`. Deadlines are
timers.
"""
