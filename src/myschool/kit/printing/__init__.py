"""Papers to print: a `Sheet` of plain parts becomes a PDF that a screen reader can read (PDF/UA-1).

    pdf(Sheet("Заявление", [Number("Номер", "4F7D-29GN"), Steps(["…", "…"])]), now)

`sheet` holds what a paper is made of, `press` makes the PDF, `sheet.typ` is how it looks.
"""

from myschool.kit.printing.press import pdf
from myschool.kit.printing.sheet import Code, Heading, Items, Number, Part, Rows, Sheet, Steps, Text, plain_name

__all__ = ["Code", "Heading", "Items", "Number", "Part", "Rows", "Sheet", "Steps", "Text", "pdf", "plain_name"]
