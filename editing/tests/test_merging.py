from unittest import TestCase

from editing.merging import Content, Edit, Overtaken, Part, choices, merge, opened, seal


def content(**texts: str) -> Content:
    return {name.replace("__", "/"): Part(name, text, text) for name, text in texts.items()}


def merged(was: Content, mine: Content, now: Content, **options):
    found = merge(opened(seal(was)), mine, now, **options)
    return {path: part.text for path, part in found.content.items()}, [clash.path for clash in found.clashes]


class TestMerge(TestCase):
    def test_what_only_one_of_them_changed_is_as_that_one_has_it(self):
        was, mine, now = content(a="1", b="2"), content(a="mine", b="2"), content(a="1", b="theirs")
        self.assertEqual(merged(was, mine, now), ({"a": "mine", "b": "theirs"}, []))

    def test_what_both_changed_alike_is_no_clash(self):
        self.assertEqual(merged(content(a="1"), content(a="2"), content(a="2")), ({"a": "2"}, []))

    def test_what_both_changed_differently_is_a_clash_and_keeps_the_senders_text(self):
        self.assertEqual(merged(content(a="1"), content(a="2"), content(a="3")), ({"a": "2"}, ["a"]))

    def test_line_ends_and_blanks_around_are_no_change(self):
        self.assertEqual(merged(content(a="1\n2 "), content(a="1\r\n2"), content(a="3")), ({"a": "3"}, []))

    def test_elements_that_either_added_or_removed(self):
        was = content(p__1="one", p__2="two", p__3="three")
        mine = content(p__1="one", p__3="three", p__new="mine")
        now = content(p__1="one", p__2="two", p__4="theirs")
        self.assertEqual(merged(was, mine, now), ({"p/1": "one", "p/4": "theirs", "p/new": "mine"}, []))

    def test_removed_by_one_and_changed_by_the_other_is_a_clash(self):
        self.assertEqual(merged(content(p__1="1"), {}, content(p__1="2"))[1], ["p/1"])

    def test_order_is_the_senders_who_moved_something(self):
        was = content(p__1="1", p__2="2", p__3="3")
        mine = content(p__3="3", p__1="1", p__2="2")
        now = content(p__1="1", p__2="2", p__3="3", p__4="4")
        self.assertEqual(list(merged(was, mine, now)[0]), ["p/3", "p/4", "p/1", "p/2"])

    def test_giving_up_takes_what_is_saved(self):
        self.assertEqual(merged(content(a="1"), content(a="2"), content(a="3"), give_up={"a"}), ({"a": "3"}, []))

    def test_what_is_not_from_our_page_overwrites_nothing(self):
        for base in ("", "[]", "{", '{"a": 1}', "[" * 100_000, '"x"' * 50_000):
            with self.subTest(base[:9]):
                found = merge(opened(base), content(a="2"), content(a="3"))
                self.assertEqual([clash.path for clash in found.clashes], ["a"])


class TestEdit(TestCase):
    def test_what_was_chosen_is_saved_over_what_was_shown(self):
        edit = Edit(seal(content(a="1", b="1")))
        with self.assertRaises(Overtaken):
            edit.reconcile(content(a="2", b="1"), content(a="3", b="4"), row=None)
        self.assertEqual({path: part.text for path, part in edit.content.items()}, {"a": "2", "b": "4"})
        again = Edit(edit.base).reconcile(content(a="2", b="4"), content(a="3", b="4"), row=None)
        self.assertEqual(again["a"].text, "2")

    def test_choices_are_those_for_the_saved_text(self):
        self.assertEqual(choices({"use-a": "saved", "use-b": "mine", "a": "saved"}), {"a"})
