#!/usr/bin/env bash
# Builds everything and runs all tests. Further arguments go to 'dotnet test', for example: ./test.sh --filter Category=Fixtures
# The last line says: N passed, N failed, N skipped.
set -uo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$root/build/tools.sh"
need_dotnet || exit 1
need_ffmpeg required || exit 1
cd "$root" || exit 1

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
dotnet build VideoCaptionRetrieval.sln -c Release -v minimal --nologo || status=1
if [ "$status" = 0 ]; then
  # One assembly at a time: each test host takes every core by itself.
  dotnet test VideoCaptionRetrieval.sln -c Release --no-build --nologo -m:1 --logger 'console;verbosity=minimal' "$@" | tee "$log"
  [ "${PIPESTATUS[0]}" = 0 ] || status=1
fi

count() { sed -nE "s/.*(Passed|Failed|Skipped)! .*[ ,-]$1: *([0-9]+).*/\2/p" "$log" | awk '{ n += $1 } END { print n + 0 }'; }
failed=$(count Failed)
[ "$status" = 0 ] || [ "$failed" -gt 0 ] || failed=1     # a build that breaks or a host that dies is a failure too
echo "$(count Passed) passed, $failed failed, $(count Skipped) skipped"
exit "$status"
