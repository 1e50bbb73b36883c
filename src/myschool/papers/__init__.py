"""What Russian papers carry: names, numbers, dates, certificates; pure values, no input or output.

`errors` tells why a typed paper is refused. `typed` undoes what keyboards and clipboards spoil.
`numbers` has СНИЛС, ИНН, ОГРН, passport, telephone, e-mail; `names` has ФИО.
`dates` reads and words dates and ages; `calendar` counts working days.
`places` finds the region in an address as people type it.
`certificates` is the birth certificate; `matching` compares what a person claims with what a register holds.
Whatever identifies a person hides itself in `repr`, `str` and format strings.
"""
