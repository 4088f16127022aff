import hashlib
from unittest import mock

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import SimpleTestCase
from django.urls import reverse

from accounts.factories import AdministratorFactory, CuratorFactory, HiringManagerFactory, InterviewerFactory
from interviews.exports import verifying
from interviews.exports.verifying import Verdict
from interviews.refusals import Invalid, TooLarge
from interviews.tests.exporting import ExportCase
from interviews.tests.submitting import ended_interview, seat, submit

KEY = "0123456789abcdef" * 4


class ParseHashTests(SimpleTestCase):
    def test_as_people_type_and_paste_it(self):
        for text in (KEY, f" {KEY.upper()}\n", f"SHA-256 {KEY}", f"sha256:{KEY}", " ".join([KEY[:32], KEY[32:]])):
            with self.subTest(text):
                self.assertEqual(verifying.parse_hash(text), KEY)

    def test_anything_else_is_refused_in_words(self):
        for text in ("", "x", KEY[1:], KEY + "0", KEY[:-1] + "g", f"{KEY} {KEY}", "\0" * 64, "٠" * 64):
            with self.subTest(text), self.assertRaisesMessage(Invalid, "Enter all 64 characters"):
                verifying.parse_hash(text)


class FileHashTests(SimpleTestCase):
    def test_it_is_that_of_the_whole_file(self):
        self.assertEqual(verifying.file_hash([b"a", b"b"]), hashlib.sha256(b"ab").hexdigest())

    def test_more_than_is_ever_made_is_refused(self):
        with mock.patch.object(verifying, "FILE_MAX", 3), self.assertRaises(TooLarge):
            verifying.file_hash([b"ab", b"cd"])


class VerifyTests(ExportCase):
    def setUp(self):
        super().setUp()
        self.export = self.request()
        self.make(self.export)
        self.file = hashlib.sha256(self.content(self.export)).hexdigest()

    def verify(self, digest, reader=None, target=None):
        return verifying.verify(target=target or self.interview, reader=reader or self.hana, digest=digest)

    def test_the_current_one_by_its_printed_hash_and_by_its_file(self):
        self.assertEqual(self.verify(self.export.key), Verdict(True, is_current=True, export=self.export))
        self.assertEqual(self.verify(self.file), Verdict(True, is_current=True, is_file=True, export=self.export))

    def test_an_older_one_after_another_submission(self):
        submit(seat(self.interview, "Jo Tanaka"))
        self.assertEqual(self.verify(self.export.key), Verdict(True, export=self.export))
        self.assertEqual(self.verify(self.file), Verdict(True, is_file=True, export=self.export))

    def test_after_its_file_was_deleted_it_is_still_known(self):
        self.export.expire(at=self.export.expires_at)
        self.assertEqual(self.verify(self.file), Verdict(True, is_current=True, is_file=True, export=self.export))

    def test_not_ours(self):
        for digest in (KEY, "0" * 64):
            self.assertEqual(self.verify(digest), Verdict(False))

    def test_one_of_another_interview_is_recognised_as_such(self):
        verdict = self.verify(self.export.key, target=self.another())
        self.assertEqual(verdict, Verdict(True, is_current=True, export=self.export))

    def test_one_of_another_opening_is_not_told_to_who_may_not_see_it(self):
        mine = ended_interview()
        submit(seat(mine, "Jo Tanaka"))
        other = HiringManagerFactory()
        mine.opening.managers.add(other)
        self.assertEqual(self.verify(self.export.key, reader=other, target=mine), Verdict(False))

    def test_packet_zip_and_a_pdf_of_the_zip_are_recognised_everywhere(self):
        opening = self.interview.opening
        for target in (self.candidate, opening):
            made = self.request(target=target)
            self.make(made)
            file = hashlib.sha256(self.content(made)).hexdigest()
            for here in (self.interview, self.candidate):
                with self.subTest(made=made.kind, here=here):
                    expected = Verdict(True, is_current=True, is_file=True, export=made)
                    self.assertEqual(self.verify(file, target=here), expected)

    def test_one_that_was_never_made_is_not_an_older_one(self):
        submit(seat(self.interview, "Jo Tanaka"))
        queued = self.request()
        submit(seat(self.interview, "Luc Perrin"))
        self.assertEqual(self.verify(queued.key), Verdict(False))

    def test_one_with_scorecards_that_the_reader_may_not_read_is_not_told_from_any_other_hash(self):
        # Else its hash could be tried with guesses of what the others wrote.
        self.interview.blind_policy = "never"
        self.interview.save()
        submit(jo := seat(self.interview, "Jo Tanaka"))
        full = self.request()
        self.make(full)
        self.assertEqual(self.verify(full.key), Verdict(True, is_current=True, export=full))
        self.assertEqual(self.verify(full.key, jo.user), Verdict(False))

    def test_a_packet(self):
        packet = self.request(target=self.candidate)
        self.make(packet)
        expected = Verdict(True, is_current=True, export=packet)
        self.assertEqual(self.verify(packet.key, target=self.candidate), expected)
        submit(seat(ended_interview(candidate=self.candidate), "Luc Perrin"))
        self.assertEqual(self.verify(packet.key, target=self.candidate), Verdict(True, export=packet))


