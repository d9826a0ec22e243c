#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The German translation is complete and says what the sources ask; English has all plural forms.

Usage: translations_test.py LUPDATE
"""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LUPDATE = None
MARKS = re.compile(r"%L?\d|%n|\{\}|\n")


def collected(language, *options):
    """The translation as it would be after collecting the sources' strings."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"spanreel_{language}.ts"
        shutil.copy(ROOT / "translations" / copy.name, copy)
        subprocess.run([LUPDATE, "-silent", "-I", str(ROOT), "-locations", "none", "-no-obsolete", *options, str(ROOT / "app"), str(ROOT / "views"), "-ts", str(copy)],
                       check=True, stdout=subprocess.DEVNULL)
        return ElementTree.parse(copy).getroot()


def messages(root):
    for context in root.findall("context"):
        for message in context.findall("message"):
            translation = message.find("translation")
            forms = [form.text or "" for form in translation.findall("numerusform")] or [translation.text or ""]
            yield context.find("name").text, message.find("source").text or "", forms, translation.get("type")


class Translations(unittest.TestCase):
    def check(self, rows):
        self.assertEqual([f"{context}: {source}" for context, source, forms, state in rows if state == "unfinished" or not all(forms)], [],
                         "cmake --build build/dev --target update_translations, then translate")

    def test_german_is_complete(self):
        rows = list(messages(collected("de")))
        self.assertGreater(len(rows), 300)
        self.check(rows)

    def test_english_has_its_plurals(self):
        rows = list(messages(collected("en", "-pluralonly")))
        self.assertGreater(len(rows), 5)
        self.check(rows)
        self.assertTrue(all(len(forms) == 2 for _, _, forms, _ in rows))

    def test_placeholders_survive(self):
        for context, source, forms, _ in messages(ElementTree.parse(ROOT / "translations/spanreel_de.ts").getroot()):
            for form in forms:
                self.assertEqual(sorted(MARKS.findall(source)), sorted(MARKS.findall(form)), f"{context}: {source}")

    def test_an_ellipsis_stands_close(self):
        for context, source, forms, _ in messages(ElementTree.parse(ROOT / "translations/spanreel_de.ts").getroot()):
            if not source.endswith(" \u2026"):
                self.assertFalse([form for form in forms if form.endswith(" \u2026")], f"{context}: {source}")

    def test_shortcut_letters_survive(self):
        for context, source, forms, _ in messages(ElementTree.parse(ROOT / "translations/spanreel_de.ts").getroot()):
            for form in forms:
                self.assertEqual(len(re.findall(r"&\w", source)), len(re.findall(r"&\w", form)), f"{context}: {source}")

    def test_context_names_have_namespaces(self):
        """lupdate that does not find the headers writes contexts that tr() does not look up."""
        plain = [root.find("name").text for root in collected("de").findall("context")]
        self.assertGreater(sum("::" in name for name in plain), 10)
        self.assertEqual([name for name in plain if name.rsplit("::", 1)[-1][0].islower()], [], "a namespace is no class with tr()")


if __name__ == "__main__":
    LUPDATE = sys.argv.pop()
    unittest.main(verbosity=2)
