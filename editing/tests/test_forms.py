from django.http import QueryDict

from editing.forms import EditForm
from editing.models import SentForm


def row(led_to):
    """A row that notes whether it was marked as changed."""
    one = SentForm(pk="x", led_to=led_to, at="2026-01-02 10:00")
    one.marked = []
    one.mark_changed = lambda **by: one.marked.append(by)
    return one


class RowForm(EditForm):
    class Meta:
        model = SentForm
        fields = ["led_to", "at"]


def form(base=None, *, saved="/a/", **sent):
    """The form of a row that now has this address, opened when it had `base`."""
    if not sent:
        return RowForm(instance=row(saved), by=None)
    opened = RowForm(instance=row(base), by=None).base
    data = QueryDict(mutable=True)
    data.update({"base": opened, "led_to": base, "at": "2026-01-02 10:00"} | sent)
    return RowForm(data, instance=row(saved), by="Jo")


class TestEditForm:
    def test_a_field_that_only_another_person_changed_keeps_the_change(self):
        merged = form("/a/", saved="/theirs/", at="2026-01-02 11:00")
        assert merged.is_valid(), merged.errors
        assert (merged.instance.led_to, merged.taken, merged.status) == ("/theirs/", ["Led to"], 200)
        assert [marked["by"] for marked in merged.instance.marked] == ["Jo"]

    def test_a_field_that_both_changed_is_a_clash(self):
        stale = form("/a/", saved="/theirs/", led_to="/mine/")
        assert not stale.is_valid()
        assert stale.status == 409
        [clash] = stale.clashes
        assert clash.label == "Led to"
        assert stale.instance.marked == []

    def test_the_same_change_twice_is_none(self):
        assert form("/a/", saved="/same/", led_to="/same/").is_valid()

    def test_a_new_row_has_no_revision(self):
        assert RowForm(instance=SentForm(pk=None), by=None).base == ""
        assert form().base
