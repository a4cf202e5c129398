# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154
# What the scripts of the benchmark share: servers, the client, who else uses the
# machine. Source it with these set:
#
#   here      this directory
#   PG_CONFIG, BENCH_USER, BENCH_IDLE, BENCH_NGINX_WORKERS   as in test/bench/run
#   bindir, data, sockets, conninfo   PostgreSQL's programs, the cluster, the
#             directory of its socket, how to connect; of the server in question
#   work      where everything lives
#   extension yes, or no where genaiops is not installed
#   failed    0, and 1 once something has failed

# Runs a command as the server's user.
as_server() {
	if [ "$(id -u)" = 0 ]; then
		runuser -u "$BENCH_USER" -- "$@"
	else
		"$@"
	fi
}

die() {
	echo "bench: $*" >&2
	exit 1
}

fail() {
	echo "bench: $*" >&2
	failed=1
}

wants() {
	case " $2 " in *" $1 "*) return 0 ;; esac
	return 1
}

sql() {
	as_server "$bindir/psql" -X -q -A -t -v ON_ERROR_STOP=1 -d "$conninfo" -c "$1"
}

# ---- servers --------------------------------------------------------------

# Stops what start_cluster and start_nginx have started.
stop_cluster() {
	[ -s "$data/postmaster.pid" ] &&
		as_server "$bindir/pg_ctl" -D "$data" -m immediate -w -t 20 stop >/dev/null 2>&1
	rm -rf "${sockets:-$work/none}"
}

stop_nginx() {
	[ -s "$work/nginx/nginx.pid" ] && kill "$(cat "$work/nginx/nginx.pid")" 2>/dev/null
}

build_client() {
	${CC:-cc} -O2 -g -std=gnu11 -Wall -Wextra -pthread -I"$("$PG_CONFIG" --includedir)" \
		-o "$work/bench_client" "$here"/*.c \
		-L"$("$PG_CONFIG" --libdir)" -lpq -lcurl || die "could not build the client"
}

start_nginx() {
	command -v nginx >/dev/null || die "nginx is missing"
	port=$("$work/bench_client" port) || die "no free port"
	mkdir -p "$work/nginx"
	sed -e "s|@DIR@|$work/nginx|g" -e "s|@PORT@|$port|" \
		-e "s|@WORKERS@|$BENCH_NGINX_WORKERS|" "$here/nginx.conf.in" >"$work/nginx/nginx.conf"
	give_away "$work"
	as_server nginx -p "$work/nginx" -e "$work/nginx/error.log" -c "$work/nginx/nginx.conf" ||
		die "nginx did not start"
	url=http://127.0.0.1:$port/v1/chat/completions
}

give_away() {
	if [ "$(id -u)" = 0 ]; then chown -R "$BENCH_USER" "$@"; fi
}

has_extension() {
	[ -e "$("$PG_CONFIG" --pkglibdir)/genaiops.so" ] &&
		[ -e "$("$PG_CONFIG" --sharedir)/extension/genaiops.control" ]
}

make_cluster() {
	sockets=$(mktemp -d /tmp/genaiops-bench.XXXXXX) || exit 1
	conninfo="host=$sockets dbname=postgres user=bench application_name=bench_client"
	give_away "$sockets"
	as_server "$bindir/initdb" -D "$data" -N -U bench -E UTF8 --locale=C -A trust >"$work/initdb.log" 2>&1 ||
		die "initdb failed, see $work/initdb.log"
	as_server tee -a "$data/postgresql.conf" >/dev/null <<-CONF
		listen_addresses = ''
		unix_socket_directories = '$sockets'
		fsync = on
		synchronous_commit = on
		max_connections = 100
		shared_buffers = 512MB
		max_wal_size = 16GB
		checkpoint_timeout = 1h
	CONF
	if [ "$extension" = yes ]; then
		echo "shared_preload_libraries = 'genaiops'" |
			as_server tee -a "$data/postgresql.conf" >/dev/null
	fi
	start_cluster
}

# Starts the server; $1 is a library to preload, or empty.
start_cluster() {
	as_server env ${1:+LD_PRELOAD="$1"} "$bindir/pg_ctl" -D "$data" -l "$data.log" -w -t 60 start \
		>/dev/null || die "the server did not start, see $data.log"
}

prepare_database() {
	as_server "$bindir/psql" -X -q -v ON_ERROR_STOP=1 -d "$conninfo" -f "$here/tables.sql" ||
		die "could not make the tables"
	[ "$extension" = yes ] || return 0
	sql "CREATE EXTENSION genaiops" || die "could not create the extension"
	sql "SELECT pg_catalog.gaiops_create_endpoint('bench', url => 'http://127.0.0.1:$port/v1', model => 'gpt-4.1-mini')" >/dev/null ||
		die "could not create the endpoint"
}

# ---- who else uses the machine --------------------------------------------

# CPU ticks of the machine since its start: not idle (with what the hypervisor
# gave to others), then all.
machine_ticks() {
	awk '/^cpu / { busy = $2 + $3 + $4 + $7 + $8 + $9; print busy, busy + $5 + $6 }' /proc/stat
}

# CPU ticks of the server with those of its ended children, and of nginx.
own_ticks() {
	local postmaster nginx
	postmaster=$(head -1 "$data/postmaster.pid")
	nginx=$(cat "$work/nginx/nginx.pid")
	cat /proc/[0-9]*/stat 2>/dev/null | sed 's/^\([0-9]*\) (.*) /\1 /' |
		awk -v postmaster="$postmaster" -v nginx="$nginx" '
			$1 == postmaster { sum += $13 + $14 + $15 + $16 }
			$3 == postmaster || $3 == nginx { sum += $13 + $14 }
			END { print sum + 0 }'
}

# Waits until nobody uses more than a tenth of the machine, BENCH_IDLE s at most.
wait_idle() {
	local tries=$((BENCH_IDLE * 2)) before after
	while [ $((tries--)) -gt 0 ]; do
		read -r -a before <<<"$(machine_ticks)"
		sleep 0.5
		read -r -a after <<<"$(machine_ticks)"
		[ $((10 * (after[0] - before[0]))) -le $((after[1] - before[1])) ] && return
	done
}

# Waits until sessions and writers are gone: then their counters are in pg_stat_wal.
wait_quiet() {
	local tries=50
	while [ $((tries--)) -gt 0 ]; do
		[ "$(sql "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity
			WHERE pid <> pg_catalog.pg_backend_pid()
			AND (backend_type = 'client backend' OR backend_type LIKE 'genaiops writer%')")" = 0 ] && return
		sleep 0.1
	done
}

# Empty tables and a fresh checkpoint for every cell, so that none is larger or
# writes more full pages than another.
reset_tables() {
	sql "TRUNCATE bench.calls, bench.requests, bench.answers" || fail "could not empty the tables"
	if [ "$extension" = yes ]; then
		sql "TRUNCATE gaiops.spans, gaiops.span_payloads, gaiops.intents, gaiops.usage_deltas" ||
			fail "could not empty the tables of genaiops"
	fi
	sql "CHECKPOINT" || fail "no checkpoint"
}

# What a row needs switched on before it: durability of the record.
set_durability() {
	[ "$extension" = yes ] || return 0
	sql "ALTER SYSTEM SET gaiops.synchronous_commit = $1" || fail "could not set gaiops.synchronous_commit"
	sql "SELECT pg_catalog.pg_reload_conf()" >/dev/null
	sleep 0.3
}

