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
