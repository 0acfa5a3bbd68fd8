"""Text of every script is set in the right order, measured truly, and fitted without a loss nobody sees."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clinic_desktop.documents.fitting import cut, fit, wrap
from clinic_desktop.documents.lettering import ARABIC, DEVANAGARI, line, width_of

SCRIPTS = st.text(st.sampled_from("abcXYZ 0129.,()-– é ñ محمد عَبد الله ١٢ श्रीमती क्ष्म ि ् ़ ₹\u200d\u200c\u202e\n\t😀"), max_size=60)
ANYTHING = st.text(max_size=40)
SIZES = st.floats(4, 40)


@given(SCRIPTS | ANYTHING, st.floats(1, 300), SIZES)
def test_fitted_text_never_exceeds_its_width(text: str, width: float, size: float) -> None:
    fitted, chosen = fit(text, width, size, least=size / 2)

    assert width_of(fitted, chosen) <= width + 1e-6
    assert size / 2 <= chosen <= size


@given(SCRIPTS | ANYTHING, st.floats(20, 300), SIZES)
def test_cut_text_is_the_start_of_the_text_and_says_that_it_is_cut(text: str, width: float, size: float) -> None:
    kept = cut(text, width, size)

    assert kept in ("", text) or (kept.endswith("…") and text.startswith(kept[:-1]))


@given(SCRIPTS, st.floats(60, 300), st.floats(4, 14))
def test_wrapped_lines_fit_and_keep_every_letter(text: str, width: float, size: float) -> None:
    lines = wrap(text, width, size)

    assert all(width_of(one, size) <= width + 1e-6 for one in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


@given(SCRIPTS | ANYTHING, st.integers(1, 4))
def test_wrapping_stops_at_the_most_lines(text: str, most: int) -> None:
    assert len(wrap(text * 3, 60, 10, most=most)) <= most


@given(SCRIPTS | ANYTHING, st.booleans(), st.sampled_from([None, True]))
def test_any_text_can_be_set(text: str, bold: bool, turned: bool | None) -> None:
    assert line(text, bold, turned).width >= 0


def drawn_order(text: str, right_to_left: bool | None = None) -> list[str]:
    return [run.font.removesuffix("-Regular") for run in line(text, False, right_to_left).runs if run.drawn.strip()]


def test_each_script_gets_its_own_font() -> None:
    assert drawn_order("Asha آشا आशा") == ["NotoSans", ARABIC, DEVANAGARI]


def test_right_to_left_lines_run_from_the_right() -> None:
    assert drawn_order("محمد Asha", True) == ["NotoSans", ARABIC]
    assert drawn_order("محمد Asha", None) == ["NotoSans", ARABIC]
    assert drawn_order("Asha محمد", None) == ["NotoSans", ARABIC]
    assert drawn_order("Asha محمد", True) == [ARABIC, "NotoSans"]


def plain(text: str) -> str:
    return "".join(run.drawn for run in line(text, False, True).runs if run.font.startswith("NotoSans-"))


def test_numbers_and_phrases_keep_their_order_in_a_right_to_left_line() -> None:
    assert plain("هاتف +91 98450 54321") == "+91 98450 54321"
    assert plain("دواء 500 mg") == "500 mg"
    assert plain("MBBS, MD (Medicine) طبيب").strip() == "MBBS, MD (Medicine)"


def test_arabic_figures_are_not_turned_round() -> None:
    assert [run.drawn for run in line("١٤").runs] == ["١٤"]


def test_arabic_letters_are_joined() -> None:
    assert not set(line("محمد").runs[0].drawn) & set("محمد")
    assert set(line("د").runs[0].drawn) == {"د"}


def test_devanagari_conjuncts_are_formed() -> None:
    assert len(line("क्ष").runs[0].drawn) == 1
    assert len("क्ष") == 3


def test_characters_in_no_font_become_one_replacement_sign() -> None:
    assert line("a漢字b").text == "a\ufffdb"
    assert line("a👨‍👩‍👧b").text == "a\ufffdb"
