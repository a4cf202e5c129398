/*
 * Fuzzer of core/diff/diff and core/diff/edits: from a diff with all lines
 * both texts come back, hunks have the lines that their headings say, and
 * marks only add to lines.
 *
 * The first byte of an input is the context, the second the bound of work for
 * edits; then come the texts, with a NUL between them.
 */
#include "core/diff/diff.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "core/diff/edits.h"
#include "fuzz.h"

#define MEMORY	((size_t) 256 << 20)

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The lines of a diff, each ended by a line break. */
typedef struct Lines
{
	char	   *text;
	size_t		len;
	FILE	   *out;
} Lines;

static void
add_line(void *to, const char *line, size_t len)
{
	Lines	   *lines = to;

	REQUIRE(memchr(line, '\n', len) == NULL);
	fwrite(line, 1, len, lines->out);
	fputc('\n', lines->out);
}

static Lines
make_diff(const DiffText *old, const DiffText *new, int context, bool mark_words)
{
	Lines		lines = {0};
	DiffOptions options = {context, mark_words, add_line, &lines, NULL};
	Arena	   *arena = arena_create(MEMORY);

	lines.out = open_memstream(&lines.text, &lines.len);
	REQUIRE(diff_unified(arena, old, new, &options));
	fclose(lines.out);
	arena_free(arena);
	return lines;
}

/* Where the line at row ends. */
static const char *
line_end(const Lines *lines, const char *row)
{
	return memchr(row, '\n', (size_t) (lines->text + lines->len - row));
}

/* The first row of a diff behind its heading, which is there if it has any. */
static const char *
first_row(const Lines *lines)
{
	const char *row = lines->text;

	for (int i = 0; i < 2 && lines->len > 0; i++)
	{
		REQUIRE(strncmp(row, i == 0 ? "--- old\n" : "+++ new\n", 8) == 0);
		row += 8;
	}
	return row;
}

/*
 * A text is made of the rows of a diff with a sign, and those of both texts.
 */
static void
require_text(const Lines *lines, char sign, const DiffText *text)
{
	const char *rest = text->text;
	const char *end = text->text + text->len;
	char		last = ' ';

	for (const char *row = first_row(lines); row < lines->text + lines->len; row = line_end(lines, row) + 1)
	{
		size_t		len = (size_t) (line_end(lines, row) - row);

		if (*row == sign || *row == ' ')
		{
			REQUIRE((size_t) (end - rest) >= len - 1 && memcmp(rest, row + 1, len - 1) == 0);
			rest += len - 1;
			REQUIRE(rest == end || *rest == '\n');
			rest += rest < end;
		}
		else if (*row == '\\' && (last == sign || last == ' '))
			REQUIRE(rest == end && (text->len == 0 || end[-1] != '\n'));
		last = *row;
	}
	REQUIRE(rest == end);
}

/* Hunks have as many lines as they say, where the hunk before leaves off. */
static void
require_hunks(const Lines *lines)
{
	int			left[2] = {0, 0};
	int			end[2] = {0, 0};

	for (const char *row = first_row(lines); row < lines->text + lines->len; row = line_end(lines, row) + 1)
	{
		int			begin[2];
		int			n[2] = {1, 1};

		if (*row == '@')
		{
			REQUIRE(left[0] == 0 && left[1] == 0);
			REQUIRE(sscanf(row, "@@ -%d,%d +%d,%d @@\n", &begin[0], &n[0], &begin[1], &n[1]) == 4 ||
					sscanf(row, "@@ -%d +%d,%d @@\n", &begin[0], &begin[1], &n[1]) == 3 ||
					sscanf(row, "@@ -%d,%d +%d @@\n", &begin[0], &n[0], &begin[1]) == 3 ||
					sscanf(row, "@@ -%d +%d @@\n", &begin[0], &begin[1]) == 2);
			for (int i = 0; i < 2; i++)
			{
				begin[i] -= n[i] > 0;
				REQUIRE(begin[i] >= end[i]);
				end[i] = begin[i] + n[i];
				left[i] = n[i];
			}
			REQUIRE(begin[0] - begin[1] == end[0] - n[0] - (end[1] - n[1]));
		}
		else if (*row != '\\')
		{
			left[0] -= *row != '+';
			left[1] -= *row != '-';
			REQUIRE(left[0] >= 0 && left[1] >= 0);
		}
	}
	REQUIRE(left[0] == 0 && left[1] == 0);
}

