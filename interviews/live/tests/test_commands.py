import datetime as dt
import json
import uuid

import pytest

from interviews.live.commands import MAX_BYTES, read
from interviews.refusals import Invalid, Malformed, TooLarge

ID = "7f9c2a1e-4b1d-4f7e-9a3b-0d6c5e8f1a2b"


def body(**changes):
    return json.dumps(
        {"id": ID, "client": "tab", "n": 1, "kind": "tick", "target": 5, "value": True} | changes
    ).encode()


class TestRead:
    def test_a_whole_command(self):
        command = read(body(age=1500, base_rev=3))
        assert command.id == uuid.UUID(ID)
        assert (command.client, command.n, command.kind) == ("tab", 1, "tick")
        assert command.target_id() == 5
        assert command.wants() is True
        assert command.age == dt.timedelta(seconds=1.5)
        assert command.base_rev == 3

    def test_the_same_command_at_another_age_has_the_same_hash(self):
        assert read(body(age=0)).sha256 == read(body(age=9000)).sha256

    @pytest.mark.parametrize(
        "change", [{"value": False}, {"target": 6}, {"n": 2}, {"client": "other"}, {"base_rev": 1}]
    )
    def test_another_command_has_another_hash(self, change):
        assert read(body()).sha256 != read(body(**change)).sha256

    @pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"null", b"\xff\xfe", b"[" * 100_000])
    def test_what_is_no_object_is_malformed(self, raw):
        with pytest.raises(Malformed):
            read(raw)

    @pytest.mark.parametrize(
        "change",
        [
            {"id": "no"}, {"id": None}, {"n": 0}, {"n": "1"}, {"n": True}, {"n": 2**63}, {"client": ""},
            {"client": "x" * 41}, {"kind": 7}, {"age": -1}, {"age": "soon"}, {"base_rev": -1},
            {"base_rev": 1.5}, {"sender": "me"},
        ],
    )  # fmt: skip
    def test_a_field_of_the_wrong_form_is_malformed(self, change):
        with pytest.raises(Malformed):
            read(body(**change))

    @pytest.mark.parametrize("value", ["a\x00b", "\ud800", {"text": "\x00"}, ["\udfff"], {"\x00": 1}])
    def test_text_that_no_engine_keeps_is_refused_with_the_reason(self, value):
        with pytest.raises(Invalid, match="can’t be saved"):
            read(body(value=value))

    @pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e999", "[" * 30 + "]" * 30])
    def test_a_number_without_end_and_a_nest_without_bottom_are_refused(self, word):
        with pytest.raises((Malformed, Invalid)):
            read(body(value="here").replace(b'"here"', word.encode()))

    @pytest.mark.parametrize("value", ["🦊 é", "שלום", "<script>alert(1)</script>", "a\r\nb\u2028c"])
    def test_unusual_text_arrives_as_sent(self, value):
        assert read(body(value=value)).value == value

    def test_more_than_the_most_is_too_large(self):
        with pytest.raises(TooLarge):
            read(body(value="x" * MAX_BYTES))


class TestTarget:
    @pytest.mark.parametrize("target", [None, "5", 0, -1, 5.0, True, 2**63, [5]])
    def test_anything_but_a_number_of_a_row_is_invalid(self, target):
        with pytest.raises(Invalid):
            read(body(target=target)).target_id()

    @pytest.mark.parametrize("target", [None, 5, "x", ID + "0", "{" + ID[:-2] + "}"])
    def test_anything_but_an_id_is_invalid(self, target):
        with pytest.raises(Invalid):
            read(body(target=target)).target_uuid()

    @pytest.mark.parametrize("value", [None, 1, 0, "true", []])
    def test_anything_but_true_or_false_is_no_state(self, value):
        with pytest.raises(Invalid):
            read(body(value=value)).wants()
