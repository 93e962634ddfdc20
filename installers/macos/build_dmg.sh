#!/bin/sh
# build_dmg.sh DIST: makes DIST/fruitgui-VERSION.dmg of DIST/Fruitgui.app.
#
# SIGNING_IDENTITY names a Developer ID Application certificate in the keychain; without one the
# program is signed for this computer alone, and others have to be told to open it anyway.
# NOTARY_PROFILE names what `xcrun notarytool store-credentials` kept; with it Apple's word is asked
# for and attached.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
dist=$(cd "$1" && pwd)
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' "$root/trainer/__init__.py")
app="$dist/Fruitgui.app"
image="$dist/fruitgui-$version.dmg"
identity=${SIGNING_IDENTITY:--}
timestamp=--timestamp
[ "$identity" != - ] || timestamp=--timestamp=none

codesign --force --deep --options runtime "$timestamp" \
    --entitlements "$here/entitlements.plist" --sign "$identity" "$app"
codesign --verify --deep --strict "$app"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
hdiutil create -volname Fruitgui -srcfolder "$folder" -ov -format ULMO "$image"

if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
