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

evaluation() {
	wait_idle
	echo
	echo "evaluation"
	score_texts
}
