"""«Firefox, Linux»: a browser's own words about itself, for the person to recognise it by."""

BROWSERS = (
    ("YaBrowser", "Яндекс Браузер"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def worded(agent: str) -> str:
    """Order matters: every browser claims to be the ones named after it."""
    browser = next((words for mark, words in BROWSERS if mark in agent), "Другой браузер")
    system = next((words for mark, words in SYSTEMS if mark in agent), "")
    return f"{browser}, {system}" if system else browser
