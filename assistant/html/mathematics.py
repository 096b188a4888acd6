"""Words of a listing as HTML: formulas, which the page's script sets as mathematics, and tokens such as "<eos>"."""

import re

from assistant.html.sanitizing import escaped
from assistant.text.plain_text import MATH, plain_text
from vectorstore.text.wrapped_lines import unwrapped

# A name in angle brackets, which is meant as it is written: "<eos>", "<|endoftext|>".
TOKEN = re.compile(r"<\|?[A-Za-z][\w.:-]{0,30}\|?>")


def readable_html(text: str) -> str:
    """Return a title, or a part of an abstract, as HTML; until a formula is set it stands there in plain characters."""
    text = unwrapped(text)
    html: list[str] = []
    position = 0
    for formula in MATH.finditer(text):
        html.append(_words_html(text[position : formula.start()]))
        html.append(formula_html(formula.group(), plain_text(formula.group())))
        position = formula.end()
    return "".join(html) + _words_html(text[position:])


def _words_html(text: str) -> str:
    """Return words without formulas. Their tokens are looked for when LaTeX is gone: a command may stand around one."""
    html: list[str] = []
    position = 0
    plain = plain_text(text)
    for token in TOKEN.finditer(plain):
        html.append(f"{escaped(plain[position : token.start()])}<code>{escaped(token.group())}</code>")
        position = token.end()
    return "".join(html) + escaped(plain[position:])


def formula_html(latex: str, shown: str) -> str:
    r"""Return a formula, "$x^2$" or "\(x^2\)", that is `shown` until it is set."""
    inside = latex[2:-2] if latex.startswith("\\(") else latex[1:-1]
    return f'<span class="math" data-tex="{escaped(inside)}">{escaped(shown)}</span>'
