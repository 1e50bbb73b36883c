"""The only way in: ESIA. From «Войти» to the main page.

`pages` sends the browser to ESIA and takes it back, `gateway` speaks to ESIA, `actions` makes a Person of what it told.
`attempts` is what the browser's session remembers of ESIA, `family_pages` asks ESIA for the children before each page
about a child. `home` is the main page; slices above put their cards on it (`model.Card`, listed in `app.py`).
What the other slices use: `actions.person(visit)`, which raises SignInRequired.
"""
