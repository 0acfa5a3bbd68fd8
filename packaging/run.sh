#!/bin/sh
# Opens the application; on a machine without a display it makes the tour's pictures and documents instead.
set -eu
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" != Linux ]; then
    exec .venv/bin/clinic-desktop "$@"
fi
echo "No display here: running the tour instead. Pictures and PDFs will be in build/tour/." >&2
exec .venv/bin/clinic tour --out build/tour
