#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what is missing, builds, tests. The last line is `N passed, M failed`; the status is 0 where nothing failed.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
cd "$root"
# shellcheck source=packaging/packages.sh
source packaging/packages.sh

usage() {
  cat >&2 <<'TEXT'
Usage: ./test.sh [MODE] [CTEST-OPTIONS...]
  (none)   one RelWithDebInfo build, all tests
  asan     model, ingest and the command line under the address and undefined-behaviour sanitizers
  tsan     model, ingest and the command line under the thread sanitizer
  fuzz     every fuzz target for 60 s each, or SPANREEL_FUZZ_SECONDS; further arguments name targets
  bench    the benchmarks beside their floors; figures, no verdict (--help tells more)
  soak     kills the recorder 1,000 times (or as often as the next argument says) and looks for what it acknowledged
  shots    drives the window under Xvfb and writes screenshots to build/shots
TEXT
  exit 2
}

# build PRESET: configures and builds it; a build folder that came from another place is configured anew.
build() {
  local cache=build/$1/CMakeCache.txt
  if [[ -f $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
    rm -rf "$cache" "build/$1/CMakeFiles"
  fi
  cmake --preset "$1"
  cmake --build --preset "$1"
}

# tests PRESET [CTEST-OPTIONS...]: runs them and ends with the line that counts.
tests() {
  local preset=$1 junit=$root/build/$1/junit.xml
  shift
  rm -f "$junit"
  # The verdict is the count's, which also sees tests that did not start.
  ctest --test-dir "build/$preset" --output-on-failure --timeout "${timeout:-600}" -j 2 --output-junit "$junit" \
    --test-output-size-passed 100000000 --test-output-size-failed 100000000 "$@" || true
  python3 -B tests/tools/count_cases.py "$junit"
}

mode=${1:-all}
[[ $mode == -* ]] && mode=all || shift || true
case $mode in all | asan | tsan | fuzz | bench | soak | shots) ;; *) usage ;; esac
spanreel_install "${SPANREEL_PACKAGES_RUNTIME[@]}" "${SPANREEL_PACKAGES_BUILD[@]}" "${SPANREEL_PACKAGES_TEST[@]}"

case $mode in
  all)
    build dev
    tests dev "$@"
    ;;
  asan)
    build asan
    export ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1
    tests asan "$@"
    ;;
  tsan)
    build tsan
    export TSAN_OPTIONS="suppressions=$root/tests/tsan_suppressions.txt second_deadlock_stack=1"
    timeout=1800  # some tests are twenty times slower
    tests tsan "$@"
    ;;
  fuzz)
    spanreel_install "${SPANREEL_PACKAGES_FUZZ[@]}"
    build fuzz
    python3 -B tests/fuzz/run_fuzz.py build/fuzz --seconds "${SPANREEL_FUZZ_SECONDS:-60}" "$@"
    ;;
  bench)
    spanreel_install "${SPANREEL_PACKAGES_BENCH[@]}"
    build bench
    python3 -B tests/bench/run_bench.py build/bench "$@"
    ;;
  soak)
    rounds=1000
    if [[ ${1:-} =~ ^[0-9]+$ ]]; then rounds=$1 && shift; fi
    build dev
    if SPANREEL_KILL_ROUNDS=$rounds python3 -B tests/e2e/kill_test.py --spanreel "$root/build/dev/app/spanreel" --work "$root/build/dev/tests/e2e" "$@"; then
      echo "$rounds passed, 0 failed"
    else
      echo "0 passed, 1 failed"
      exit 1
    fi
    ;;
  shots)
    build dev
    tests/e2e/shots.sh build/dev build/shots
    ;;
esac
