"""A message signed with a shared key is told from a forged, a changed and an old one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from myschool.kit.shared_key import SharedKey, WrongSignature, load

KEY = SharedKey(b"k" * 32)
AT = datetime(2026, 12, 2, 9, tzinfo=UTC)
BODY = b'{"state":"answered"}'


def test_a_signed_message_is_taken() -> None:
    """Now, and up to five minutes to either side."""
    header = KEY.signature(BODY, AT)
    for shift in (timedelta(), timedelta(minutes=5), timedelta(minutes=-5)):
        KEY.check(header, BODY, AT + shift)


@pytest.mark.parametrize(
    ("header", "body", "now", "reason"),
    [
        (None, BODY, AT, "missing"),
        ("", BODY, AT, "missing"),
        ("garbage", BODY, AT, "form"),
        ("t=1,v1=ё", BODY, AT, "form"),
        ("t=99999999999999999999,v1=00", BODY, AT, "form"),
        (KEY.signature(BODY, AT), BODY + b" ", AT, "mismatch"),
        (SharedKey(b"x" * 32).signature(BODY, AT), BODY, AT, "mismatch"),
        (KEY.signature(BODY, AT).replace("t=1", "t=2"), BODY, AT, "mismatch"),
        (KEY.signature(BODY, AT), BODY, AT + timedelta(minutes=5, seconds=1), "stale"),
        (KEY.signature(BODY, AT), BODY, AT - timedelta(minutes=5, seconds=1), "stale"),
    ],
)
def test_any_other_message_is_refused(header: str | None, body: bytes, now: datetime, reason: str) -> None:
    """Missing, malformed, changed, foreign, redated and old messages are refused, each by its reason."""
    with pytest.raises(WrongSignature) as refused:
        KEY.check(header, body, now)
    assert refused.value.reason == reason


def test_the_key_file_is_made_once_and_private(tmp_path: Path) -> None:
    """Both programs read the same key, nobody else may."""
    path = tmp_path / "home" / "registry.key"
    assert load(path) == load(path)
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]


def test_a_short_key_is_no_key() -> None:
    """An empty or short secret is refused when the key is made, not when it is broken."""
    with pytest.raises(ValueError, match="32"):
        SharedKey(b"")
    assert "kkk" not in repr(KEY)
