#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The counts of count_cases.py over JUnit files as CTest 3.25 writes them."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from xml.sax.saxutils import escape

TOOL = Path(__file__).with_name("count_cases.py")


def case(name, output, status="run", inner=""):
    return f'<testcase name="{name}" status="{status}">{inner}<system-out>{escape(output)}</system-out></testcase>'


def count(*cases):
    with tempfile.TemporaryDirectory() as folder:
        junit = Path(folder) / "junit.xml"
        junit.write_text(f"<testsuite>{''.join(cases)}</testsuite>")
        run = subprocess.run([sys.executable, "-B", str(TOOL), str(junit)], stdout=subprocess.PIPE, text=True)
    return run.returncode, run.stdout.splitlines()


class CountCases(unittest.TestCase):
    def test_plain_program(self):
        self.assertEqual(count(case("a", "hello\n")), (0, ["1 passed, 0 failed"]))
        self.assertEqual(count(case("a", "hello\n", "fail")), (1, ["failed   a", "0 passed, 1 failed"]))

    def test_missing_program_fails(self):
        self.assertEqual(count(case("a", "", "notrun", '<skipped message="Unable to find executable"/>'))[0], 1)

    def test_skipped_program_is_named(self):
        cases = case("a", "no node\n", "notrun", '<skipped message="SKIP_RETURN_CODE=77"/>'), case("b", "")
        self.assertEqual(count(*cases), (0, ["skipped  a", "1 skipped", "1 passed, 0 failed"]))

    def test_google_test(self):
        output = ("[       OK ] A.one (0 ms)\n[  SKIPPED ] A.two (0 ms)\n[  FAILED  ] A.three (0 ms)\n[==========] 3 tests from 1 test suite ran. (1 ms total)\n"
                  "[  PASSED  ] 1 test.\n[  SKIPPED ] 1 test, listed below:\n[  SKIPPED ] A.two\n[  FAILED  ] 1 test, listed below:\n[  FAILED  ] A.three\n")
        self.assertEqual(count(case("a", output, "fail")), (1, ["skipped  a: A.two", "failed   a", "1 skipped", "1 passed, 1 failed"]))

    def test_google_test_that_died(self):
        output = "[==========] Running 3 tests from 1 test suite.\n[       OK ] A.one (0 ms)\n[ RUN      ] A.two\n"
        self.assertEqual(count(case("a", output, "fail")), (1, ["failed   a", "0 passed, 1 failed"]))

    def test_qt_test(self):
        output = ("PASS   : T::initTestCase()\nPASS   : T::one()\nSKIP   : T::two() no display\nPASS   : T::cleanupTestCase()\n"
                  "Totals: 3 passed, 0 failed, 1 skipped, 0 blacklisted, 4ms\n")
        self.assertEqual(count(case("q", output)), (0, ["skipped  q: T::two()", "1 skipped", "1 passed, 0 failed"]))

    def test_unittest(self):
        output = "test_a (x.T.test_a) ... ok\ntest_b (x.T.test_b) ... skipped 'no node'\n----\nRan 3 tests in 0.1s\n\nFAILED (failures=1, skipped=1)\n"
        self.assertEqual(count(case("p", output, "fail")), (1, ["skipped  p: test_b", "failed   p", "1 skipped", "1 passed, 1 failed"]))

    def test_nothing_ran_is_a_failure(self):
        self.assertEqual(count()[0], 1)


if __name__ == "__main__":
    unittest.main()
