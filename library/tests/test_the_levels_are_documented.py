"""docs/levels.md says what the table in code says."""

import re
from pathlib import Path

import pytest
from paraph.evidence.level import MEANS, REQUIREMENTS, Means, SignatureLevel

PAGE = (Path(__file__).parents[2] / "docs" / "levels.md").read_text(encoding="utf-8")
ROWS = {
    row[0]: row
    for row in (re.split(r" *\| *", line.strip("| ")) for line in PAGE.splitlines() if line.startswith("| `"))
}


@pytest.mark.parametrize("level", SignatureLevel)
def test_each_level_with_what_it_asks_for(level: SignatureLevel) -> None:
    said = ROWS[f"`{level}`"][1]
    included = re.search(r"all of `([^`]+)`", said)
    asked = {each.id for each in REQUIREMENTS[SignatureLevel(included[1])]} if included else set()
    asked |= {each.strip() for each in re.sub(r"all of `[^`]+`;?", "", said).split(",") if each.strip()}
    assert asked == {each.id for each in REQUIREMENTS[level]}


@pytest.mark.parametrize("means", Means)
def test_each_means_with_what_it_is_worth(means: Means) -> None:
    _name, assurance, names, code, *_ = [*ROWS[f"`{means}`"], "", "", ""]
    trait = MEANS[means]
    assert assurance == trait.assurance.name.lower()
    assert (names == "yes") == trait.names
    assert (code == "yes") == trait.code
    assert bool(code) == (trait.code or trait.alone)


def test_each_requirement_is_explained() -> None:
    for requirement in {each.id for asked in REQUIREMENTS.values() for each in asked}:
        assert requirement in PAGE or re.sub(r"\d$", "", requirement) in PAGE
