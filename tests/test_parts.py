"""What a page is made of, and on which pages each part is seen once."""

import pytest

from tests.parts import fewest, parts_of

pytestmark = pytest.mark.sqlite_only


def test_a_part_is_told_by_its_tag_classes_telling_attributes_and_place():
    plain = parts_of('<main><p id="one" class="b a">Words</p></main>')
    assert plain == parts_of('<main><p class="a b">Others</p><p class="a b" id="two">Words</p></main>')
    for other in (
        '<main><p class="a">Words</p></main>',
        '<main><h2 class="a b">Words</h2></main>',
        '<div><p class="a b">Words</p></div>',
        '<main><p class="a b" hidden>Words</p></main>',
        '<main><p class="a b" aria-label="Named">Words</p></main>',
    ):
        assert not parts_of(other) <= plain
    assert parts_of('<main><p class="a b"></p></main>') < plain


def test_an_element_without_content_has_nothing_in_it():
    assert parts_of("<p><br>Words<svg><path/></svg></p>") == {
        "/p.", "/p. with words", "/p./br.", "/p./svg.", "/p./svg./path."
    }  # fmt: skip


def test_every_part_and_every_kind_is_on_one_of_the_fewest():
    parts = {"list": {"a", "b"}, "empty": {"a"}, "form": {"a", "b", "c"}, "other": {"d"}}
    kinds = {"list": "list", "empty": "list", "form": "form", "other": "form"}
    chosen = fewest(kinds.items(), parts)
    assert chosen == {"form": True, "other": True, "list": False}
    assert next(iter(chosen)) == "form"
