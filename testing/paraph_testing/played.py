"""The look of other people's pages that are played here, so that nobody takes them for the real ones."""

from html import escape

_STYLE = """
* { box-sizing: border-box }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b2430; background: #f2f3f6 }
.played { margin: 0; padding: .5rem 1.25rem; background: #fff3cd; font-size: .875rem }
header { padding: .75rem 1.25rem; background: #fff; border-bottom: 4px solid COLOUR }
h1 { margin: 0; font-size: 1.25rem }
h2 { margin: 0; font-size: 1.25rem }
main { max-width: 32rem; width: calc(100% - 2rem); margin: 1.5rem auto; padding: 1.25rem; background: #fff;
  border: 1px solid #d5dae2; border-radius: .5rem }
.hint { font-size: .875rem; color: #4a5462 }
label { display: block; font-weight: 600 }
input { width: 100%; padding: .6rem; font: inherit; border: 1px solid #6b7686; border-radius: .25rem }
button { display: block; width: 100%; margin: .75rem 0 0; padding: .75rem; font: inherit; font-weight: 600;
  text-align: left; cursor: pointer; color: #fff; background: COLOUR; border: 1px solid COLOUR; border-radius: .25rem }
button.quiet { color: COLOUR; background: #fff }
small { display: block; font-weight: 400 }
code { overflow-wrap: anywhere }
[role=alert] { color: #a01818; font-weight: 600 }
"""


def page(name: str, content: str, *, colour: str, language: str) -> str:
    """A page of `name`; `content` is HTML."""
    said = {
        "en": f"Demonstration: {name} is only played here.",
        "fr": f"Démonstration : {name} est seulement joué ici.",
    }
    return f"""<!doctype html><html lang="{language}"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>{escape(name)}</title><style>{_STYLE.replace("COLOUR", colour)}</style>
<body><p class="played" role="note">{escape(said[language])}</p><header><h1>{escape(name)}</h1></header>
<main>{content}</main></body></html>"""


def language(accepted: str) -> str:
    """French for who asks for it first, else English."""
    return "fr" if accepted.strip().lower().startswith("fr") else "en"
