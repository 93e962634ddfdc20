#!/bin/sh
# Qt's shared libraries on Debian and its kin: installs what is missing where it may, and otherwise
# says what to install, in one line.
set -eu
[ "$(uname -s)" = Linux ] || exit 0

# A library that Qt or the packager needs, and the package that brings it.
libraries="libEGL.so.1:libegl1 libGL.so.1:libgl1 libxkbcommon.so.0:libxkbcommon0 \
libdbus-1.so.3:libdbus-1-3 libfontconfig.so.1:libfontconfig1 libglib-2.0.so.0:libglib2.0-0 \
libxcb-cursor.so.0:libxcb-cursor0 libxcb-icccm.so.4:libxcb-icccm4 libxcb-keysyms.so.1:libxcb-keysyms1 \
libxcb-image.so.0:libxcb-image0 libxcb-render-util.so.0:libxcb-render-util0 \
libxcb-xinerama.so.0:libxcb-xinerama0 libxcb-shape.so.0:libxcb-shape0 \
libxkbcommon-x11.so.0:libxkbcommon-x11-0"

present=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p)
missing=
for entry in $libraries; do
    case $present in
        *"${entry%%:*} "*) ;;
        *) missing="$missing ${entry#*:}" ;;
    esac
done
command -v fc-list >/dev/null || missing="$missing fontconfig"
command -v objdump >/dev/null || missing="$missing binutils"
if ! command -v fc-list >/dev/null || [ -z "$(fc-list :lang=ko)" ]; then
    missing="$missing fonts-noto-cjk"
fi
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "Qt needs libraries that are missing here; on Debian they are called:$missing" >&2
elif [ "$(id -u)" = 0 ]; then
    apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
elif sudo -n true 2>/dev/null; then
    sudo apt-get -qq update && sudo DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
else
    echo "Qt needs libraries that are missing here: sudo apt-get install$missing" >&2
fi
