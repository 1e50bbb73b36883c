"""One room a use case.

drafts      a card that is being typed, kept until it is sent
sending     a card goes to the civil registry: first, corrected, again
settling    what the registry's verdict and its silence mean for the family
papers      a clerk decides on papers
account     the dialog «Создание учетной записи ребенка»: e-mail, code, password
attaching   an account that is there is attached; «Это не мой ребёнок»
look        for pages and for the slices above
letters     the words of letters
moving      a guardianship goes from state to state, with its history, journal and letter
"""
