# shellcheck shell=bash
# What the other scripts share. Source it; it changes to the checkout, sets the
# paths below and forgets every PG* variable, so that no script here can reach
# a cluster that is not its own.
#
#   ROOT    the checkout
#   WORK    everything made by these scripts: the checkout's .work. For root it
#           is a link to a directory under /var/tmp, because the server runs as
#           another user, who may not be able to read the checkout.
#   PGWORK  WORK, or what is made for another PostgreSQL than this Debian's, WORK/PGVER
#   RUN     the part of PGWORK that belongs to the server's user
#   SOCKETS the directory of the server's sockets: short, as sockets need it
#   PGROOT  a link to a private copy of PostgreSQL, into which the extension is installed
#   PGVER   its version: PG, or that of this Debian
#   OLDEST  the oldest minor version of it that the extension is to load into

set -euo pipefail
umask 022

pg=${PG:-} pgtap=${PGTAP:-}	# for which version, and which tests to run: no variables of PostgreSQL's
unset "${!PG@}" MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES
if [ -n "$pg" ]; then export PG=$pg; fi
if [ -n "$pgtap" ]; then export PGTAP=$pgtap; fi
export LC_ALL=C.UTF-8

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$ROOT"

say() { printf '%s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }
is_root() { [ "$(id -u)" = 0 ]; }
as_root() { if is_root; then "$@"; else sudo "$@"; fi; }

# debian_postgres: the version of PostgreSQL that this Debian ships.
debian_postgres() {
	# shellcheck disable=SC1091 # not of ours
	case $(. /etc/os-release && say "${VERSION_ID:-}") in
	12) say 15 ;;
	13) say 17 ;;
	*) say 18 ;;
	esac
}

# debian_main SUFFIX: the codename of the suite that this machine's packages come from, or
# their updates with the suffix -security, and where that is.
debian_main() {
	# shellcheck disable=SC2016 # expanded by apt-get
	apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' 'Component: main' |
		awk -v suite="^[a-z]+${1:-}\$" '$1 ~ suite && !found { print; found = 1 }'
}

PGVER=${PG:-$(debian_postgres)}
case $PGVER in
15 | 16 | 17 | 18) ;;
*) die "genaiops is for PostgreSQL 15 to 18, not \"$PGVER\"" ;;
esac

is_debians() { [ "$PGVER" = "$(debian_postgres)" ]; }
# Whether we compile for the versions to come: where one is that is older than all of them.
has_headers() { is_debians && [ "$PGVER" = 15 ]; }

case $ROOT in
*[[:space:]]*) die "make cannot build in a directory with a space in its name: $ROOT" ;;
esac

# make_private DIR USER MODE: make DIR, or make sure that it is USER's own and
# no link, since it lies in a directory that anybody can write to.
make_private() {
	if [ ! -e "$1" ] && [ ! -L "$1" ]; then
		mkdir -m "$3" "$1"
		if [ "$2" != "$(id -un)" ]; then chown "$2:" "$1"; fi
	fi
	if [ -L "$1" ] || [ "$(stat -c %U "$1")" != "$2" ]; then
		die "$1 exists and does not belong to $2"
	fi
}

# as_server COMMAND...: run it as the user the server belongs to.
as_server() {
	(cd "$RUN" && exec_as_server "$@")
}

exec_as_server() {
	if is_root; then
		set -- setpriv --reuid "$SERVER_USER" --regid "$SERVER_USER" --init-groups \
			env HOME="$RUN/home" "$@"
	else
		set -- env HOME="$RUN/home" "$@"
	fi
	exec "$@"
}

# Paths depend on the checkout and the user alone, so that they are the same
# every time.
TAG=$(printf '%s:%s' "$ROOT" "$(id -u)" | sha256sum | cut -c1-8)
SERVER_USER=$(id -un)
WORK=$ROOT/.work
if is_root; then
	SERVER_USER=postgres
	WORK=/var/tmp/genaiops-$TAG
fi
SOCKETS=/tmp/genaiops-$TAG
PGWORK=$WORK
if ! is_debians; then
	PGWORK=$WORK/$PGVER
	SOCKETS=$SOCKETS-$PGVER
fi
RUN=$PGWORK/run
LOGS=$PGWORK/log
PGROOT=$PGWORK/pg
PGBIN=$PGROOT/usr/lib/postgresql/$PGVER/bin
export PG_CONFIG=$PGBIN/pg_config
if [ "$PGVER" = 16 ]; then export LD_LIBRARY_PATH=$PGROOT/usr/lib/wheel; fi
GATEWAY=$WORK/gateway
# shellcheck disable=SC2034 # other scripts use it
OLDEST=$PGWORK/oldest
export PATH=$PGBIN:$PATH:/usr/sbin:/sbin

# make_work: make the directories above. The server's user exists only once
# PostgreSQL is installed, hence not at once.
make_work() {
	if is_root; then
		make_private "$WORK" root 755
		if [ ! -L .work ] && [ -d .work ]; then
			die ".work belongs to an ordinary user's run; remove it first"
		fi
		ln -sfn "$WORK" .work
	elif [ -L .work ]; then
		rm -f .work
	fi
	mkdir -p "$LOGS" "$PGWORK/build"
	if [ ! -d "$RUN" ]; then
		mkdir -m 700 "$RUN"
		mkdir "$RUN/home"
		if is_root; then chown -R "$SERVER_USER:" "$RUN"; fi
	fi
	make_private "$SOCKETS" "$SERVER_USER" 700
}

