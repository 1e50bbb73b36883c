"""Undoing the last import: every row it touched is again what it was."""

from myschool.kit import clock
from myschool.kit.db import Tx
from myschool.portal.schools import store
from myschool.portal.schools.actions.bring import ImportReport, publish_index


class NothingToUndo(Exception):
    """No import stands, or the directory was changed by hand after it."""


async def undo_last_import(tx: Tx) -> ImportReport:
    """New rows are marked as gone, the others restored. Raises `NothingToUndo`.

    Only the newest import can be undone, so that no later one loses what it stood on; repeated, it goes further back.
    """
    before = await store.lock(tx)
    last = await store.last_import(tx)
    if last is None:
        raise NothingToUndo
    version, at = before + 1, clock.now()
    touched = await store.history_of_import(tx, last.id)
    report = ImportReport(version=version, import_id=last.id)
    ogrns = [ogrn for ogrn, _ in touched]
    await store.remember(tx, ogrns, version, at, import_id=None, are_new=False)
    new = [ogrn for ogrn, row in touched if row is None]
    await store.mark_gone(tx, new, version, at)
    for ogrn, row in touched:
        if row is not None:
            await store.restore(tx, ogrn, row, version, at)
    report.counts.gone, report.counts.changed = len(new), len(touched) - len(new)
    report.counts.lines = len(touched)
    await store.raise_version(tx, version)
    await store.mark_undone(tx, last.id, at)
    await publish_index(tx, version, touched=len(touched))
    return report
