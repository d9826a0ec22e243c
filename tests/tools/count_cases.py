#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts test cases in CTest's JUnit file and prints `N passed, M failed` as the last line.

An executable of GoogleTest, QtTest or unittest counts by its cases, any other by one. What was skipped is named before.
Usage: count_cases.py JUNIT.xml (written with --test-output-size-passed and -failed large enough for whole outputs).
Status 1 where something failed or nothing ran.
"""
import re
import sys
import xml.etree.ElementTree as ElementTree


def results(path):
    """(name, output, "run" | "skip" | "fail") of each test. A test that could not start has failed."""
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        skipped = case.find("skipped")
        meant = skipped is not None and skipped.get("message", "").startswith("SKIP_")
        state = "run" if case.get("status") == "run" else "skip" if meant or case.get("status") == "disabled" else "fail"
        yield case.get("name"), case.findtext("system-out") or "", state


def google_test(output):
    if not re.search(r"^\[==========\] .*\bran\b", output, re.M):
        return None
    skipped = sorted(set(re.findall(r"^\[  SKIPPED \] (\S+\.\S+)(?: \(|$)", output, re.M)))
    failed = {name for name in re.findall(r"^\[  FAILED  \] (\S+\.\S+?),?(?: |$)", output, re.M)}
    ran = re.search(r"^\[==========\] (\d+) tests? from .* ran\b", output, re.M)
    return int(ran[1]) - len(failed) - len(skipped), len(failed), skipped


def qt_test(output):
    totals = re.findall(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", output, re.M)
    if not totals:
        return None
    skipped = re.findall(r"^SKIP   : (\S+\(.*?\))", output, re.M)
    fixtures = len(re.findall(r"^PASS   : \S+::(?:init|cleanup)TestCase\(\)", output, re.M))
    return sum(int(t[0]) for t in totals) - fixtures, sum(int(t[1]) for t in totals), skipped


def unit_test(output):
    ran = re.findall(r"^Ran (\d+) tests? in ", output, re.M)
    if not ran:
        return None
    failed = sum(int(n) for n in re.findall(r"^FAILED .*$", output, re.M) for n in re.findall(r"(?:failures|errors)=(\d+)", n))
    skipped = re.findall(r"^(\S+) .*\.\.\. skipped", output, re.M)
    count = re.search(r"^(?:OK|FAILED) .*skipped=(\d+)", output, re.M)
    if count and len(skipped) < int(count[1]):
        skipped += ["(unnamed)"] * (int(count[1]) - len(skipped))
    return sum(map(int, ran)) - failed - len(skipped), failed, skipped


def main():
    passed, failed, skipped, failures = 0, 0, [], []
    for name, output, state in results(sys.argv[1]):
        ok = state == "run"
        if state == "skip":
            skipped.append(name)
            continue
        cases = google_test(output) or qt_test(output) or unit_test(output) or (int(ok), int(not ok), [])
        good, bad, left = cases
        if not ok and bad == 0:  # died, timed out or failed outside its cases
            good, bad = max(0, good), 1
        passed, failed = passed + good, failed + bad
        skipped += [f"{name}: {case}" for case in left]
        if bad:
            failures.append(name)
    for case in skipped:
        print(f"skipped  {case}")
    for case in failures:
        print(f"failed   {case}")
    if skipped:
        print(f"{len(skipped)} skipped")
    if passed + failed == 0:
        print("no test ran")
        failed = 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
