from question_bank.models import Change


def test_a_change_is_named_by_what_was_done_and_its_version():
    assert str(Change(act=Change.Act.SAVED, version=3)) == "Saved, version 3"
