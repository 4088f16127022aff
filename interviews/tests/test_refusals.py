from interviews.refusals import NotThere, Refused, TooMany, WrongTime


def subclasses(refusal):
    return {refusal}.union(*(subclasses(each) for each in refusal.__subclasses__()))


def test_each_has_a_status_of_the_client_and_a_code_for_programs():
    for refusal in subclasses(Refused):
        assert 400 <= refusal.status < 500, refusal
        assert refusal.code == refusal.code.lower().replace("_", "-"), refusal


def test_the_sentence_is_for_the_person():
    assert str(WrongTime("The interview has ended.")) == "The interview has ended."
    assert NotThere("x").headers == {}


def test_seconds_to_wait_are_a_header_if_they_are_known():
    assert TooMany("Wait.", retry_after=0).headers == {"Retry-After": "0"}
    assert TooMany("Wait.").headers == {}
