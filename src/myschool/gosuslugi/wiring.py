"""Event → reactions, the only way up. One table on one screen."""

from dataclasses import dataclass

from myschool.gosuslugi.centre import reactions as centre
from myschool.gosuslugi.centre.proposal_model import ProposalDue
from myschool.gosuslugi.checks import taking as checks
from myschool.gosuslugi.checks.gateway import open_registry
from myschool.gosuslugi.checks.model import CheckDecided, CheckMoved
from myschool.gosuslugi.family import reactions as family
from myschool.gosuslugi.family.actions import birthday_rounds, birthdays
from myschool.gosuslugi.family.agreement_model import AgreementDue
from myschool.gosuslugi.family.birthday_model import BirthdaysDue
from myschool.gosuslugi.family.model import (
    ChildAccountDeleted,
    DelegationDue,
    DeletionDue,
    GuardianshipDue,
    GuardianshipEnded,
    GuardianshipResumed,
    GuardianshipSuspended,
)
from myschool.gosuslugi.family.provisional_model import ProvisionalClosed, ProvisionalDue
from myschool.gosuslugi.grants import inheriting
from myschool.gosuslugi.grants import reactions as grants
from myschool.gosuslugi.grants.model import GrantWithdrawn
from myschool.gosuslugi.operating import actions as operating
from myschool.gosuslugi.operating.model import NumbersDue
from myschool.gosuslugi.people.model import LevelRaised
from myschool.gosuslugi.signin.actions import codes, identity
from myschool.kit import clock, upkeep
from myschool.kit.agenda import Wiring
from myschool.kit.db import Tx
from myschool.kit.letters import LetterDue, Postman, delivery
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault


@dataclass(frozen=True)
class Context:
    """What the reactions of this house work with."""

    settings: Settings
    vault: Vault


async def forget(tx: Tx) -> None:
    """At a worker's start and once an hour: what is past leaves the database, what goes on for ever is there."""
    await upkeep.forget(tx)
    await codes.purge(tx, clock.now())
    await birthdays.watch(tx)
    await checks.begin(tx)


def wiring(context: Context, postman: Postman) -> Wiring[Context]:
    papers = identity.reaction(context.vault, context.settings.gosuslugi_url)
    return {
        LetterDue: [delivery(context.vault, postman)],
        **checks.reactions(context.vault, open_registry(context.settings)),
        CheckDecided: [papers, family.check_decided],
        CheckMoved: [papers, family.check_moved],
        GuardianshipDue: [family.guardianship_due],
        DelegationDue: [family.delegation_due],
        ProposalDue: [centre.proposal_due],
        GuardianshipEnded: [inheriting.guardian_left],
        GuardianshipSuspended: [inheriting.guardian_left],
        GuardianshipResumed: [],
        ChildAccountDeleted: [grants.account_deleted],
        AgreementDue: [family.agreement_due],
        DeletionDue: [family.deletion_due],
        ProvisionalDue: [family.provisional_due],
        ProvisionalClosed: [family.provisional_closed],
        GrantWithdrawn: [],
        LevelRaised: [family.level_raised],
        BirthdaysDue: [birthday_rounds.TURNS],
        NumbersDue: [operating.numbers_due],
    }
