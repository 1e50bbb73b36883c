"""Configuration: read once, refused with words, and silent about its secrets."""

from pathlib import Path

import pytest

from myschool.kit.settings import Settings, WrongSettings, read


def test_nothing_given_is_a_sandbox_on_this_machine() -> None:
    """Each part is its own origin on loopback, and the portal speaks to our own identity house."""
    settings = read({"HOME": "/somewhere", "PATH": "x"})
    assert settings.sandbox
    assert settings.bind == "127.0.0.1"
    assert settings.portal_url == "http://localhost:8000"
    assert settings.gosuslugi_url == settings.esia_url == "http://localhost:8001"
    assert settings.sms_url == "http://localhost:8002/sms"
    assert settings.home.is_absolute()


def test_a_moved_port_moves_the_address() -> None:
    """Addresses follow the ports unless they are given."""
    assert read({"MYSCHOOL_PORTAL_PORT": "9000"}).portal_url == "http://localhost:9000"


def test_each_house_has_its_own_database_or_the_common_one() -> None:
    """A house's own URL goes before the common one; without any the embedded database serves."""
    settings = read({"DATABASE_URL": "postgresql://common", "DATABASE_URL_PORTAL": "postgresql://own"})
    assert settings.database_of("portal") == "postgresql://own"
    assert settings.database_of("gosuslugi") == "postgresql://common"
    assert read({}).database_of("sandbox") == ""


def test_a_variable_set_to_nothing_is_not_set() -> None:
    """An empty line in a compose file is no value."""
    empty = {"MYSCHOOL_HOME": "", "MYSCHOOL_PORTAL_PORT": "", "DATABASE_URL": "", "MYSCHOOL_MODE": ""}
    assert read(empty) == read({})


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"MYSCHOOL_PORTL_PORT": "1"}, "MYSCHOOL_PORTL_PORT"),
        ({"DATABASE_URL_SCHOOL": "x"}, "unknown settings: DATABASE_URL_SCHOOL"),
        ({"MYSCHOOL_PORTAL_PORT": "zero"}, "portal_port"),
        ({"MYSCHOOL_PORTAL_PORT": "70000"}, "portal_port"),
        ({"MYSCHOOL_POOL_SIZE": "0"}, "pool_size"),
        ({"MYSCHOOL_MODE": "staging"}, "mode"),
        ({"MYSCHOOL_LOG_LEVEL": "loud"}, "log_level"),
        ({"MYSCHOOL_PORTAL_URL": "school.test"}, "portal_url"),
        ({"MYSCHOOL_PORTAL_URL": "https://school.test/portal"}, "portal_url"),
        ({"MYSCHOOL_PORTAL_URL": "https://user@school.test"}, "portal_url"),
        ({"MYSCHOOL_PORTAL_URL": "ftp://school.test"}, "portal_url"),
        ({"MYSCHOOL_PORTAL_URL": "https://school.test:port"}, "portal_url"),
    ],
)
def test_a_mistake_is_named(given: dict[str, str], words: str) -> None:
    """What can not be right stops the start and says where it stands."""
    with pytest.raises(WrongSettings, match=words):
        read(given)


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://School.Test/", "https://school.test"),
        ("https://school.test:443", "https://school.test"),
        ("http://school.test:80/", "http://school.test"),
        ("https://school.test:8443", "https://school.test:8443"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_an_address_is_written_as_browsers_write_it(given: str, origin: str) -> None:
    """Else every form would be refused for an Origin that differs by a slash."""
    assert read({"MYSCHOOL_PORTAL_URL": given}).portal_url == origin


@pytest.mark.parametrize("host", ["gosuslugi.ru", "www.gosuslugi.ru", "WWW.Gosuslugi.RU", "esia.gosuslugi.ru."])
@pytest.mark.parametrize("part", ["PORTAL", "GOSUSLUGI", "MAILBOX", "REGISTRY", "PLATFORM"])
def test_a_sandbox_never_answers_as_the_states_portal(host: str, part: str) -> None:
    """No part of a sandbox takes a name that people would trust with real data."""
    with pytest.raises(WrongSettings, match="never answers under"):
        read({f"MYSCHOOL_{part}_URL": f"https://{host}"})


def test_a_name_that_only_ends_alike_is_no_imitation() -> None:
    """The rule is about the domain, not about letters."""
    assert read({"MYSCHOOL_PORTAL_URL": "https://notgosuslugi.ru"}).portal_url == "https://notgosuslugi.ru"


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.168.1.5", "example.test"])
def test_a_sandbox_listens_to_strangers_only_when_told(bind: str) -> None:
    """Beyond loopback it must be said twice."""
    with pytest.raises(WrongSettings, match="MYSCHOOL_ALLOW_OUTSIDE"):
        read({"MYSCHOOL_BIND": bind})
    assert read({"MYSCHOOL_BIND": bind, "MYSCHOOL_ALLOW_OUTSIDE": "true"}).bind == bind
    assert read({"MYSCHOOL_BIND": bind, "MYSCHOOL_MODE": "production"}).bind == bind
    assert read({"MYSCHOOL_BIND": "::1"}).bind == "::1"


def test_secrets_are_not_shown() -> None:
    """Keys and passwords stand in no error report, log or debugger line."""
    settings = Settings(vault_keys="0a:SECRET", database_url="postgresql://u:SECRET@db", home=Path("/srv"))
    assert "SECRET" not in repr(settings) + str(settings) + f"{settings}"
