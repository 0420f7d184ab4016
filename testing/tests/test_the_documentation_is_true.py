import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/*.md"), *ROOT.glob("changes/*.md")])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
        assert (page.parent / link).exists(), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_make_has_the_targets_that_are_named(page: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:^|`)make ([a-z-]+)", page.read_text(), re.MULTILINE)) <= targets


@pytest.mark.parametrize(("program", "prefix"), [("server", "PARAPH_"), ("trust", "PARAPH_TRUST_")])
def test_every_option_is_documented_and_no_other(program: str, prefix: str) -> None:
    source = (ROOT / program / f"paraph_{program}" / "config" / "options.py").read_text()
    body = source.split("class Options(BaseSettings):")[1].split("\n    @")[0]
    options = {prefix + name.upper() for name in re.findall(r"^    ([a-z_]+): ", body, re.MULTILINE)}
    section = (ROOT / "docs" / "configuration.md").read_text().split(f"## {program.capitalize()}")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `(PARAPH_\w+)`", section, re.MULTILINE)) == options


def test_every_attack_is_tried_by_tests_that_exist() -> None:
    rows = re.findall(r"^\| (?!attack|---).*\|$", (ROOT / "docs" / "attacks.md").read_text(), re.MULTILINE)
    assert len(rows) > 30
    for row in rows:
        tries, file = re.findall(r"`([^`]*)::(\w+)`", row), ""
        assert tries, row
        for named, test in tries:
            file = named or file
            assert f"def {test}(" in (ROOT / file).read_text(), f"{file}::{test}"


@pytest.mark.parametrize(
    ("heading", "container"), [("Library", "paraph"), ("Server", "paraph_server"), ("Trust service", "paraph_trust")]
)
def test_the_layers_are_those_that_are_checked(heading: str, container: str) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    [layers] = [contract["layers"] for contract in contracts if contract.get("containers") == [container]]
    drawn = (ROOT / "docs" / "architecture.md").read_text().split(f"## {heading}\n```\n")[1].split("```")[0]
    assert [_names(layer) for layer in drawn.split("→")] == [names for layer in layers if (names := _names(layer))]


def _names(layer: str) -> set[str]:
    """The modules of a layer that stand; those in parentheses only have their place kept."""
    return {name for name in layer.split() if name not in {"|", "__main__"} and not name.startswith("(")}
