"""Pages of the catalogue and of the ledger; `provider` and `api` speak OpenID Connect with platforms."""

from starlette.routing import BaseRoute

from myschool.kit.web.routing import GuardedRoutes
from myschool.portal.content.keys import ProviderKeys
from myschool.portal.content.pages import api, catalogue, ledger, provider
from myschool.portal.content.pages.catalogue import card

__all__ = ["card", "routes"]


def routes(family_pages: GuardedRoutes, keys: ProviderKeys | None = None) -> list[BaseRoute]:
    known = keys or ProviderKeys()
    return [*catalogue.routes(family_pages), *ledger.routes(family_pages), *provider.routes(known), *api.routes(known)]
