/*
 * diff.c
 *		A unified diff of two texts, its changed words marked.
 */
#include "core/diff/diff.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/diff/edits.h"

/* A diff under way. */
typedef struct Diff
{
	const DiffOptions *options;
	Arena	   *arena;
	Edits		lines;
	Edits		words;			/* of the pair of lines looked at last */
	int32_t		max_word_cost;
	char	   *buffer;			/* the line that is being written */
	size_t		len;
	size_t		size;
	bool		has_failed;		/* memory is short; nothing more is emitted */
} Diff;

/* Lines [begin, end) of each text that are shown together. */
typedef struct Hunk
{
	int32_t		begin[2];
	int32_t		end[2];
} Hunk;

static const char signs[] = {'-', '+'};

/* ---- pieces ---- */

static size_t
line_length(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);

	return end == NULL ? len : (size_t) (end - text) + 1;
}

static inline bool
is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Letters, digits, underscores and all that is not ASCII make up words. */
static inline bool
is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		c == '_' || (unsigned char) c >= 0x80;
}

/* A word, a run of blanks, or one other character. */
static size_t
word_length(const char *text, size_t len)
{
	size_t		n = 1;

	if (is_of_word(*text))
		while (n < len && is_of_word(text[n]))
			n++;
	else if (is_blank(*text))
		while (n < len && is_blank(text[n]))
			n++;
	return n;
}

/* A line of a text without its line break. */
static const char *
get_line(const Diff *diff, int which, int32_t line, size_t *len, bool *has_break)
{
	const char *text = edits_piece(&diff->lines.sides[which], line, len);

	*has_break = text[*len - 1] == '\n';
	*len -= *has_break;
	return text;
}

/* ---- writing ---- */

/* Adds to the line that is being written. */
static void
put(Diff *diff, const char *text, size_t len)
{
	if (diff->len + len > diff->size)
	{
		size_t		size = (diff->len + len) * 2;
		char	   *buffer = arena_alloc(diff->arena, size);

		if (buffer == NULL)
		{
			diff->has_failed = true;
			return;
		}
		if (diff->len > 0)
			memcpy(buffer, diff->buffer, diff->len);
		diff->buffer = buffer;
		diff->size = size;
	}
	if (len > 0)
		memcpy(diff->buffer + diff->len, text, len);
	diff->len += len;
}

static void
put_string(Diff *diff, const char *text)
{
	put(diff, text, strlen(text));
}

/* Emits the line that was written. */
static void
emit_line(Diff *diff)
{
	if (!diff->has_failed)
		diff->options->emit(diff->options->to, diff->buffer, diff->len);
	diff->len = 0;
	if (diff->options->check_interrupts != NULL)
		diff->options->check_interrupts();
}

static void
emit_heading(Diff *diff, const char *sign, const char *label)
{
	put_string(diff, sign);
	put_string(diff, label);
	emit_line(diff);
}

/*
 * Puts which lines of a text a hunk has: the first one and how many, if not
 * one.  Of no lines it is the one before.
 */
static void
put_range(Diff *diff, const Hunk *hunk, int which)
{
	char		range[32];
	int			begin = hunk->begin[which];
	int			n = hunk->end[which] - begin;

	if (n == 1)
		snprintf(range, sizeof(range), "%c%d", signs[which], begin + 1);
	else
		snprintf(range, sizeof(range), "%c%d,%d", signs[which], n == 0 ? begin : begin + 1, n);
	put_string(diff, range);
}

static void
emit_hunk_heading(Diff *diff, const Hunk *hunk)
{
	put_string(diff, "@@ ");
	put_range(diff, hunk, EDITS_OLD);
	put_string(diff, " ");
	put_range(diff, hunk, EDITS_NEW);
	put_string(diff, " @@");
	emit_line(diff);
}

/*
 * Puts the words of one of the lines looked at last, those that changed
 * marked.
 */
