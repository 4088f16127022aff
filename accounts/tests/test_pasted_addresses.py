from django.test import SimpleTestCase

from accounts.pasted_addresses import PEOPLE_MAX, Pasted, read_pasted


class ReadPastedTests(SimpleTestCase):
    def test_names_and_addresses_as_people_paste_them(self):
        people, errors = read_pasted(
            'Mira Rossi <mira@example.org>\n\njo.van-der-berg2@example.org\n"Perrin, Luc" <luc@example.org>; 7@x.org\n'
            "Ana <ana@example.org>, Sam <sam@example.org>"
        )
        self.assertEqual(errors, [])
        self.assertEqual(
            people,
            [
                Pasted("Mira Rossi", "mira@example.org"),
                Pasted("Jo Van Der Berg", "jo.van-der-berg2@example.org"),
                Pasted("Luc Perrin", "luc@example.org"),
                Pasted("7@x.org", "7@x.org"),
                Pasted("Ana", "ana@example.org"),
                Pasted("Sam", "sam@example.org"),
            ],
        )

    def test_lists_from_directories_spreadsheets_and_chats(self):
        for pasted, *people in (
            (
                "Rossi, Mira <mira@example.org>; Berg, Hana (Extern) <hana@example.org>;",
                ("Mira Rossi", "mira@example.org"),
                ("Hana (Extern) Berg", "hana@example.org"),
            ),
            ("Mira Rossi\tmira@example.org", ("Mira Rossi", "mira@example.org")),
            ("Mira Rossi,mira@example.org", ("Mira Rossi", "mira@example.org")),
            ("• Mira Rossi <mira@example.org>,", ("Mira Rossi", "mira@example.org")),
            ("\ufeffmailto:mira@example.org\u200b", ("Mira", "mira@example.org")),
            ("mira@example.org\thana@example.org", ("Mira", "mira@example.org"), ("Hana", "hana@example.org")),
            ("a@example.org, Hana Berg <b@example.org>", ("A", "a@example.org"), ("Hana Berg", "b@example.org")),
            ("Mira <mira@example.org> (Sam)", ("Mira (Sam)", "mira@example.org")),
            ("A, B, C <c@example.org>", ("A, B, C", "c@example.org")),
        ):
            with self.subTest(pasted):
                self.assertEqual(read_pasted(pasted), ([Pasted(*person) for person in people], []))

    def test_each_wrong_line_is_named_in_words(self):
        _, errors = read_pasted(f"mira is away\nJo <jo@example.org>\nJO@example.org\n{'x' * 121} <x@example.org>")
        self.assertEqual([error.partition(" ")[2][:28] for error in errors], ["1: “mira is away” is not an ",
            "3: JO@example.org is already", "4: x@example.org: the name c"])  # fmt: skip
        self.assertIn("in line 2", errors[1])

    def test_more_than_a_hundred_are_refused(self):
        _, errors = read_pasted("\n".join(f"p{number}@example.org" for number in range(PEOPLE_MAX + 1)))
        self.assertEqual(errors, ["That is 101 people. Invite up to 100 at once."])
