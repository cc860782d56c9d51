#!/bin/sh
# Runs the gateway with the Node of its own package, wherever the package lies.
set -eu
self=$0
# /usr/local/bin has a link to this file.
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=$(dirname "$self")/$target ;;
  esac
done
home=$(cd "$(dirname "$self")/.." && pwd)
exec "$home/bin/node" "$home/lib/dandan-gateway.mjs" "$@"
