"""The look keeps its promises: readable in light and dark, one palette, no inline styles, a name for every sign."""

import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string

WEB = Path(__file__).parents[2] / "kamtrain" / "web"
STYLES = WEB / "assets" / "styles"
STATES = ("not-started", "in-progress", "done", "passed", "failed", "waiting", "recommended", "optional")


def tokens(theme: str) -> dict[str, str]:
    """Name to "#rrggbb" of one theme's colours."""
    block = (STYLES / "_tokens.scss").read_text(encoding="utf-8").partition(f"@mixin {theme} {{")[2].partition("}")[0]
    found: list[tuple[str, str]] = re.findall(r"--([\w-]+): #([0-9a-f]{3,6});", block)
    return {name: value if len(value) == 6 else "".join(digit * 2 for digit in value) for name, value in found}


def contrast(one: str, other: str) -> float:
    """Ratio of two colours, 1..21 (WCAG 2.2, relative luminance)."""

    def luminance(value: str) -> float:
        parts = [int(value[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_can_be_read_on_every_ground(theme: str) -> None:
    colour = tokens(theme)
    grounds = ("bg", "surface", "sunken", "accent-wash", "right-wash", "wrong-wash", "warn-wash")
    pairs = [(ink, ground) for ink in ("ink", "ink-soft", "accent", "accent-strong") for ground in grounds]
    pairs += [(ink, ground) for ink in ("right", "wrong", "warn") for ground in (*grounds[:3], f"{ink}-wash")]
    pairs += [("accent-ink", "accent"), ("accent-ink", "accent-strong")]
    pairs += [(ink, ground) for ink in ("bar-ink", "bar-soft", "bar-mark") for ground in ("bar", "bar-lift")]
    assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_controls_and_the_focus_can_be_seen(theme: str) -> None:
    colour = tokens(theme)
    pairs = [(edge, ground) for edge in ("line-strong", "focus") for ground in ("bg", "surface", "sunken")]
    assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 3] == []


def test_both_themes_name_the_same_colours() -> None:
    assert tokens("light").keys() == tokens("dark").keys()


def test_colours_stand_in_the_tokens_alone() -> None:
    others = [path for path in STYLES.glob("*.scss") if path.name != "_tokens.scss"]
    assert [path.name for path in others if re.search(r"#[0-9a-f]{3,6}\b(?!\w)", path.read_text("utf-8"))] == []


def test_no_template_carries_a_style_or_a_handler() -> None:
    """The content security policy would drop them silently."""
    found = re.compile(r"""\s(style|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)""")
    templates = [path for path in WEB.parent.rglob("*.html") if "examples" not in path.parts]
    assert [str(path) for path in templates if found.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("state", STATES)
def test_every_state_has_a_sign_and_a_word(app: Flask, state: str) -> None:
    with app.test_request_context():
        html = render_template_string("{% import 'ui.html' as ui %}{{ ui.state(s) }}", s=state)
    assert "<path d=" in html
    assert re.search(r"<span>[a-z ]+</span>", html)


def test_a_field_tells_its_error_to_who_cannot_see_it(app: Flask) -> None:
    source = "{% import 'ui.html' as ui %}{{ ui.field('mail', 'Mail', help='Yours.', error='Write an <address>.') }}"
    with app.test_request_context():
        html = render_template_string(source)
    assert 'aria-describedby="e-mail h-mail" aria-invalid="true"' in html
    assert "Write an &lt;address&gt;." in html
