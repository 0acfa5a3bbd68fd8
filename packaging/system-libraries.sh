#!/bin/sh
# Installs what the wheels need from the system: Qt's libraries and Postgres, and with the word "tests" the browser that these need.
# Does nothing when all of it is there; says what to install when it may not install it itself.
set -eu

libraries="libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0
libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-xkb1
libxkbcommon-x11-0 libx11-xcb1 libcups2"

missing=""
if command -v dpkg-query >/dev/null 2>&1; then
    for package in $libraries; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
    done
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
    if [ "${1:-}" = tests ]; then # the operator's page of the central server is tested in a browser
        for package in chromium chromium-driver; do
            dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
        done
    fi
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"
fi
[ -z "$missing" ] && exit 0

if [ "$(id -u)" = 0 ]; then
    become=""
elif sudo -n true 2>/dev/null; then
    become="sudo"
else
    echo "Please have these system packages installed, then run make again:$missing" >&2
    exit 1
fi
echo "Installing system packages:$missing" >&2
$become apt-get update -qq
DEBIAN_FRONTEND=noninteractive $become apt-get install -y -qq --no-install-recommends $missing >/dev/null
