"""The families of `tests.gosuslugi.family` come to the desk."""

from tests.gosuslugi.family.conftest import dmitry, home, lyudmila, olga, tamara

__all__ = ["dmitry", "home", "lyudmila", "olga", "tamara"]