class VerifyViewTests(ExportCase):
    def setUp(self):
        super().setUp()
        self.export = self.request()
        self.make(self.export)
        self.url = reverse("export-verify", args=[self.interview.pk])
        self.client.force_login(self.hana)

    def upload(self, content):
        return self.client.post(self.url, {"file": SimpleUploadedFile("any.pdf", content)})

    def test_the_pages_of_pdf_and_packet_lead_there(self):
        self.assertContains(self.client.get(reverse("export-pdf", args=[self.interview.pk])), self.url)
        packet = reverse("candidate-packet-verify", args=[self.candidate.pk])
        self.assertContains(self.client.get(reverse("candidate-packet", args=[self.candidate.pk])), packet)
        self.assertContains(self.client.get(packet), "Verify a PDF")

    def test_a_typed_hash_is_told_in_words(self):
        self.assertContains(self.client.post(self.url, {"hash": self.export.key}), "the hash of the current document")
        self.assertContains(self.client.post(self.url, {"hash": "0" * 64}), "Not recognised")

    def test_a_file_is_told_in_words(self):
        self.assertContains(self.upload(self.content(self.export)), "made here and is unchanged")
        self.assertContains(self.upload(self.content(self.export) + b"\n"), "Not recognised")

    def test_an_older_file_leads_to_the_current_one(self):
        submit(seat(self.interview, "Jo Tanaka"))
        page = self.upload(self.content(self.export))
        self.assertContains(page, "but it’s out of date")
        self.assertContains(page, reverse("export-pdf", args=[self.interview.pk]))

    def test_nothing_or_nonsense_is_refused_and_what_was_typed_stays(self):
        self.assertContains(self.client.post(self.url), "Choose the PDF, or enter the hash", status_code=422)
        page = self.client.post(self.url, {"hash": "<b>12"})
        self.assertContains(page, "Enter all 64 characters", status_code=422)
        self.assertContains(page, "&lt;b&gt;12", status_code=422)

    def test_a_file_that_is_too_large_is_refused(self):
        with mock.patch.object(verifying, "FILE_MAX", 3):
            self.assertContains(self.upload(b"%PDF-1.7"), "too large to have been made here", status_code=413)

    def test_outsiders_find_nothing_and_who_may_read_nothing_yet_is_too_early(self):
        for outsider in (HiringManagerFactory(), InterviewerFactory(), CuratorFactory(), AdministratorFactory()):
            self.client.force_login(outsider)
            for name, pk in (("export-verify", self.interview.pk), ("candidate-packet-verify", self.candidate.pk)):
                url = reverse(name, args=[pk])
                self.assertEqual(self.client.get(url).status_code, 404)
                self.assertEqual(self.client.post(url, {"hash": self.export.key}).status_code, 404)
        self.client.force_login(seat(self.interview, "Jo Tanaka").user)
        self.assertEqual(self.client.get(self.url).status_code, 409)
        self.assertEqual(self.client.post(self.url, {"hash": self.export.key}).status_code, 409)

    def test_without_signing_in_it_leads_to_the_sign_in_page(self):
        self.client.logout()
        self.assertEqual(self.client.post(self.url, {"hash": self.export.key}).status_code, 302)

    def test_other_methods_are_refused(self):
        self.assertEqual(self.client.put(self.url).status_code, 405)


class DocumentVerifyTests(ExportCase):
    def test_one_address_recognises_any_document_that_one_may_read(self):
        export = self.request()
        self.make(export)
        address = reverse("document-verify")
        for reader, words in ((self.hana, "Current"), (HiringManagerFactory(), "Not recognised")):
            self.client.force_login(reader)
            with self.subTest(words=words):
                self.assertContains(self.client.get(address), "Verify a PDF")
                self.assertContains(self.client.post(address, {"hash": export.key}), words)
