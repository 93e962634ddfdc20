#!/bin/sh
# build_deb.sh DIST [COMPRESSION]: makes DIST/fruitgui_VERSION_ARCHITECTURE.deb of DIST/fruitgui;
# with FRUITGUI_FLAVOUR=gpu, DIST/fruitgui-gpu_VERSION_ARCHITECTURE.deb. They take each other's place.
#
# COMPRESSION is one of dpkg-deb's: xz, the smallest, if it is not given. No script runs when the
# package is installed or removed: what is in it is all there is.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dist=$(cd "$1" && pwd)
compression=${2:-xz}

version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$root/trainer/__init__.py")
package=fruitgui other=fruitgui-gpu
[ "${FRUITGUI_FLAVOUR:-cpu}" = cpu ] || package=fruitgui-gpu other=fruitgui
architecture=$(dpkg --print-architecture)
id=org.fruitgui.Fruitgui
tree=$(mktemp -d "$dist/deb.XXXXXX")
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"

share="$tree/usr/share"
mkdir -p "$tree/DEBIAN" "$tree/usr/bin" "$tree/usr/lib" "$share/applications" "$share/metainfo" \
    "$share/doc/fruitgui" "$share/icons/hicolor/scalable/apps" "$share/icons/hicolor/512x512/apps"
# Linked, not copied: it is most of a gigabyte.
cp -al "$dist/fruitgui" "$tree/usr/lib/fruitgui"
ln -s ../lib/fruitgui/fruitgui "$tree/usr/bin/fruitgui"
install -m 644 "$here/$id.desktop" "$share/applications/"
install -m 644 "$root/assets/icons/app.svg" "$share/icons/hicolor/scalable/apps/$id.svg"
install -m 644 "$root/assets/icons/app.png" "$share/icons/hicolor/512x512/apps/$id.png"
install -m 644 "$root/LICENSE" "$share/doc/fruitgui/copyright"
sed -e "s/@VERSION@/$version/" -e "s/@DATE@/$(date +%F)/" "$here/$id.metainfo.xml" \
    >"$share/metainfo/$id.metainfo.xml"

# The libraries that the program leaves to the system: those of graphics drivers, and fonts.
cat >"$tree/DEBIAN/control" <<CONTROL
Package: $package
Version: $version
Architecture: $architecture
Maintainer: The Fruitgui developers
Installed-Size: $(du -sk "$tree/usr" | cut -f1)
Depends: libc6 (>= $(ldd --version | sed -n '1s/.* //p')), libegl1, libgl1, libfontconfig1
Conflicts: $other
Replaces: $other
Recommends: fonts-noto-cjk
Section: education
Priority: optional
Description: recognise fruit and vegetables, and teach it your own
 Drop photos on the window or hold produce to a camera, and read what it is and
 how sure that is. It learns your own kinds from a few photos in seconds, and
 trains models without code. Everything runs on your own computer.
CONTROL
dpkg-deb --root-owner-group -Z"$compression" --build "$tree" "$dist" >&2
echo "$dist/${package}_${version}_$architecture.deb"
