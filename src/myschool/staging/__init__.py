"""What stands ready when the curtain rises: who has which account, who works where, which systems know each other.

The only place that knows both houses and the cast; it uses the houses' actions and nothing below them.
"""
