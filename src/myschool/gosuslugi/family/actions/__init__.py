"""One room a use case.

drafts      a card that is being typed, kept until it is sent
asking      what the registers are asked about a card
sending     a card goes to the registers: first, corrected, again
settling    what the registers' verdicts and their silence mean for the family
papers      a clerk decides on papers
account     the dialog «Создание учетной записи ребенка»: e-mail, code, password
agreeing    a pupil with an own account is asked before a parent has it attached
overseeing  the child's account in a parent's hands: password, sessions, contacts
deleting    the child's account is deleted, after days in which either parent may stop it
provisional what there is while the register decides, and then the real account in place
following   a provisional account follows its guardianship, and ends with it
attaching   an account that is there is attached; «Это не мой ребёнок»
ending      it ends, and authorises nothing from that moment
letting_in  a clerk lets the child in when no adult may
suspending  it rests until a date, is resumed, is frozen by a dispute
closing     sessions, tokens, password and codes that go with it
timing      the day has come to which a state or a term ran
delegating  a parent entrusts rights to another adult
withdrawing invitations are taken back
protecting  nobody is told who else represents the child
look        for pages and for the slices above
certificate the birth certificate as it stands in the child's account
letters     the words of letters; beside it life_letters, delegation_letters, snils_letters
birthdays   14 and 18: who is told, once; `birthday_rounds` is the agenda's turn, `birthday_letters` the words
handing     a pupil's own passport takes the account over
moving      a guardianship goes from state to state, with its history, journal and letter
"""
