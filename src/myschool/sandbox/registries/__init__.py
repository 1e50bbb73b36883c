"""State registries as a house meets them: slow, asynchronous, sometimes silent, and never telling what they hold.

    POST {registry}/requests                                     ask; idempotent by request_id
        {"request_id": UUID, "kind": "birth_certificate" | "passport" | "snils",
         "claim": {"document": {…}, "particulars": {field: text or null}},
         "callback_url": address of the asker, or left out}
      → 202 {"id", "accepted_at", "promised_by"}                 the same again for a repeated question
      → 400 malformed · 409 request_id with another claim · 422 callback_url of a stranger · 503 out of service

    GET {registry}/requests/{id}
      → 200 {"id", "request_id", "kind", "state": "pending", "accepted_at", "promised_by"}
      → 200 {…, "state": "answered", "answered_at", "evidence": {"type": "no_record"}}
      → 200 {…, "evidence": {"type": "compared", "findings": [{"field": "given_name", "how": "differs"}, …]}}
      → 404

    POST {registry}/answers/take   {"limit": 1 … 1000}           the asker's queue, signed as a push is
      → 200 {"answers": [{"delivery", "request_id", "body"}]}    `body`: the text of an answer as a push brings it
    POST {registry}/answers/ack    {"deliveries": […]}           these do not come again; all others do, after a lease
      → 200 {"acknowledged"} · 401 not signed by the asker

    any address → 503 while all registers are out of service, 429 when called too often; both with Retry-After

    POST callback_url      the same body as GET when answered, signed as `kit.shared_key` says with the key in the file
                           `registry.key` of the common home; repeated until 2xx, and sometimes twice for no reason;
                           after a 4xx (but 408, 429) the answer waits in the queue

`document` of a birth certificate: kind (RF_BRTH_CERT …), series if any, number; of a passport: series, number; of a
СНИЛС: snils (11 digits). A birth that is not held under its document is looked for by `act_number`, `act_date` and
`birth_date`, all three, letter by letter; found so, its findings end with {"field": "document", "how": "differs"}.
Fields and degrees of agreement are the words of `papers.matching`; dates are ISO. `parent_…`
is compared with the mother or the father, whichever agrees better. A registry compares what both sides name.
Times follow the sandbox's clock.
"""
