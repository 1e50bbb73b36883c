"""What these pages borrow from sign-in: its form of a code and its rules of a new password. `app` hands them over."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from myschool.gosuslugi.people.model import ContactKind
from myschool.gosuslugi.signin.model import Judged, Outcome, Sending
from myschool.kit.web.forms import Form
from myschool.kit.web.visit import Visit


class Lent(Protocol):
    password_hint: str
    outcomes: Mapping[Outcome, str]
    """Words of the history of sign-ins."""
    taken: Mapping[ContactKind, str]
    """The contact is another account's."""

    def device(self, agent: str) -> str:
        """«Firefox, Linux»."""
        ...

    async def take_code(
        self, form: Form, enter: Callable[[str], Awaitable[Judged]], resend: Callable[[], Awaitable[Sending]]
    ) -> bool:
        """True when the typed code was right; else the sentence is noted at the field."""
        ...

    def tell_resent(self, visit: Visit, sending: Sending) -> None:
        """What came of asking for another code, at the top of the next page."""
        ...

    def take_new_password(self, form: Form, about: Sequence[str]) -> str | None:
        """None with the sentence noted; `about` is what a password must not repeat."""
        ...

    async def hashed(self, password: str) -> str | None:
        """None when too many hashes wait; takes 30 ms, so outside any transaction."""
        ...
