from datetime import UTC, datetime

import pytest
from paraph_server.notifications.content import render
from paraph_server.notifications.kinds import KINDS, LANGUAGES

HOSTILE = "<b>Mallory</b>\r\nBcc: all@example.org"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_is_missing_and_nothing_slips_through(kind: str, language: str) -> None:
    content = render(kind, "email", language, dict.fromkeys(KINDS[kind], HOSTILE))
    assert content.subject
    assert "\n" not in content.subject
    assert "<b>" not in content.html
    assert "&lt;b&gt;" in content.html
    assert "&lt;" not in content.text
    assert "//" not in content.html.replace("<!--", "")  # nothing is loaded from elsewhere


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_message_is_one_short_line(language: str) -> None:
    content = render("code", "sms", language, {"code": "493827", "minutes": 10, "workflow_name": "x" * 500})
    assert "\n" not in content.text
    assert len(content.text) <= 180
    assert content.text.startswith("493827")


def test_a_language_we_do_not_write_becomes_english() -> None:
    assert render("code", "sms", "eo", dict.fromkeys(KINDS["code"], "1")).text.startswith("1 is your code")


def test_a_forgotten_fact_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(TypeError, match="minutes"):
        render("code", "email", "en", {"code": "493827", "workflow_name": "x"})


@pytest.mark.parametrize(
    ("language", "day", "written"),
    [
        ("fr", 1, "jusqu’au 1er décembre 2026 à 18:00 (heure de Paris)."),
        ("fr", 2, "jusqu’au 2 décembre 2026 à 18:00 (heure de Paris)."),
        ("en", 1, "until 1 December 2026, 18:00 (Paris time)."),
    ],
)
def test_the_last_day_is_written_as_people_write_it(language: str, day: int, written: str) -> None:
    facts = dict.fromkeys(KINDS["invitation"], "x") | {"expires_at": datetime(2026, 12, day, 17, 0, tzinfo=UTC)}
    content = render("invitation", "email", language, facts)
    assert written in content.text
    assert written in content.html
