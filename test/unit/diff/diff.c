/* Unified diffs of core/diff/diff, compared with those that diff -u makes. */
#include "core/diff/diff.h"

#include <stdlib.h>

#include "check.h"
#include "core/diff/edits.h"

#define MEMORY	((size_t) 64 << 20)

static void
write_line(void *to, const char *line, size_t len)
{
	fwrite(line, 1, len, to);
	fputc('\n', to);
}

/* A diff as a C string, to be freed, each line ended; NULL if it failed. */
static char *
diff(const char *old, const char *new, int context, bool mark_words)
{
	Arena	   *arena = arena_create(MEMORY);
	char	   *written = NULL;
	size_t		len = 0;
	FILE	   *out = open_memstream(&written, &len);
	DiffText	from = {old, strlen(old), "old"};
	DiffText	to = {new, strlen(new), "new"};
	DiffOptions options = {context, mark_words, write_line, out, NULL};
	bool		ok = diff_unified(arena, &from, &to, &options);

	fclose(out);
	arena_free(arena);
	if (ok)
		return written;
	free(written);
	return NULL;
}

/* Compares a diff without its heading, which there is unless it is empty. */
static void
check_diff(const char *old, const char *new, int context, bool mark_words,
		   const char *expected, int line)
{
	static const char heading[] = "--- old\n+++ new\n";
	char	   *found = diff(old, new, context, mark_words);
	bool		has_heading = found != NULL && strncmp(found, heading, strlen(heading)) == 0;

	check_cstring(found == NULL ? NULL : found + (has_heading ? strlen(heading) : 0), expected,
				  "diff", __FILE_NAME__, line);
	check_report(has_heading == (expected[0] != '\0'), "heading", __FILE_NAME__, line);
	free(found);
}

#define CHECK_DIFF(old, new, expected) \
	check_diff((old), (new), DIFF_CONTEXT, true, (expected), __LINE__)
#define CHECK_DIFF_WITH(old, new, context, expected) \
	check_diff((old), (new), (context), false, (expected), __LINE__)

static void
test_nothing(void)
{
	CHECK_DIFF("", "", "");
	CHECK_DIFF("a", "a", "");
	CHECK_DIFF("a\nb\n", "a\nb\n", "");
}

