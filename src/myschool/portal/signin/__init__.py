"""The only way in: ESIA. From «Войти» to the main page.

`pages` sends the browser to ESIA and takes it back, `gateway` speaks to ESIA, `actions` makes a Person of what it told.
`home` is the main page; slices above put their cards on it (`model.Card`, listed in `app.py`).
What the other slices use: `actions.person(visit)`, which raises SignInRequired.
"""
