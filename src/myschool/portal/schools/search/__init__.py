"""School search, an engine of its own: it knows no database and no page.

    build       schools → index (arrays; `to_bytes`, `from_bytes`)
    find        query, index → schools, best first, each with the reason why

On the way from a query to schools, one file a step:
    characters  letters made one: case, ё, №, look-alikes, keyboard layout, transliteration
    chunks      which of these each chunk needs; what was glued or torn apart
    spoken_numbers  «пятая школа» is number 5
    roles       «р-н», «ул.», «обл.» mark their neighbours; «питер» is said in full
    groups      each word → all terms that answer it: same, cut, misspelt, abbreviated
    ranking     rarest words first, then each candidate weighed whole
    evaluate    how good all this is, on a file of queries
"""
