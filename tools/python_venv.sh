#!/bin/sh
# python_venv.sh FOLDER PYTHON...: makes a virtual environment with the first of these interpreters
# that is new enough, unless it is there.
set -eu
folder=$1
shift
[ ! -x "$folder/bin/python" ] || exit 0

python=
for candidate in "$@"; do
    # A name may be there and not work: pyenv's do so for versions that are not chosen.
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed: sudo apt-get install python3 python3-venv" >&2
    exit 1
fi
# Debian ships Python without ensurepip.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get -qq update && apt-get -qq install -y python3-venv >/dev/null
    else
        echo "Python's venv is missing: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
"$python" -m venv "$folder"
