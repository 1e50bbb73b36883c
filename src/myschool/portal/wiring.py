"""Event → reactions, the only way up. One table on one screen."""

from dataclasses import dataclass

from myschool.kit.agenda import Wiring
from myschool.kit.letters import LetterDue, Postman, delivery
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault


@dataclass(frozen=True)
class Context:
    """What the reactions of this house work with."""

    settings: Settings
    vault: Vault


def wiring(context: Context, postman: Postman) -> Wiring[Context]:
    return {
        LetterDue: [delivery(context.vault, postman)],
    }
