from host.scripts import as_served


def test_comments_and_indentation_go_and_lines_keep_their_numbers():
    script = "// What it does.\nconst a = 1; // stays\n/**\n * Says why.\n */\n    // indented\n  f(a);\n"
    assert as_served(script) == "\nconst a = 1; // stays\n\n\n\n\nf(a);\n"


def test_an_address_in_a_text_is_no_comment():
    script = 'const site = "https://example.org/";\n'
    assert as_served(script) == script


def test_stylesheets_lose_theirs_too():
    assert as_served("/* Why. */\na { top: 0 } /* stays */\n") == "\na { top: 0 } /* stays */\n"
