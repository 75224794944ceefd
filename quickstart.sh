#!/usr/bin/env bash
# The main job on real video: frames, captions, selection, training, one .zip, an index, search.
#   ./quickstart.sh                            example videos that it renders itself, and the small models of this repository
#   ./quickstart.sh VIDEOS                     a folder of your own, with the same models
#   ./quickstart.sh VIDEOS CLIP BLIP CLIPCAP   your own, with checkpoints of your own
set -euo pipefail
root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
. "$root/build/tools.sh"
need_dotnet
need_ffmpeg required
dotnet build "$root/samples/QuickStart" -c Release -v quiet --nologo >&2
# The matrices of small networks are too small to share out: one thread is fastest, and far faster on a busy machine.
[ "$#" -ge 2 ] || export OMP_NUM_THREADS=1
exec dotnet "$root/samples/QuickStart/bin/Release/net10.0/QuickStart.dll" "$@"
