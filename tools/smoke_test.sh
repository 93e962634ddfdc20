#!/bin/sh
# Packages the program, installs it as its users do, and lets it prove itself with no Python about.
set -eu
make package
du -sm dist/fruitgui
if ! command -v dpkg-deb >/dev/null; then
    exec .venv/bin/python tools/self_test.py dist
fi
# In a root of its own, and not compressed, which would take longer than all the rest.
package=$(sh installers/linux/build_deb.sh dist none)
root=$(mktemp -d)
trap 'rm -rf "$root" "$package"' EXIT
mkdir -p "$root/var/lib/dpkg/info" "$root/var/lib/dpkg/updates" "$root/home"
touch "$root/var/lib/dpkg/status"
as_root() {
    dpkg --root="$root" --force-not-root --force-depends --force-bad-path --log="$root/dpkg.log" "$@"
}
as_root --install "$package"
[ -f "$root/usr/share/applications/org.fruitgui.Fruitgui.desktop" ]
env -i HOME="$root/home" LANG=C.UTF-8 QT_QPA_PLATFORM=offscreen "$root/usr/bin/fruitgui" --self-test
as_root --purge "$(dpkg-deb --field "$package" Package)"
if [ -e "$root/usr" ]; then
    echo "It leaves behind:" >&2
    find "$root/usr" >&2
    exit 1
fi
