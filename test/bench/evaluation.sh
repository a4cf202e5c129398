# shellcheck shell=bash disable=SC2154
# The part evaluation of the benchmark. Sourced by run, which says what is set.

# Puts what evaluation/requirements.txt names into $work/python, if PyPI can be reached.
get_references() {
	[ -d "$work/python" ] ||
		python3 -m pip install --target "$work/python" --no-deps --disable-pip-version-check --no-compile \
			-r "$here/evaluation/requirements.txt" >"$work/pip.log" 2>&1
}

reference() {
	PYTHONPATH=$work/python python3 "$here/evaluation/$1" "${@:2}"
}

# Of lines "name rate mean", ours and theirs, a table; fails if the means are not the same.
print_scores() {
	join -a 1 -o 0,1.2,1.3,2.2,2.3 <(sort "$1") <(sort "$2") | awk '
		NF > 3 {
			printf "  %-20s %10d pairs/s %10d by Python  %6.1f times\n", $1, $2, $4, $2 / $4
			if ($3 - $5 > 0.000002 || $5 - $3 > 0.000002) { print "  " $1 ": mean of", $3, "here and", $5, "there"; wrong = 1 }
			next
		}
		{ printf "  %-20s %10d pairs/s\n", $1, $2 }
		END { exit wrong }'
}

score_texts() {
	local src=$here/../../src
	echo "scores of 1000 pairs of texts of 30 to 60 words, one CPU (goal: 50 times rouge-score and sacrebleu)"
	${CC:-cc} -O2 -std=gnu11 -I"$src" -o "$work/bench_texts" "$here/evaluation/texts.c" "$src"/core/*/*.c \
		-ljson-c -lunistring -lz -lm || { fail "could not build texts.c"; return; }
	"$work/bench_texts" make 1000 >"$work/pairs"
	"$work/bench_texts" score "$work/pairs" 1 >"$work/scores" || fail "texts were not scored"
	: >"$work/scores.python"
	if get_references; then
		reference texts.py "$work/pairs" >"$work/scores.python" || fail "texts were not scored by Python"
	else
		echo "  not beside Python: its packages could not be had"
	fi
	print_scores "$work/scores" "$work/scores.python" || fail "scores differ"
}

# A row: what, the word it is printed under, the goal. Ours and theirs are in files.
bca_row() {
	local ours theirs
	ours=$(awk -v key="$2" '$1 == key {print $2}' "$work/bca.ours")
	theirs=$(awk -v key="$2" '$1 == key {print $2}' "$work/bca.theirs")
	awk -v what="$1" -v ours="$ours" -v theirs="$theirs" -v goal="$3" 'BEGIN {
		printf "  %-40s %8.1f ms   SciPy %8.1f ms   %6.1f times as fast%s\n", what, ours, theirs, theirs / ours, goal
	}'
}

# Intervals and tests of 1000 differences, beside SciPy.
bca() {
	local sources=$here/../../src
	${CC:-cc} -O2 -std=gnu11 -Wall -Wextra -I"$sources" -o "$work/bench_bca" "$here/evaluation/bca.c" \
		"$sources"/core/memory/*.c "$sources"/core/stats/*.c -lm || { fail "could not build bench_bca"; return; }
	"$work/bench_bca" make 1000 >"$work/differences"
	"$work/bench_bca" measure "$work/differences" >"$work/bca.ours" || { fail "bench_bca failed"; return; }
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 reference bca.py "$work/differences" >"$work/bca.theirs" ||
		{ fail "bca.py failed"; return; }
	bca_row "BCa, 10000 resamples of 1000" bca " (goal: 10)"
	bca_row "the same in batches of 100, best of SciPy" batches ""
	bca_row "sign flips, 100000 draws of 1000" sign_flip ""
}

# ---- records a second ----

# Starts an upstream that answers after 200 ms, and makes datasets to ask it.
start_slow_upstream() {
	${CC:-cc} -O2 -std=gnu11 -Wall -Wextra -o "$work/bench_upstream" "$here/evaluation/upstream.c" || return 1
	"$work/bench_upstream" 200 "$work/upstream.port" &
	upstream=$!
	local tries=100
	while [ ! -s "$work/upstream.port" ] && [ $((tries--)) -gt 0 ]; do sleep 0.05; done
	sql "SELECT gaiops_create_endpoint('slow', 'http://127.0.0.1:$(cat "$work/upstream.port")/v1')" >/dev/null || return 1
	local n
	for n in 20 200 1000; do
		sql "SELECT gaiops_create_dataset('bench-$n'); SELECT gaiops_merge_records('bench-$n', (SELECT jsonb_agg(jsonb_build_object(
			'inputs', jsonb_build_object('question', 'Which is the answer number ' || i || '?'),
			'expectations', jsonb_build_object('expected_response', 'The answer.'))) FROM generate_series(1, $n) AS i))" >/dev/null ||
			return 1
	done
}

# One round: records, in flight. Leaves a line in $work/rounds.
ask_records() {
	local out
	out=$(as_server "$bindir/psql" -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -v records="$1" -v most="$2" -d "$conninfo" \
		-f "$here/evaluation/records.sql") || return 1
	[ "$(echo "$out" | tail -1)" = t ] || return 1
	echo "$1 $2 $(echo "$out" | head -1) $(cut -d' ' -f1 /proc/loadavg)" >>"$work/rounds"
}

# Of rounds with that many in flight: the middle one by seconds, beside the ideal.
print_records() {
	awk -v most="$1" '$2 == most' "$work/rounds" | sort -k3,3n | awk '
		{ line[NR] = $0 }
		END {
			split(line[1], least); split(line[int((NR + 1) / 2)], f)
			ideal = 0.2 * f[1] / f[2]
			printf "  %4d in flight %6d records %8.2f s, %.2f times the ideal (%.2f at best) %8.1f a second; CPU ms each: session %.2f, writer %.2f; load %s\n",
				f[2], f[1], f[3], f[3] / ideal, least[3] / ideal, f[1] / f[3], 1000 * f[4] / f[1], 1000 * f[5] / f[1], f[6]
		}'
}

# An upstream of 200 ms; everything is recorded before it counts as done.
ask_model() {
	local round
	start_slow_upstream || { fail "no upstream for evaluations"; return; }
	: >"$work/rounds"
	echo "records of an evaluation, upstream of 200 ms, middle of $BENCH_ROUNDS rounds (goal: 1.1 times the ideal at 100)"
	for ((round = 0; round < BENCH_ROUNDS; round++)); do
		wait_idle
		ask_records 1000 100 || fail "not all of 1000 records were recorded"
		ask_records 200 10 || fail "not all of 200 records were recorded"
		ask_records 20 1 || fail "not all of 20 records were recorded"
	done
	print_records 1
	print_records 10
	print_records 100
	kill "$upstream"
}

evaluation() {
	ask_model
	wait_idle
	echo
	echo "evaluation: one CPU, medians of 7"
	score_texts
	if get_references; then
		bca
	else
		echo "  no statistics: there is nothing to measure them beside"
	fi
}