static void
put_marked_words(Diff *diff, int which)
{
	static const char *const opening[] = {"[-", "{+"};
	static const char *const closing[] = {"-]", "+}"};
	const EditsSide *side = &diff->words.sides[which];

	for (int32_t i = 0; i < side->n; i++)
	{
		size_t		len;
		const char *word = edits_piece(side, i, &len);

		if (side->changed[i] && !side->changed[i - 1])
			put_string(diff, opening[which]);
		put(diff, word, len);
		if (side->changed[i] && !side->changed[i + 1])
			put_string(diff, closing[which]);
	}
}

/*
 * Emits a line of a text after a sign, with marks if its words were looked at
 * last and are to be marked.
 */
static void
emit_text_line(Diff *diff, char sign, int which, int32_t line, bool is_marked)
{
	size_t		len;
	bool		has_break;
	const char *text = get_line(diff, which, line, &len, &has_break);

	put(diff, &sign, 1);
	if (is_marked)
		put_marked_words(diff, which);
	else
		put(diff, text, len);
	emit_line(diff);
	if (!has_break)
		emit_heading(diff, "\\ ", "No newline at end of file");
}

/* ---- words ---- */

/*
 * Adds up the bytes of a line's words, blanks apart, and of those that
 * changed.
 */
static void
count_words(const EditsSide *side, size_t *all, size_t *changed)
{
	for (int32_t i = 0; i < side->n; i++)
	{
		size_t		len;
		const char *word = edits_piece(side, i, &len);

		if (is_blank(*word))
			continue;
		*all += len;
		if (side->changed[i])
			*changed += len;
	}
}

/* Looks at the words of a pair of lines.  Returns whether to mark them. */
static bool
compare_words(Diff *diff, int32_t old_line, int32_t new_line)
{
	const int32_t lines[] = {old_line, new_line};
	size_t		all = 0;
	size_t		changed = 0;

	for (int which = 0; which < 2; which++)
	{
		size_t		len;
		bool		has_break;
		const char *text = get_line(diff, which, lines[which], &len, &has_break);

		if (!edits_cut(&diff->words, which, text, len, word_length))
			diff->has_failed = true;
	}
	if (diff->has_failed || !edits_compare(&diff->words, diff->max_word_cost))
	{
		diff->has_failed = true;
		return false;
	}
	for (int which = 0; which < 2; which++)
		count_words(&diff->words.sides[which], &all, &changed);
	return changed * 4 <= all * 3 && all > 0;
}

/* ---- hunks ---- */

/*
 * Emits the lines of one text that changed at a place, from [begin, end),
 * beside those of the other text from other on.
 */
static void
emit_changed_lines(Diff *diff, int which, const Hunk *change)
{
	int32_t		pairs = change->end[!which] - change->begin[!which];

	for (int32_t i = 0; i < change->end[which] - change->begin[which]; i++)
	{
		bool		is_marked = diff->options->mark_words && i < pairs &&
			compare_words(diff, change->begin[EDITS_OLD] + i, change->begin[EDITS_NEW] + i);

		if (diff->has_failed)
			return;
		emit_text_line(diff, signs[which], which, change->begin[which] + i, is_marked);
	}
}

/* Finds the lines that changed from a place on, none if the place has not. */
static Hunk
find_change(const Diff *diff, const int32_t *place)
{
	Hunk		change;

	for (int which = 0; which < 2; which++)
	{
		change.begin[which] = change.end[which] = place[which];
		while (diff->lines.sides[which].changed[change.end[which]])
			change.end[which]++;
	}
	return change;
}

/* Goes on behind up to n unchanged lines.  Returns how many there were. */
static int32_t
skip_unchanged(const Diff *diff, int32_t *place, int32_t n)
{
	const EditsSide *old = &diff->lines.sides[EDITS_OLD];
	const EditsSide *new = &diff->lines.sides[EDITS_NEW];
	int32_t		i = 0;

	while (i < n && place[EDITS_OLD] < old->n && !old->changed[place[EDITS_OLD]] &&
		   !new->changed[place[EDITS_NEW]])
	{
		place[EDITS_OLD]++;
		place[EDITS_NEW]++;
		i++;
	}
	return i;
}

