#!/bin/sh
# python_venv.sh PYTHON FOLDER: makes a virtual environment, unless it is there.
set -eu
python=$1 folder=$2
[ ! -x "$folder/bin/python" ] || exit 0

if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
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
