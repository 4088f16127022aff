from interviews.exports.document_types import parts


def test_a_packet_has_several_interviews_and_a_scorecard_is_one():
    one = {"head": {}}
    assert parts(one) == [one]
    assert parts({"interviews": [one, one]}) == [one, one]
