"""«Числарий»: an invented learning platform, a client of «Моя школа» that shares no code with its provider.

registration(settings)   what the portal is told of it: client_id, secret, addresses
relying_party            sign-in by OpenID Connect, spoken by Authlib: initiation, state, nonce, PKCE, callback
store                    pupils, known by pseudonym only, and what they have solved
pages                    the entrance, the lesson, «Выйти»
"""

import warnings

from authlib.deprecate import AuthlibDeprecationWarning

# Authlib speaks through httpx as well as through its successor, and says so at each start.
warnings.filterwarnings("ignore", message="The httpx module is deprecated", category=AuthlibDeprecationWarning)
