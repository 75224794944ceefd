#!/usr/bin/env bash
# Builds everything and runs all tests, then again under other cultures. Further arguments go to 'dotnet test', for example:
# ./test.sh --filter Category=Fixtures; with them the tests run once.
# The last line says: N passed, N failed, N skipped.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$root/build/tools.sh"
need_dotnet || exit 1
need_ffmpeg required || exit 1
need_icu || exit 1
cd "$root" || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0

environment=()
run() {
  # One assembly at a time: each test host takes every core by itself.
  env "${environment[@]}" dotnet test VideoCaptionRetrieval.sln -c Release --no-build --nologo -m:1 --logger 'console;verbosity=minimal' "$@" | tee -a "$log"
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
}

# The culture of a user's application, with ICU's data: run_under de_DE ARGUMENTS
run_under() {
  local culture=$1; shift
  echo "Under $culture:"
  environment=(DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=0 "LANG=$culture.UTF-8" "LC_ALL=$culture.UTF-8" DOTNET_CLI_UI_LANGUAGE=en)
  run "$@"
}

dotnet build VideoCaptionRetrieval.sln -c Release -v minimal --nologo || status=1
if [ "$status" = 0 ]; then
  run "$@"
  if [ $# = 0 ]; then
    run_under de_DE --filter "$(sed -e '/^#/d' -e 's/^/FullyQualifiedName!~/' build/culture-free-tests.txt | paste -sd '&')"
    for culture in tr_TR ar_SA fa_IR; do run_under "$culture" --filter Category=Culture; done
  fi
fi

count() { sed -nE "s/.*(Passed|Failed|Skipped)! .*[ ,-]$1: *([0-9]+).*/\2/p" "$log" | awk '{ n += $1 } END { print n + 0 }'; }
failed=$(count Failed)
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1     # a build that breaks or a host that dies is a failure too
echo "$(count Passed) passed, $failed failed, $(count Skipped) skipped"
exit "$status"
