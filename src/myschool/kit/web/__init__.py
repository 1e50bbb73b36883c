"""Pages: sessions, forms, CSRF, errors with a trace number.

How a slice uses it
-------------------
`pages.py` of a slice offers `routes(...) -> list[Route]`, made of

    get("/family", show)            a page
    form("/family/add", show, add)  GET shows the form, POST takes it
    post("/family/{id}/send", send) POST only
    outward("/callback", prepare, ask, settle)   three steps; `ask` speaks to another system, outside any transaction
    api("/rs/prns/{oid}", person)   for machines: no session, no CSRF; takes a `Call`

A page handler is `async def show(visit: Visit) -> Response`. It runs in one transaction (`visit.tx`) that commits when
the handler returns and is begun anew after a conflict, so it may run twice: all effects go through `visit.tx`.

    visit.person_id          UUID of who is signed in; raises SignInRequired (→ sign-in and back, typed text kept)
    visit.typed              what was typed: the POST fields, or on GET what an ended session had kept
    visit.query.get("page")  query parameters;  visit.path_value("kind"), visit.path_id("id")  parts of the path
    visit.render("family/add.html", form=form, status=422)
    visit.redirect("/family")                      303
    visit.tell("success", "Заявка отправлена")     shown once on the next page
    visit.session.get/put/pop                      small values, sealed at rest
    Form(visit.typed).take("snils", Snils.parse, missing="Введите СНИЛС", wrong="…")   see forms.py
    visit.too_many(90, page) 429 with Retry-After; without a page of its own a plain one
    raise Refusal(...)                             a dead end with a way on: a page with its own words and status

Templates live in the slice's own `templates/` folder and are named `<slice>/<file>.html`; they extend `layout.html`
and import macros from `ui.html`.
"""
