#!/usr/bin/env bash
# The main job on real video: frames, captions, selection, training, one .zip, an index, search.
#   ./quickstart.sh            on short clips that it renders itself
#   ./quickstart.sh VIDEOS     on a folder of your own
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$root/build/tools.sh"
need_dotnet
need_ffmpeg required
dotnet build "$root/samples/QuickStart" -c Release -v quiet --nologo >&2
exec dotnet "$root/samples/QuickStart/bin/Release/net10.0/QuickStart.dll" "$@"
