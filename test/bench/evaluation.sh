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

evaluation() {
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
