"""What can be done: fill the catalogue, give and take access, open a platform, answer it, say who received what."""

from myschool.portal.content.actions.catalogue import fill_catalogue, prepare_keys, register_platform

__all__ = ["fill_catalogue", "prepare_keys", "register_platform"]