# mirror DIR [OWNER]: bring DIR up to date with the sources, leaving what was
# built there.
mirror() {
	mkdir -p "$1"
	rsync -rlpt --delete ${2:+--chown="$2:" --owner --group} \
		--exclude=/.git --exclude=/.work --exclude=node_modules \
		--exclude='*.o' --exclude='*.so' --exclude='*.bc' \
		--exclude=/results --exclude=/output_iso --exclude=/tmp_check \
		--exclude=/tmp_check_iso --exclude=/log --exclude='/regression.*' \
		"$ROOT/" "$1/"
}

# build_into TREE SOURCES: build the extension into a copy of the private PostgreSQL.
build_into() {
	say "Building $(basename "$1") (log: $LOGS/build-both.log)"
	rm -rf "$1"
	cp -aT "$PGROOT/." "$1"
	make -C "$2" -j"$(nproc)" --no-print-directory -W sql/header.sql \
		PG_CONFIG="$1/usr/lib/postgresql/$PGVER/bin/pg_config" with_llvm=no install >"$LOGS/build-both.log" 2>&1 || {
		grep -A4 -E 'error|\*\*\*' "$LOGS/build-both.log" | head -30 >&2
		die "the build failed"
	}
}

# build_both COMMIT: build that commit, into PGWORK/pg-before, and the sources as
# they are, into PGWORK/pg-now.
build_both() {
	local commit
	commit=$(git rev-parse --verify "$1^{commit}") || die "no commit $1"
	rm -rf "$PGWORK/build/before"
	mkdir -p "$PGWORK/build/before"
	git archive "$commit" | tar -x -C "$PGWORK/build/before"
	build_into "$PGWORK/pg-before" "$PGWORK/build/before"
	mirror "$PGWORK/build/now"
	build_into "$PGWORK/pg-now" "$PGWORK/build/now"
}

# node_is_good NODE: whether the server's user can run the model server on it.
node_is_good() {
	as_server "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 15) ? 0 : 1)' 2>/dev/null
}

# find_node: print the path of a good node, or fail.
find_node() {
	local node
	for node in node "$WORK"/node/node_modules/node-linux-*/bin/node; do
		if command -v "$node" >/dev/null && node_is_good "$node"; then
			command -v "$node"
			return
		fi
	done
	return 1
}

# free_port FIRST: print a TCP port of 127.0.0.1, that one or one soon after,
# that nobody listens on.
free_port() {
	perl -MIO::Socket::INET -e '
		for my $port ($ARGV[0] .. $ARGV[0] + 999) {
			IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1",
				LocalPort => $port) or next;
			print "$port\n";
			exit 0;
		}
		exit 1' "$1"
}

# is_running PIDFILE WORD: whether that process lives and is what we started.
is_running() {
	local pid
	pid=$(as_server cat "$1" 2>/dev/null | head -1) || return 1
	[ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q -- "$2"
}

# start_node NAME SCRIPT ARGUMENTS...: run a server of test/gateway in the
# background as the server's user; its port is in RUN/NAME.port afterwards.
start_node() {
	local name=$1 script=$2 node
	shift 2
	node=$(find_node)
	as_server rm -f "$name.port"
	# shellcheck disable=SC2016 # expanded by the inner shell
	(as_server setsid bash -c 'echo $$ >"$1.pid"; shift; exec "$@"' _ "$name" \
		"$node" "$GATEWAY/$script" --port-file "$RUN/$name.port" "$@" \
		</dev/null >"$LOGS/$name.log" 2>&1 &)
	for _ in $(seq 100); do
		if as_server test -s "$name.port"; then return; fi
		sleep 0.1
	done
	die "$script did not start, see $LOGS/$name.log"
}

# stop_node NAME
stop_node() {
	if is_running "$1.pid" "$GATEWAY/"; then
		# shellcheck disable=SC2016
		as_server bash -c 'kill "$(cat "$1")"' _ "$1.pid"
	fi
	as_server rm -f "$1.pid" "$1.port"
}

# node_port NAME: the port it listens on.
node_port() { as_server cat "$1.port"; }

# start_cluster NAME PORT SETTINGS...: a private cluster RUN/NAME, made if need
# be, with the extension preloaded. Passwords over TCP, nothing over the socket:
# its directory lets only us in.
start_cluster() {
	local name=$1 port=$2 setting
	shift 2
	if ! as_server test -s "$name/data/PG_VERSION"; then
		as_server rm -rf "$name"
		as_server mkdir "$name"
		as_server "$PGBIN/initdb" -D "$name/data" -U postgres --no-sync \
			--encoding=UTF8 --locale=C.UTF-8 \
			--auth-local=trust --auth-host=scram-sha-256 >"$LOGS/$name-initdb.log"
	fi
	for setting in "shared_preload_libraries = 'genaiops'" \
		"unix_socket_directories = '$SOCKETS'" \
		"listen_addresses = '127.0.0.1'" "port = $port" "$@"; do
		say "$setting"
	done | as_server tee "$name/data/genaiops.conf" >/dev/null
	if ! as_server grep -q genaiops.conf "$name/data/postgresql.conf"; then
		say "include 'genaiops.conf'" |
			as_server tee -a "$name/data/postgresql.conf" >/dev/null
	fi
	if ! as_server "$PGBIN/pg_ctl" -s -w -t 60 -D "$name/data" \
		-l "$name/server.log" start; then
		as_server tail -20 "$name/server.log" >&2
		die "the private cluster did not start"
	fi
}

# stop_cluster NAME [MODE]
stop_cluster() {
	if as_server test -e "$1/data/postmaster.pid"; then
		as_server "$PGBIN/pg_ctl" -s -w -t 60 -D "$1/data" -m "${2:-fast}" stop ||
			as_server "$PGBIN/pg_ctl" -s -w -D "$1/data" -m immediate stop || true
	fi
}
