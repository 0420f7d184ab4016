import ast
import string
from importlib.resources import files

import paraph_agent
from paraph_agent import texts


def said() -> set[str]:
    """Every sentence in the code that a person may read."""
    found = set()
    for path in files(paraph_agent).iterdir():
        if path.name.endswith(".py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                match node:
                    case ast.Call(func=ast.Name(id="say"), args=[ast.Constant(value=str(text)), *_]):
                        found.add(text)
                    case ast.Assign(targets=[ast.Name(id="message")], value=ast.Constant(value=str(text))):
                        found.add(text)
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_text_is_written_in_french() -> None:
    french = texts._french()
    assert set(french) == said()
    assert all(fields(english) == fields(translated) for english, translated in french.items())
