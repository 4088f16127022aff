import datetime as dt

from question_bank.entries import Place, PointEntry, QuestionEntry, TopicEntry


def question(**fields):
    usual = {"key": "q", "topic": "t", "prompt": "Why?", "kind": "answer", "level": "any", "minutes": 4}
    return QuestionEntry(
        **usual | {"status": "published", "reviewed_on": dt.date(2026, 1, 2), "anchors": {1: "a"}} | fields
    )


class TestEntry:
    def test_place_and_position_are_not_part_of_the_digest(self):
        here = TopicEntry(key="db", name="Databases", position=1, place=Place("topics.yaml", 3))
        assert here.digest() == TopicEntry(key="db", name="Databases", position=2).digest()
        assert here.digest() != TopicEntry(key="db", name="Database", position=1).digest()

    def test_line_ends_and_spaces_around_are_no_change(self):
        assert question(prompt=" Why?\r\nSay. ").digest() == question(prompt="Why?\nSay.").digest()

    def test_fields_added_later_count_only_once_they_are_filled(self):
        assert "exhibit" not in question().content()
        assert question(exhibit="x = 1").content()["exhibit"] == "x = 1"

    def test_parts_are_plain_values(self):
        content = question(points=(PointEntry(text="bounds it", kind="brownie"),)).content()
        assert content["points"] == [{"text": "bounds it", "kind": "brownie", "leads_to": ""}]
        assert (content["reviewed_on"], content["anchors"]) == ("2026-01-02", {"1": "a"})