/* Whether a place is behind the last line of both texts. */
static bool
is_at_end(const Diff *diff, const int32_t *place)
{
	return place[EDITS_OLD] == diff->lines.sides[EDITS_OLD].n &&
		place[EDITS_NEW] == diff->lines.sides[EDITS_NEW].n;
}

/*
 * Finds the next hunk from a place on, where the hunk before ended.  Changes
 * with no more than twice the context between them share a hunk.  Returns
 * whether there is one.
 */
static bool
find_hunk(const Diff *diff, const int32_t *place, int32_t context, Hunk *hunk)
{
	int32_t		end[] = {place[EDITS_OLD], place[EDITS_NEW]};
	int32_t		unchanged = skip_unchanged(diff, end, INT32_MAX);
	int32_t		before = unchanged < context ? unchanged : context;

	if (is_at_end(diff, end))
		return false;
	for (int which = 0; which < 2; which++)
		hunk->begin[which] = end[which] - before;
	do
	{
		Hunk		change = find_change(diff, end);

		memcpy(hunk->end, change.end, sizeof(hunk->end));
		memcpy(end, change.end, sizeof(end));
		unchanged = skip_unchanged(diff, end, context * 2 + 1);
	} while (unchanged <= context * 2 && !is_at_end(diff, end));
	skip_unchanged(diff, hunk->end, context);
	return true;
}

static void
emit_hunk(Diff *diff, const Hunk *hunk)
{
	int32_t		place[] = {hunk->begin[EDITS_OLD], hunk->begin[EDITS_NEW]};

	emit_hunk_heading(diff, hunk);
	while (!diff->has_failed &&
		   (place[EDITS_OLD] < hunk->end[EDITS_OLD] || place[EDITS_NEW] < hunk->end[EDITS_NEW]))
	{
		Hunk		change = find_change(diff, place);

		emit_changed_lines(diff, EDITS_OLD, &change);
		emit_changed_lines(diff, EDITS_NEW, &change);
		memcpy(place, change.end, sizeof(place));
		if (place[EDITS_OLD] < hunk->end[EDITS_OLD])
		{
			emit_text_line(diff, ' ', EDITS_OLD, place[EDITS_OLD], false);
			place[EDITS_OLD]++;
			place[EDITS_NEW]++;
		}
	}
}

/*
 * So much of a search that it, times so many pieces, stays within the bounds.
 */
static int32_t
max_cost(size_t pieces)
{
	size_t		cost = DIFF_WORK / (pieces + 1);

	return cost > DIFF_MIN_COST ? (int32_t) cost : DIFF_MIN_COST;
}

bool
diff_unified(Arena *arena, const DiffText *old, const DiffText *new, const DiffOptions *options)
{
	Diff		diff = {.options = options, .arena = arena};
	int32_t		place[] = {0, 0};
	int32_t		context;
	Hunk		hunk;

	edits_init(&diff.lines, arena, options->check_interrupts);
	edits_init(&diff.words, arena, options->check_interrupts);
	if (!edits_cut(&diff.lines, EDITS_OLD, old->text, old->len, line_length) ||
		!edits_cut(&diff.lines, EDITS_NEW, new->text, new->len, line_length))
		return false;
	diff.max_word_cost = max_cost(old->len + new->len);
	context = diff.lines.sides[EDITS_OLD].n;
	if (options->context < context)
		context = options->context < 0 ? 0 : options->context;
	if (!edits_compare(&diff.lines, max_cost((size_t) diff.lines.sides[EDITS_OLD].n +
											 (size_t) diff.lines.sides[EDITS_NEW].n)))
		return false;
	for (bool is_first = true; !diff.has_failed && find_hunk(&diff, place, context, &hunk); is_first = false)
	{
		if (is_first)
		{
			emit_heading(&diff, "--- ", old->label);
			emit_heading(&diff, "+++ ", new->label);
		}
		emit_hunk(&diff, &hunk);
		memcpy(place, hunk.end, sizeof(place));
	}
	return !diff.has_failed;
}
