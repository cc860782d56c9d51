#!/bin/sh
# Starts workerd so that it never outlives the process that started it, and so that nothing but
# the Worker itself listens on the network.

# Ctrl-C reaches the whole group; the parent decides when requests have ended.
trap '' INT HUP

# Descriptor 3 is a socket to the parent, which writes nothing to it: reading ends when the parent
# does. $$ stays the number of this process after exec.
( trap '' TERM; read -r _ <&3; kill -9 $$ ) </dev/null >/dev/null 2>&1 &

# Miniflare's own entry serves buckets to whoever asks. It gets a place that only this user reaches.
if [ -n "$DANDAN_ENTRY_SOCKET" ]; then
  for argument do
    shift
    case $argument in
      --socket-addr=entry=*) argument=--socket-addr=entry=unix:$DANDAN_ENTRY_SOCKET ;;
    esac
    set -- "$@" "$argument"
  done
fi

exec "$DANDAN_WORKERD" "$@"
