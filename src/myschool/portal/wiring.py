"""Event → reactions, the only way up. One table on one screen."""

from dataclasses import dataclass

from myschool.kit import clock, upkeep
from myschool.kit.agenda import Wiring
from myschool.kit.db import Tx
from myschool.kit.letters import LetterDue, Postman, delivery
from myschool.kit.settings import Settings
from myschool.kit.vault import Vault
from myschool.portal.consents.model import ConsentGiven, ConsentWithdrawn
from myschool.portal.content import reactions as content
from myschool.portal.content.actions import launching
from myschool.portal.content.model import LaunchDue
from myschool.portal.joining import reactions as joining
from myschool.portal.joining.letters import Correspondence
from myschool.portal.joining.model import (
    InformationAsked,
    MembershipEnded,
    RequestApproved,
    RequestDeclined,
    RequestDue,
    RequestPassedOn,
    RequestStranded,
    RequestSubmitted,
)
from myschool.portal.people.model import ChildrenTold
from myschool.portal.schools.model import SchoolLiquidated, SchoolReorganised
from myschool.portal.signin.model import PersonSignedIn


@dataclass(frozen=True)
class Context:
    """What the reactions of this house work with."""

    settings: Settings
    vault: Vault


async def forget(tx: Tx) -> None:
    """Once an hour: what is past leaves the database."""
    await upkeep.forget(tx)
    await launching.purge(tx, clock.now())


def wiring(context: Context, postman: Postman) -> Wiring[Context]:
    post = Correspondence(context.vault, context.settings.portal_url)
    return {
        LetterDue: [delivery(context.vault, postman)],
        PersonSignedIn: [],
        ChildrenTold: [],
        ConsentGiven: [content.settle],
        ConsentWithdrawn: [content.settle],
        RequestSubmitted: [post.submitted],
        RequestApproved: [post.approved, content.request_approved],
        MembershipEnded: [content.settle],
        RequestDeclined: [post.declined],
        InformationAsked: [post.asked],
        RequestDue: [post.late],
        SchoolReorganised: [joining.school_reorganised],
        SchoolLiquidated: [joining.school_liquidated],
        RequestPassedOn: [post.passed_on],
        RequestStranded: [post.stranded],
        LaunchDue: [content.launch_due],
    }
