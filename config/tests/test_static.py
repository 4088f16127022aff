import re
import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.test import SimpleTestCase

from config.static import IMPORTS, LATER, ModuleStaticFilesStorage
from host.scripts import COMMENT, as_served

MODULES = settings.BASE_DIR / "static" / "js"
STYLES = settings.BASE_DIR / "static" / "css"


class TestModuleStaticFilesStorage(SimpleTestCase):
    def test_modules_import_each_other_by_names_with_hashes(self):
        root = Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, root)
        shutil.copytree(MODULES, root / "js")
        source = FileSystemStorage(location=root)
        names = [f"js/{path.relative_to(MODULES)}" for path in MODULES.rglob("*.js")]
        storage = ModuleStaticFilesStorage(location=str(root), base_url="/static/")
        processed = storage.post_process({name: (source, name) for name in names})
        hashed = {name: new for name, new, _ in processed if new}
        main = (root / hashed["js/live/main.js"]).read_text()
        # Types in comments are imported by no browser.
        imported = re.findall(r'^(?:import |\}).*"(\..+?)"', main, flags=re.MULTILINE)
        self.assertGreater(len(imported), 3)
        for name in imported:
            self.assertRegex(name, r"^\.{1,2}/([a-z]+/)?[a-z-]+\.[0-9a-f]{12}\.js$")
            self.assertTrue((root / "js" / "live" / name).resolve().exists(), name)
        journal = (root / hashed["js/outbox/journal.js"]).read_text()
        self.assertRegex(journal, r'from "\./storage\.[0-9a-f]{12}\.js"')
        self.assertNotIn("/**", main)
        self.assertNotIn("// ", main)

    def test_comments_are_left_out_and_every_line_of_code_keeps_its_place(self):
        for path in (*MODULES.rglob("*.js"), *STYLES.rglob("*.css")):
            text = path.read_text()
            # No comment begins within a text that goes over several lines.
            for comment in COMMENT.finditer(text):
                code = COMMENT.sub("", text[: comment.start()])
                self.assertEqual(code.count("`") % 2, 0, f"{path.name}: {comment[0]}")
            was, served = text.splitlines(), as_served(text).splitlines()
            self.assertEqual(len(was), len(served), path.name)
            for before, after in zip(was, served, strict=True):
                self.assertIn(after, (before.lstrip(), ""), path.name)
                # A text over several lines would lose its indentation.
                self.assertEqual(after.count("`") % 2, 0, f"{path.name}: {after}")
                if not after:
                    self.assertRegex(before, r"^\s*(//|/\*|\*|$)", path.name)

    def test_every_import_has_the_form_that_is_rewritten(self):
        for path in (settings.BASE_DIR / "static" / "js").rglob("*.js"):
            text = path.read_text()
            rewritten = [match["url"] for form in (IMPORTS, LATER) for match in re.finditer(form[0], text)]
            imports = re.findall(r'^import\b|^export .* from "|\bimport\(', text, re.MULTILINE)
            self.assertEqual(len(rewritten), len(imports), path)
            for url in rewritten:
                self.assertTrue((path.parent / url).exists(), f"{path.name}: {url}")


class TestLiveStyles(SimpleTestCase):
    # Small parts: with `:has()` on a larger one, each key would style everything in it again.
    SMALL = {"point", "is-heard", "step", "chip", "meta", "over-card", "live-status", "nudges", "toast"}

    def test_only_small_parts_ask_what_they_have(self):
        css = (STYLES / "live.css").read_text().partition("@media print")[0]
        names = set(re.findall(r"([\w-]+)(?::not\()?:has\(", css))
        self.assertIn("step", names)
        self.assertEqual(names - self.SMALL, set())
