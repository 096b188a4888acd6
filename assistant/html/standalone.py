"""A title and clean HTML -> a page on its own that loads and runs nothing."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from assistant.html.sanitizing import escaped

_STYLE = Path(__file__).parent / "standalone.css"


def html_page(title: str, body: str) -> str:
    """Return a page on its own, with its style: it loads nothing and runs nothing. `body` is clean HTML."""
    style = _STYLE.read_text(encoding="utf-8")
    hashed = b64encode(sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{hashed}'; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="referrer" content="no-referrer">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>{style}</style>\n</head>\n"
        f"<body>\n<main>\n<h1>{escaped(title)}</h1>\n{body}\n</main>\n</body>\n</html>\n"
    )
