#!/bin/sh
# Installs, upgrades, rolls back or removes the Dandan gateway. No network, no Node, no package
# manager is needed. Running it again changes nothing; configuration and data are never written over.
#
#   sh install.sh                  install or upgrade, keep the version before
#   sh install.sh --rollback       go back to the version before
#   sh install.sh --uninstall      remove the program; configuration and data stay
#   sh install.sh --uninstall --purge   remove these, too
#   --root DIR                     into a folder instead of /, without touching services
#   --no-service                   leave systemd alone
set -eu

PROGRAM=dandan-gateway
ROOT=
ACTION=install
PURGE=no
SERVICE=auto

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s: %s\n' "install.sh" "$1" >&2
  [ $# -lt 2 ] || printf '  fix: %s\n' "$2" >&2
  exit 1
}

while [ $# -gt 0 ]; do
  case $1 in
    --rollback) ACTION=rollback ;;
    --uninstall) ACTION=uninstall ;;
    --purge) PURGE=yes ;;
    --no-service) SERVICE=no ;;
    --root)
      [ $# -ge 2 ] || fail '--root needs a folder' 'sh install.sh --root /mnt/image'
      ROOT=${2%/}
      SERVICE=no
      shift
      ;;
    -h | --help)
      sed -n '2,12s/^# \{0,1\}//p' "$0"
      exit 0
      ;;
    *) fail "unknown option $1" 'sh install.sh --help' ;;
  esac
  shift
done
[ "$PURGE" = no ] || [ "$ACTION" = uninstall ] || fail '--purge removes data' 'give it with --uninstall'

HERE=$(cd "$(dirname "$0")" && pwd)
BASE=$ROOT/opt/$PROGRAM
CONFIG=$ROOT/etc/$PROGRAM
STATE=$ROOT/var/lib/$PROGRAM
LINK=$ROOT/usr/local/bin/$PROGRAM
UNIT=$ROOT/etc/systemd/system/$PROGRAM.service

[ "$(id -u)" -eq 0 ] || fail 'not root' "sudo sh $0"

# systemd runs only where it is the first process; a container has none.
if [ "$SERVICE" = auto ]; then
  if [ -d /run/systemd/system ] && command -v systemctl >/dev/null 2>&1; then SERVICE=yes; else SERVICE=none; fi
fi

# Links are swapped in one step: a power cut leaves the old version or the new one.
swap() {
  ln -s "$1" "$2.new.$$"
  mv -T "$2.new.$$" "$2" 2>/dev/null || { rm -f "$2" && mv "$2.new.$$" "$2"; }
}

version_of() { sed -n 's/^version=//p' "$1/about" 2>/dev/null || true; }

restart() {
  [ "$SERVICE" = yes ] || return 0
  systemctl daemon-reload
  if systemctl is-active --quiet "$PROGRAM"; then
    systemctl restart --no-block "$PROGRAM"
    say "service     restarted; watch it: journalctl -u $PROGRAM -f"
  fi
}

check_machine() {
  wanted=$(sed -n 's/^architecture=//p' "$HERE/about" 2>/dev/null || true)
  case $(uname -m) in
    x86_64 | amd64) have=x64 ;;
    aarch64 | arm64) have=arm64 ;;
    *) have=$(uname -m) ;;
  esac
  # Into an image of another machine nothing can be tried.
  if [ -n "$ROOT" ] && [ "$wanted" != "$have" ]; then return 0; fi
  [ "$wanted" = "$have" ] || fail "this package is for $wanted, this machine is $have" "take the package …-linux-$have.tar.gz"
  if ! found=$("$1/bin/node" --version 2>&1); then
    printf '%s\n' "$found" >&2
    needs=$(sed -n 's/^needs=//p' "$HERE/about")
    if ! command -v getconf >/dev/null 2>&1 || ! getconf GNU_LIBC_VERSION >/dev/null 2>&1; then
      fail "its Node does not run here: there is no glibc (musl, as on Alpine?)" "use a system with $needs: Debian 10, Ubuntu 20.04, RHEL 8 or later"
    fi
    fail "its Node does not run here: $(getconf GNU_LIBC_VERSION) found, $needs needed" 'use Debian 10, Ubuntu 20.04, RHEL 8 or later; apt-get install libstdc++6 where only that is missing'
  fi
}

verify() { # folder
  command -v sha256sum >/dev/null 2>&1 || { say 'checksums   not checked: there is no sha256sum'; return 0; }
  (cd "$1" && sha256sum -c --status SHA256SUMS 2>/dev/null) || (cd "$1" && sha256sum -c SHA256SUMS >/dev/null 2>&1) ||
    fail "the files in $1 are not those that were packed" 'copy the package again and compare its own checksum'
}

make_user() {
  [ -z "$ROOT" ] || return 0
  ! id "$PROGRAM" >/dev/null 2>&1 || return 0
  if command -v useradd >/dev/null 2>&1; then
    useradd --system --user-group --home-dir "/var/lib/$PROGRAM" --no-create-home --shell /usr/sbin/nologin "$PROGRAM"
  elif command -v adduser >/dev/null 2>&1; then
    adduser -S -D -H -h "/var/lib/$PROGRAM" "$PROGRAM"
  else
    fail 'there is neither useradd nor adduser' "make a system user named $PROGRAM"
  fi
  say "user        $PROGRAM made"
}

