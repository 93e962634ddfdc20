#!/bin/sh
# Packages the program, and lets the result prove itself outside the repository, with no Python about.
set -eu
make package
elsewhere=$(mktemp -d)
trap 'rm -rf "$elsewhere"' EXIT
cp -r dist/fruitgui "$elsewhere/"
du -sh "$elsewhere/fruitgui"
cd "$elsewhere"
env -i HOME="$elsewhere" LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen ./fruitgui/fruitgui --self-test
