#!/bin/sh
# Installs a package into a Debian that has nothing but its essential packages, without a network,
# and uses it there. As root, with mmdebstrap. Ends with `clean-root: all steps passed`.
#
#   clean-root.sh PACKAGE.tar.gz WORK_FOLDER NODE PLANT_PROCESS.ts
set -eu

package=$(realpath "$1")
work=$(realpath "$2")
node=$3
plant_process=$4
root=$work/root

if [ "${DANDAN_IN_NAMESPACE:-}" != yes ]; then
  # To an archive, not to a folder: nothing of this machine is ever mounted below what is removed.
  [ -f "$work/root.tar" ] || mmdebstrap --quiet --variant=minbase bookworm "$work/root.tar"
  rm -rf --one-file-system "$root"
  mkdir "$root"
  tar -xf "$work/root.tar" -C "$root" --exclude='./dev/*'
  DANDAN_IN_NAMESPACE=yes exec unshare --net --mount --pid --fork --kill-child --mount-proc "$0" "$package" "$work" "$node" "$plant_process"
fi

mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
ip link set lo up

step() { printf '\n== %s\n' "$*"; }
inside() { chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin TEST_EDGE_KEY="${key:-}" "$@"; }
expect() { # status command…
  wanted=$1
  shift
  status=0
  "$@" || status=$?
  [ "$status" -eq "$wanted" ] || { printf 'ended with %s instead of %s: %s\n' "$status" "$wanted" "$*"; exit 1; }
}

step 'a clean machine: no Node, no route, no systemd'
expect 127 inside sh -c 'node --version'
expect 2 inside sh -c 'getent hosts deb.debian.org'
[ ! -d "$root/run/systemd/system" ]

step 'unpack'
mkdir -p "$root/root/package"
cp "$package" "$root/root/package.tar.gz"
inside tar -xzf /root/package.tar.gz -C /root/package --strip-components=1
expect 0 inside sh -c 'cd /root/package && sha256sum --quiet -c SHA256SUMS'

step 'install, twice'
expect 0 inside sh /root/package/install.sh
inside cp /etc/dandan-gateway/gateway.yaml /root/before.yaml
echo '# kept by upgrades' >>"$root/etc/dandan-gateway/gateway.yaml"
expect 0 inside sh /root/package/install.sh
expect 0 grep -q 'kept by upgrades' "$root/etc/dandan-gateway/gateway.yaml"
expect 0 inside dandan-gateway --version
expect 2 inside dandan-gateway run --config /nonexistent.yaml
expect 1 inside dandan-gateway check --config /etc/dandan-gateway/gateway.yaml
expect 0 sh -c "du -sm '$root/opt/dandan-gateway' && inside=1"

step 'check, simulate and run against a broker and an edge'
rm -f "$work/end" "$work/plant.log" "$work/run.log"
mkfifo "$work/end"
exec 9<>"$work/end"
"$node" "$plant_process" "$root/var/lib/dandan-gateway" <"$work/end" >"$work/plant.log" 9>&- &
plant=$!
until grep -qs ready "$work/plant.log"; do
  kill -0 "$plant"
  sleep 0.2
done
broker=$(cat "$root/var/lib/dandan-gateway/broker")
key=$(sed -n 's/^TEST_EDGE_KEY=//p' "$root/var/lib/dandan-gateway/environment")
inside chown -R dandan-gateway: /var/lib/dandan-gateway
as_user() { inside setpriv --reuid dandan-gateway --regid dandan-gateway --clear-groups "$@"; }
expect 0 as_user dandan-gateway check --config /var/lib/dandan-gateway/gateway.yaml
as_user dandan-gateway run --config /var/lib/dandan-gateway/gateway.yaml --json >"$work/run.json" 2>"$work/run.log" &
until grep -q gateway-ready "$work/run.log"; do sleep 0.2; done
expect 0 as_user dandan-gateway simulate --broker "$broker" --site osaka --gateway line-1 \
  --hours 1 --speed max --drop 0.1 --garbage 0.05 --truth /var/lib/dandan-gateway/truth.ndjson
sleep 2
gateway=$(pgrep -f 'lib/dandan-gateway.mjs run' | head -n 1)
printf 'resident at rest: %s kB\n' "$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$gateway/status")"
kill -TERM "$gateway"
while kill -0 "$gateway" 2>/dev/null; do sleep 0.2; done
expect 0 grep -q '"samples":[1-9]' "$work/run.json"

step 'upgrade to another build, and back'
first=$(readlink "$root/opt/dandan-gateway/current")
cp -a "$root/root/package" "$root/root/newer"
echo '// another build' >>"$root/root/newer/lib/dandan-gateway.mjs"
expect 1 inside sh /root/newer/install.sh
sed -i 's/^version=.*/version=9.9.9/' "$root/root/newer/about"
(cd "$root/root/newer" && find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
expect 0 inside sh /root/newer/install.sh
[ "$(readlink "$root/opt/dandan-gateway/previous")" = "$first" ]
expect 0 grep -q 'kept by upgrades' "$root/etc/dandan-gateway/gateway.yaml"
expect 0 inside dandan-gateway --version
expect 0 inside sh /opt/dandan-gateway/current/install.sh --rollback
[ "$(readlink "$root/opt/dandan-gateway/current")" = "$first" ]
expect 0 inside dandan-gateway --version

step 'a package of another machine, a broken one, a user without rights'
cp -a "$root/root/package" "$root/root/other"
sed -i 's/^architecture=.*/architecture=riscv64/' "$root/root/other/about"
(cd "$root/root/other" && find . -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 sha256sum >SHA256SUMS)
expect 1 inside sh /root/other/install.sh
expect 1 as_user sh /opt/dandan-gateway/current/install.sh
expect 1 inside sh /root/package/install.sh --nonsense

step 'uninstall keeps configuration and data, purge does not'
expect 0 inside sh /root/package/install.sh --uninstall
[ ! -e "$root/opt/dandan-gateway" ] && [ -e "$root/etc/dandan-gateway/gateway.yaml" ]
expect 0 inside sh /root/package/install.sh
expect 0 inside sh /root/package/install.sh --uninstall --purge
[ ! -e "$root/etc/dandan-gateway" ] && [ ! -e "$root/var/lib/dandan-gateway" ]
expect 1 inside id dandan-gateway

exec 9>&-
wait "$plant" || true
printf '\nclean-root: all steps passed\n'