static bool
has_marks(const DiffText *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (strchr("[-]{+}", text->text[i]) != NULL)
			return true;
	return false;
}

/* Rows with marks are those without, once the characters of marks are gone. */
static void
require_marks(const Lines *plain, const Lines *marked)
{
	const char *p = first_row(plain);
	const char *m = first_row(marked);

	while (p < plain->text + plain->len)
	{
		const char *p_end = line_end(plain, p);
		const char *m_end = line_end(marked, m);

		REQUIRE(m_end != NULL && *p == *m);
		if (*p == '-' || *p == '+')
			for (p++, m++; m < m_end; m++)
				if (strchr("[-]{+}", *m) == NULL)
					REQUIRE(p < p_end && *p++ == *m);
		if (*p == ' ' || *p == '@')
			REQUIRE(p_end - p == m_end - m && memcmp(p, m, (size_t) (p_end - p)) == 0);
		else
			REQUIRE(p == p_end || *p == '\\');
		p = p_end + 1;
		m = m_end + 1;
	}
	REQUIRE(m == marked->text + marked->len);
}

static size_t
one_byte(const char *text, size_t len)
{
	(void) text;
	(void) len;
	return 1;
}

/* What edits says to be unchanged is, whatever the bound of its work. */
static void
require_edits(const DiffText *old, const DiffText *new, int32_t max_cost)
{
	Arena	   *arena = arena_create(MEMORY);
	Edits		edits;
	int32_t		x = 0;
	int32_t		y = 0;

	edits_init(&edits, arena, NULL);
	REQUIRE(edits_cut(&edits, EDITS_OLD, old->text, old->len, one_byte));
	REQUIRE(edits_cut(&edits, EDITS_NEW, new->text, new->len, one_byte));
	REQUIRE(edits_compare(&edits, max_cost));
	for (;;)
	{
		while (edits.sides[EDITS_OLD].changed[x])
			x++;
		while (edits.sides[EDITS_NEW].changed[y])
			y++;
		if (x == edits.sides[EDITS_OLD].n || y == edits.sides[EDITS_NEW].n)
			break;
		REQUIRE(old->text[x++] == new->text[y++]);
	}
	REQUIRE(x == edits.sides[EDITS_OLD].n && y == edits.sides[EDITS_NEW].n);
	arena_free(arena);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data + 2;
	const char *nul = size < 3 ? NULL : memchr(text, '\0', size - 2);
	DiffText	old;
	DiffText	new;
	Lines		whole;
	Lines		plain;
	Lines		marked;

	if (nul == NULL)
		return 0;
	old = (DiffText) {text, (size_t) (nul - text), "old"};
	new = (DiffText) {nul + 1, size - 3 - old.len, "new"};
	whole = make_diff(&old, &new, INT_MAX, false);
	plain = make_diff(&old, &new, data[0], false);
	marked = make_diff(&old, &new, data[0], true);
	REQUIRE((whole.len == 0) == (old.len == new.len && memcmp(old.text, new.text, old.len) == 0));
	if (whole.len > 0)
	{
		require_text(&whole, '-', &old);
		require_text(&whole, '+', &new);
	}
	require_hunks(&whole);
	require_hunks(&plain);
	if (!has_marks(&old) && !has_marks(&new))
		require_marks(&plain, &marked);
	require_edits(&old, &new, 1 + data[1] / 16);
	free(whole.text);
	free(plain.text);
	free(marked.text);
	return 0;
}
