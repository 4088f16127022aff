from interviews.demo.texts import read_texts


def test_the_demo_reads_with_one_lead_each():
    texts = read_texts()
    assert texts.people
    assert {interview.lead for interview in texts.interviews} <= {person.key for person in texts.people}


def test_the_smallest_file_has_nothing_in_it(tmp_path):
    file = tmp_path / "demo.yaml"
    file.write_text("people: []\nopenings: []\ncandidates: []\ndrafts: []\ninterviews: []\n")
    assert read_texts(file).interviews == []