make_folders() {
  mkdir -p "$CONFIG" "$STATE" "$ROOT/usr/local/bin"
  chmod 0750 "$CONFIG"
  chmod 0700 "$STATE"
  if [ -z "$ROOT" ]; then
    group=$(id -gn "$PROGRAM")
    chown "root:$group" "$CONFIG"
    chown "$PROGRAM:$group" "$STATE"
  fi
}

make_config() {
  if [ -e "$CONFIG/gateway.yaml" ]; then
    say "config      $CONFIG/gateway.yaml kept"
  elif [ -n "$ROOT" ] && ! "$BASE/current/bin/node" --version >/dev/null 2>&1; then
    say "config      make it on the machine: $PROGRAM init /etc/$PROGRAM"
    return 0
  else
    rm -f "$CONFIG/gateway.schema.json"
    "$BASE/current/bin/$PROGRAM" init "$CONFIG" >/dev/null
    # Data belongs in the folder that the service may write.
    sed -i "s#^data: data\$#data: /var/lib/$PROGRAM/data#; s#^\(  - file: \)model.safetensors#\1/var/lib/$PROGRAM/model.safetensors#" "$CONFIG/gateway.yaml"
    say "config      $CONFIG/gateway.yaml made: fill it in"
  fi
  "$BASE/current/bin/$PROGRAM" config-schema >"$CONFIG/gateway.schema.json"
  chmod 0640 "$CONFIG/gateway.yaml" "$CONFIG/gateway.schema.json"
  [ -n "$ROOT" ] || chown "root:$(id -gn "$PROGRAM")" "$CONFIG/gateway.yaml" "$CONFIG/gateway.schema.json"
}

install_unit() {
  [ "$SERVICE" != none ] || {
    say 'service     none: there is no systemd. Let something run and restart this as the user:'
    say "            $PROGRAM run --config /etc/$PROGRAM/gateway.yaml"
    return 0
  }
  if [ "$SERVICE" = no ] && [ -z "$ROOT" ]; then return 0; fi
  mkdir -p "$(dirname "$UNIT")"
  cp "$BASE/current/share/$PROGRAM.service" "$UNIT"
  chmod 0644 "$UNIT"
  say "service     $UNIT"
}

install_version() {
  verify "$HERE"
  check_machine "$HERE"
  version=$(version_of "$HERE")
  # Two builds of one version are told apart by their checksums.
  id=$version-$(cksum <"$HERE/SHA256SUMS" | cut -d ' ' -f 1)
  before=$(readlink "$BASE/current" 2>/dev/null || true)
  make_user
  make_folders
  mkdir -p "$BASE/versions"
  if [ ! -d "$BASE/versions/$id" ]; then
    rm -rf "$BASE/versions/.partial"
    mkdir "$BASE/versions/.partial"
    for each in about bin install.sh lib share SHA256SUMS; do cp -R "$HERE/$each" "$BASE/versions/.partial/"; done
    verify "$BASE/versions/.partial"
    [ -n "$ROOT" ] || chown -R root:0 "$BASE/versions/.partial"
    # A power cut now must not leave names without contents.
    sync
    mv "$BASE/versions/.partial" "$BASE/versions/$id"
  else
    verify "$BASE/versions/$id"
  fi
  if [ "$before" = "versions/$id" ]; then
    say "version     $version is installed already"
  else
    [ -z "$before" ] || swap "$before" "$BASE/previous"
    swap "versions/$id" "$BASE/current"
    say "version     $version${before:+, before: $(version_of "$BASE/previous")}"
  fi
  swap "/opt/$PROGRAM/current/bin/$PROGRAM" "$LINK"
  make_config
  install_unit
  kept=$(readlink "$BASE/previous" 2>/dev/null || true)
  for each in "$BASE"/versions/*; do
    case versions/$(basename "$each") in "versions/$id" | "$kept") ;; *) rm -rf "$each" ;; esac
  done
  restart
  say "next        $PROGRAM check --config /etc/$PROGRAM/gateway.yaml"
  [ "$SERVICE" != yes ] || systemctl is-enabled --quiet "$PROGRAM" 2>/dev/null || say "            systemctl enable --now $PROGRAM"
}

rollback() {
  before=$(readlink "$BASE/previous" 2>/dev/null || true)
  [ -n "$before" ] && [ -d "$BASE/$before" ] || fail 'there is no version to go back to' 'install the package of the version you want'
  now=$(readlink "$BASE/current")
  swap "$before" "$BASE/current"
  swap "$now" "$BASE/previous"
  say "version     $(version_of "$BASE/current"), before: $(version_of "$BASE/previous")"
  install_unit
  restart
}

uninstall() {
  if [ "$SERVICE" = yes ]; then
    systemctl disable --now "$PROGRAM" 2>/dev/null || true
  fi
  rm -rf "$BASE" "$LINK" "$UNIT"
  [ "$SERVICE" != yes ] || systemctl daemon-reload
  if [ "$PURGE" = no ]; then
    say "removed     the program; $CONFIG and $STATE stay"
    return 0
  fi
  rm -rf "$CONFIG" "$STATE"
  if [ -z "$ROOT" ] && id "$PROGRAM" >/dev/null 2>&1; then
    userdel "$PROGRAM" 2>/dev/null || deluser "$PROGRAM" 2>/dev/null || true
  fi
  say 'removed     the program, its configuration, its data and its user'
}

case $ACTION in
  install) install_version ;;
  rollback) rollback ;;
  uninstall) uninstall ;;
esac
