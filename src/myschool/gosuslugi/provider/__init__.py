"""ESIA's endpoints: `/aas/oauth2/v2/ac`, `/aas/oauth2/v3/te`, `/rs/…`, `/idp/ext/Logout`.

`pages` meets the person's browser, `api` the systems. What is right and wrong by the protocol `myschool.esia` judges;
this slice adds what needs a memory: requests that wait for sign-in and consent, codes that were redeemed, what stands
behind an access token, and why a system was refused (`provider_refusal`, for the developer).
"""
