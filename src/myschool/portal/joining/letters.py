"""Letters about requests: first name, state and a link; nothing else that says who somebody is."""

from typing import Any
from uuid import UUID

from myschool.kit import clock, letters
from myschool.kit.agenda import Work
from myschool.kit.db import Tx
from myschool.kit.letters import Letter
from myschool.kit.vault import Vault
from myschool.papers.filters import day
from myschool.portal.joining import words
from myschool.portal.joining.actions import remind
from myschool.portal.joining.model import (
    InformationAsked,
    JoinRequest,
    RequestApproved,
    RequestDeclined,
    RequestDue,
    RequestPassedOn,
    RequestStranded,
    RequestSubmitted,
)
from myschool.portal.people import actions as people
from myschool.portal.roll import actions as roll
from myschool.portal.schools import actions as schools


class Correspondence:
    """Writes to families and schools. `origin` is where the links lead."""

    def __init__(self, vault: Vault, origin: str) -> None:
        self.vault, self.origin = vault, origin

    async def submitted(self, work: Work[Any], event: RequestSubmitted) -> None:
        request = await remind.load(work.tx, event.request_id)
        school = await schools.look_at(work.tx, request.wish.school.digits)
        await self._to_family(
            work.tx,
            request,
            f"Заявка {request.number} отправлена в школу",
            f"Мы передали вашу заявку: {school.shown_name}, {request.wish.school_class} класс.\n"
            f"Школа ответит не позднее {day(request.deadline)}.",
        )
        await self._to_school(work.tx, request, "Новая заявка в школу", f"Ответьте не позднее {day(request.deadline)}.")

    async def approved(self, work: Work[Any], event: RequestApproved) -> None:
        request = await remind.load(work.tx, event.request_id)
        school = await schools.look_at(work.tx, request.wish.school.digits)
        await self._to_family(
            work.tx,
            request,
            "Школа одобрила вашу заявку",
            f"{school.shown_name}, {request.wish.school_class} класс. Теперь вам открыты образовательные платформы.",
        )

    async def declined(self, work: Work[Any], event: RequestDeclined) -> None:
        request = await remind.load(work.tx, event.request_id)
        reason = request.decision.reason if request.decision else None
        why = f"Причина: {words.REASONS[reason]}.\n{words.WAY_ON[reason]}" if reason else ""
        await self._to_family(work.tx, request, "Школа отклонила вашу заявку", why)

    async def asked(self, work: Work[Any], event: InformationAsked) -> None:
        request = await remind.load(work.tx, event.request_id)
        await self._to_family(
            work.tx,
            request,
            "Школа задала вопрос о вашей заявке",
            f"Откройте заявку и ответьте не позднее {day(request.deadline)}.",
        )

    async def passed_on(self, work: Work[Any], event: RequestPassedOn) -> None:
        """The school was merged while the family waited."""
        request = await remind.load(work.tx, event.request_id)
        school = await schools.look_at(work.tx, request.wish.school.digits)
        until = day(event.deadline)
        await self._to_family(
            work.tx,
            request,
            f"Заявка {request.number} перешла в другую школу",
            f"Школу, которую вы выбрали, присоединили к другой: {school.shown_name}, {school.place}.\n"
            f"Заявка уже там, ничего делать не нужно. Школа ответит не позднее {until}. "
            "Если эта школа вам не подходит, отзовите заявку.",
        )
        await self._to_school(work.tx, request, "Новая заявка в школу", f"Ответьте не позднее {until}.")

    async def stranded(self, work: Work[Any], event: RequestStranded) -> None:
        request = await remind.load(work.tx, event.request_id)
        await self._to_family(
            work.tx,
            request,
            f"Школа по заявке {request.number} закрыта",
            "Заявку мы отозвали: ответить на неё некому. Выберите другую школу в «Личном кабинете».",
        )

    async def late(self, work: Work[Any], event: RequestDue) -> None:
        request = await remind.on_deadline(work.tx, event, clock.now())
        if request is None:
            return
        until = day(request.deadline)
        await self._to_family(
            work.tx,
            request,
            f"Заявка {request.number}: школа пока не ответила",
            f"Мы напомнили школе. Новый срок: {until}. Вы можете позвонить в школу и назвать номер заявки.",
        )
        await self._to_school(work.tx, request, "Заявка ждёт дольше срока", f"Ответьте не позднее {until}.")

    async def _to_family(self, tx: Tx, request: JoinRequest, subject: str, said: str) -> None:
        await self._write(tx, request.filed_by, subject, said, f"/requests/{request.id}")

    async def _to_school(self, tx: Tx, request: JoinRequest, subject: str, said: str) -> None:
        for person_id in await roll.administrators_of(tx, request.wish.school):
            path = f"/school/{request.wish.school.digits}/requests/{request.id}"
            await self._write(tx, person_id, subject, f"Заявка № {request.number}. {said}", path)

    async def _write(self, tx: Tx, person_id: UUID, subject: str, said: str, path: str) -> None:
        person = await people.person(tx, self.vault, person_id)
        email = await people.email_of(tx, self.vault, person_id)
        if email is None:
            return
        text = f"Здравствуйте, {person.name.given_name}!\n\n{said}\n\nПодробно: {self.origin}{path}\n"
        await letters.send(tx, self.vault, Letter(email.address, subject, text))