/* Hunks where diff -u has them: checked with GNU diffutils 3.8. */
static void
test_hunks(void)
{
	CHECK_DIFF("", "a\n", "@@ -0,0 +1 @@\n+a\n");
	CHECK_DIFF("", "a\nb\n", "@@ -0,0 +1,2 @@\n+a\n+b\n");
	CHECK_DIFF("a\nb\n", "", "@@ -1,2 +0,0 @@\n-a\n-b\n");
	CHECK_DIFF("a\n", "b\n", "@@ -1 +1 @@\n-a\n+b\n");
	CHECK_DIFF("1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n",
			   "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
	CHECK_DIFF("1\n2\n3\n4\n5\n", "0\n1\n2\n3\n4\n5\n",
			   "@@ -1,3 +1,4 @@\n+0\n 1\n 2\n 3\n");
	CHECK_DIFF("1\n2\n3\n4\n5\n", "1\n2\n3\n4\n5\n6\n",
			   "@@ -3,3 +3,4 @@\n 3\n 4\n 5\n+6\n");
	CHECK_DIFF("1\n2\n3\n4\n5\n", "1\n2\n4\n5\n",
			   "@@ -1,5 +1,4 @@\n 1\n 2\n-3\n 4\n 5\n");
}

/* Six lines between two changes are in one hunk, seven are in two. */
static void
test_near_changes(void)
{
	CHECK_DIFF("a\n1\n2\n3\n4\n5\n6\nb\n", "x\n1\n2\n3\n4\n5\n6\ny\n",
			   "@@ -1,8 +1,8 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n-b\n+y\n");
	CHECK_DIFF("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n",
			   "@@ -1,4 +1,4 @@\n-a\n+x\n 1\n 2\n 3\n@@ -6,4 +6,4 @@\n 5\n 6\n 7\n-b\n+y\n");
	CHECK_DIFF_WITH("a\n1\nb\n", "x\n1\ny\n", 0, "@@ -1 +1 @@\n-a\n+x\n@@ -3 +3 @@\n-b\n+y\n");
	CHECK_DIFF_WITH("a\n1\nb\n", "x\n1\ny\n", -5, "@@ -1 +1 @@\n-a\n+x\n@@ -3 +3 @@\n-b\n+y\n");
	CHECK_DIFF_WITH("1\n2\n", "1\nx\n2\n", 0, "@@ -1,0 +2 @@\n+x\n");
	CHECK_DIFF_WITH("1\nx\n2\n", "1\n2\n", 0, "@@ -2 +1,0 @@\n-x\n");
	CHECK_DIFF_WITH("a\n1\n2\n3\n4\n5\n6\n7\nb\n", "x\n1\n2\n3\n4\n5\n6\n7\ny\n", 2147483647,
					"@@ -1,9 +1,9 @@\n-a\n+x\n 1\n 2\n 3\n 4\n 5\n 6\n 7\n-b\n+y\n");
}

/* The last line may have no end: that is a change, and said. */
static void
test_no_line_break_at_the_end(void)
{
	static const char note[] = "\\ No newline at end of file\n";
	char		expected[200];

	snprintf(expected, sizeof(expected), "@@ -1 +1 @@\n-a\n%s+b\n%s", note, note);
	CHECK_DIFF("a", "b", expected);
	snprintf(expected, sizeof(expected), "@@ -1 +1 @@\n-a\n%s+a\n", note);
	CHECK_DIFF("a", "a\n", expected);
	snprintf(expected, sizeof(expected), "@@ -1 +1 @@\n-a\n+a\n%s", note);
	CHECK_DIFF("a\n", "a", expected);
	snprintf(expected, sizeof(expected), "@@ -1,2 +1,2 @@\n-a\n+b\n z\n%s", note);
	CHECK_DIFF("a\nz", "b\nz", expected);
	snprintf(expected, sizeof(expected), "@@ -0,0 +1 @@\n+a\n%s", note);
	CHECK_DIFF("", "a", expected);
	snprintf(expected, sizeof(expected), "@@ -1 +1,2 @@\n-a\n%s+a\n+\n%s", note, "");
	CHECK_DIFF("a", "a\n\n", expected);
}

/* What is repeated is new at its last place. */
static void
test_repeated_lines(void)
{
	CHECK_DIFF("f {\n  a\n}\ng {\n  b\n}\n", "f {\n  a\n}\nh {\n  c\n}\ng {\n  b\n}\n",
			   "@@ -1,6 +1,9 @@\n f {\n   a\n }\n+h {\n+  c\n+}\n g {\n   b\n }\n");
	CHECK_DIFF("a\n\nb\n", "a\n\nx\n\nb\n", "@@ -1,3 +1,5 @@\n a\n \n+x\n+\n b\n");
}

static void
test_words(void)
{
	CHECK_DIFF("You are a polite assistant.\n", "You are a friendly assistant.\n",
			   "@@ -1 +1 @@\n-You are a [-polite-] assistant.\n+You are a {+friendly+} assistant.\n");
	CHECK_DIFF("Answer in English.\n", "Answer in plain English.\n",
			   "@@ -1 +1 @@\n-Answer in English.\n+Answer in {+plain +}English.\n");
	CHECK_DIFF("Answer in plain English.\n", "Answer in English.\n",
			   "@@ -1 +1 @@\n-Answer in [-plain -]English.\n+Answer in English.\n");
	CHECK_DIFF("Say {{ name }} twice.\n", "Say {{ user.name }} twice.\n",
			   "@@ -1 +1 @@\n-Say {{ name }} twice.\n+Say {{ {+user.+}name }} twice.\n");
	CHECK_DIFF("Say snake_case and 42!\n", "Say snake_cases and 43?\n",
			   "@@ -1 +1 @@\n-Say [-snake_case-] and [-42!-]\n+Say {+snake_cases+} and {+43?+}\n");
	CHECK_DIFF("a  b\n", "a b\n", "@@ -1 +1 @@\n-a[-  -]b\n+a{+ +}b\n");
	CHECK_DIFF("a b\r\n", "a b\n", "@@ -1 +1 @@\n-a b[-\r-]\n+a b\n");
	/* Letters that are not ASCII are of words, and are not cut. */
	CHECK_DIFF("sag gr\xC3\xBC\xC3\x9F dich hier\n", "sag gr\xC3\xBC\xC3\x9F\x65 dich hier\n",
			   "@@ -1 +1 @@\n-sag [-gr\xC3\xBC\xC3\x9F-] dich hier\n+sag {+gr\xC3\xBC\xC3\x9F\x65+} dich hier\n");
	/* An end that is missing is no word. */
	CHECK_DIFF("a b", "a c\n",
			   "@@ -1 +1 @@\n-a [-b-]\n\\ No newline at end of file\n+a {+c+}\n");
}

/* Marks help only where lines have something in common. */
static void
test_lines_without_marks(void)
{
	CHECK_DIFF("one two three\n", "four five six\n", "@@ -1 +1 @@\n-one two three\n+four five six\n");
	CHECK_DIFF("aaa b\n", "aaa c\n", "@@ -1 +1 @@\n-aaa [-b-]\n+aaa {+c+}\n");
	CHECK_DIFF("a bbb\n", "a ccc\n", "@@ -1 +1 @@\n-a [-bbb-]\n+a {+ccc+}\n");
	CHECK_DIFF("a bbbb\n", "a cccc\n", "@@ -1 +1 @@\n-a bbbb\n+a cccc\n");
	CHECK_DIFF("\n", "a\n", "@@ -1 +1 @@\n-\n+a\n");
	CHECK_DIFF("  \n", "\t\n", "@@ -1 +1 @@\n-  \n+\t\n");
	CHECK_DIFF_WITH("a b\n", "a c\n", 3, "@@ -1 +1 @@\n-a b\n+a c\n");
}

/* The first line with the first, the second with the second. */
static void
test_pairs_of_lines(void)
{
	CHECK_DIFF("a 1\nb 2\n", "a 3\nb 4\n",
			   "@@ -1,2 +1,2 @@\n-a [-1-]\n-b [-2-]\n+a {+3+}\n+b {+4+}\n");
	CHECK_DIFF("a 1\n", "a 3\nb 4\n", "@@ -1 +1,2 @@\n-a [-1-]\n+a {+3+}\n+b 4\n");
	CHECK_DIFF("a 1\nb 2\n", "a 3\n", "@@ -1,2 +1 @@\n-a [-1-]\n-b 2\n+a {+3+}\n");
	CHECK_DIFF("a 1\n=\nb 2\n", "a 3\n=\nb 4\n",
			   "@@ -1,3 +1,3 @@\n-a [-1-]\n+a {+3+}\n =\n-b [-2-]\n+b {+4+}\n");
}

/* ---- properties ---- */

/* The same numbers in each run. */
static unsigned
draw(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % below;
}

/* A text of few different words and lines, without anything like a mark. */
static void
draw_text(unsigned *state, char *text, int max)
{
	static const char *const words[] = {"a", "b", "c", " ", " ", ".", "\n", "\n", "\n\n", "\r\n", "\xC3\xA4"};
	int			n = (int) draw(state, (unsigned) max + 1);

	text[0] = '\0';
	for (int i = 0; i < n; i++)
		strcat(text, words[draw(state, sizeof(words) / sizeof(words[0]))]);
}

/*
 * Takes the marks from a line: what draw_text() makes has no such characters.
 */
static void
remove_marks(char *line)
{
	char	   *to = line;

	for (const char *c = line; *c != '\0'; c++)
		if (strchr("[-]{+}", *c) == NULL)
			*to++ = *c;
	*to = '\0';
}

/*
 * Writes lines of a text up to one that is numbered from 0; returns the rest.
 */
static const char *
copy_lines(const char *text, int from, int to, FILE *result)
{
	for (; from < to; from++)
	{
		int			len = (int) strcspn(text, "\n") + 1;

		fprintf(result, "%.*s", len, text);
		text += len;
	}
	return text;
}

/*
 * Applies the hunks of a diff to a text as patch does, and writes the text
 * that comes of it.  Returns false if a line is not what the hunk says that
 * it is.
 */
static bool
apply(char *written, const char *old, FILE *result)
{
	int			line = 0;		/* of the old text that comes next */
	bool		ends_open = false;
	char		last = ' ';

	for (char *row = strtok(written, "\n"); row != NULL; row = strtok(NULL, "\n"))
	{
		size_t		len = strcspn(old, "\n");
		int			begin;

		if (strncmp(row, "---", 3) == 0 || strncmp(row, "+++", 3) == 0)
			continue;
		if (*row == '@')
		{
			sscanf(row, "@@ -%d", &begin);
			begin -= strstr(row, ",0 +") == NULL;
			old = copy_lines(old, line, begin, result);
			line = begin;
			continue;
		}
		if (*row == '\\')
		{
			ends_open |= last != '-';
			continue;
		}
		last = *row;
		if (last != ' ')
			remove_marks(row + 1);
		if (last != '-')
			fprintf(result, "%s\n", row + 1);
		if (last == '+')
			continue;
		if (strlen(row + 1) != len || memcmp(row + 1, old, len) != 0)
			return false;
		line++;
		old += len + (old[len] == '\n');
	}
	fputs(old, result);
	fflush(result);
	if (ends_open)
		fseek(result, -1, SEEK_CUR);
	return true;
}

/* The diff of two drawn texts, applied to the one, is the other. */
static void
test_diffs_apply(void)
{
	unsigned	state = 4;
	int			refused = 0;
	int			different = 0;
	int			marked = 0;

	for (int i = 0; i < 5000; i++)
	{
		char		old[201];
		char		new[201];
		char	   *written;
		char	   *applied = NULL;
		size_t		len = 0;
		FILE	   *result = open_memstream(&applied, &len);

		draw_text(&state, old, 60);
		draw_text(&state, new, 60);
		written = diff(old, new, (int) draw(&state, 5), true);
		marked += strstr(written, "[-") != NULL;
		refused += !apply(written, old, result);
		fclose(result);
		different += len != strlen(new) || memcmp(applied, new, len) != 0;
		free(applied);
		free(written);
	}
	CHECK_INT(refused, 0);
	CHECK_INT(different, 0);
	CHECK(marked > 500);
}

/* Any bytes are text. */
static void
test_nul_bytes(void)
{
	static const char expected[] = "--- old\n+++ new\n@@ -1 +1 @@\n-a\0b\n+a\0c\n";
	Arena	   *arena = arena_create(MEMORY);
	char	   *written = NULL;
	size_t		len = 0;
	FILE	   *out = open_memstream(&written, &len);
	DiffText	from = {"a\0b\n", 4, "old"};
	DiffText	to = {"a\0c\n", 4, "new"};
	DiffOptions options = {3, false, write_line, out, NULL};

	CHECK(diff_unified(arena, &from, &to, &options));
	fclose(out);
	CHECK_INT(len, sizeof(expected) - 1);
	CHECK(memcmp(written, expected, sizeof(expected) - 1) == 0);
	free(written);
	arena_free(arena);
}

/* ---- bounds ---- */

static int	checks;

static void
count_checks(void)
{
	checks++;
}

static void
count_line(void *to, const char *line, size_t len)
{
	(void) line;
	(void) len;
	++*(int *) to;
}

/* Texts of 1 MB, all different within one line, and in every line. */
static void
test_large_texts(void)
{
	enum
	{
		LENGTH = 1 << 20
	};
	char	   *old = malloc(LENGTH);
	char	   *new = malloc(LENGTH);
	DiffText	from = {old, LENGTH, "old"};
	DiffText	to = {new, LENGTH, "new"};

	for (int i = 0; i < 2; i++)
	{
		int			width = i == 0 ? 2 : LENGTH;
		Arena	   *arena = arena_create((size_t) 256 << 20);
		unsigned	state = 5;
		int			lines = 0;
		DiffOptions options = {3, true, count_line, &lines, count_checks};

		for (int at = 0; at < LENGTH; at++)
		{
			old[at] = at % width == width - 1 ? '\n' : "+-*/"[draw(&state, 4)];
			new[at] = at % width == width - 1 ? '\n' : "+-*/"[draw(&state, 4)];
		}
		checks = 0;
		CHECK(diff_unified(arena, &from, &to, &options));
		CHECK(lines > 4);
		CHECK(checks > 1000);
		arena_free(arena);
	}
	free(new);
	free(old);
}

/* Whatever memory there is, it does or says that it does not. */
static void
test_short_memory(void)
{
	const char *old = "a 1\nb 2\nc 3\n";
	const char *new = "a 1\nb 4\nd 3\n";
	DiffText	from = {old, strlen(old), "old"};
	DiffText	to = {new, strlen(new), "new"};
	int			done = 0;
	int			refused = 0;
	int			wrong = 0;

	for (size_t memory = 0; memory < 6000; memory += 10)
	{
		Arena	   *arena = arena_create(memory);
		int			lines = 0;
		DiffOptions options = {3, true, count_line, &lines, NULL};

		if (diff_unified(arena, &from, &to, &options))
		{
			done++;
			wrong += lines != 8;
		}
		else
			refused++;
		arena_free(arena);
	}
	CHECK(done > 0);
	CHECK(refused > 0);
	CHECK_INT(wrong, 0);
}

int
main(void)
{
	test_nothing();
	test_hunks();
	test_near_changes();
	test_no_line_break_at_the_end();
	test_repeated_lines();
	test_words();
	test_lines_without_marks();
	test_pairs_of_lines();
	test_diffs_apply();
	test_nul_bytes();
	test_large_texts();
	test_short_memory();
	return check_finish();
}
