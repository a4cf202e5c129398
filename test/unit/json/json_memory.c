/*
 * Parsing when memory is short.
 *
 * json-c is linked in statically and every allocation of it and of ours goes
 * through a budget.  Whatever the budget, a parse gives the whole document or
 * a failure, never a crash, a leak, or a document with something missing; and
 * the bound that json_scan() tells is one.
 */
#include <malloc.h>
#include <stdlib.h>

#include "check.h"
#include "core/json/json.h"
#include "core/json/json_scan.h"
#include "core/wire/openai.h"

static size_t in_use = 0;
static size_t peak = 0;
static size_t budget = SIZE_MAX;
static size_t poisoned_size = 0;	/* allocations of exactly that size fail */

extern void *__real_malloc(size_t size);
extern void __real_free(void *p);
extern void *__wrap_malloc(size_t size);
extern void *__wrap_calloc(size_t n, size_t size);
extern void *__wrap_realloc(void *p, size_t size);
extern char *__wrap_strdup(const char *text);
extern void __wrap_free(void *p);

/* What glibc takes for a block of that size. */
static size_t
block_size(size_t size)
{
	size_t		block = (size + 8 + 15) / 16 * 16;

	return block < 32 ? 32 : block;
}

void *
__wrap_malloc(size_t size)
{
	void	   *p;

	if (poisoned_size != 0 && size == poisoned_size)
		return NULL;
	if (size > SIZE_MAX / 2 || block_size(size) > budget - in_use)
		return NULL;
	p = __real_malloc(size);
	if (p == NULL)
		return NULL;
	in_use += block_size(malloc_usable_size(p));
	if (in_use > peak)
		peak = in_use;
	return p;
}

void *
__wrap_calloc(size_t n, size_t size)
{
	void	   *p = __wrap_malloc(n * size);

	return p == NULL ? NULL : memset(p, 0, n * size);
}

/* Always moves: the old and the new block are there at the same time. */
void *
__wrap_realloc(void *p, size_t size)
{
	void	   *q = __wrap_malloc(size);
	size_t		old = p == NULL ? 0 : malloc_usable_size(p);

	if (q == NULL)
		return NULL;
	if (p != NULL)
		memcpy(q, p, old < size ? old : size);
	__wrap_free(p);
	return q;
}

char *
__wrap_strdup(const char *text)
{
	size_t		size = strlen(text) + 1;
	char	   *copy = __wrap_malloc(size);

	return copy == NULL ? NULL : memcpy(copy, text, size);
}

void
__wrap_free(void *p)
{
	if (p != NULL)
		in_use -= block_size(malloc_usable_size(p));
	__real_free(p);
}

/* A sum over all that is in a value, to tell two documents apart. */
static size_t
digest(const JsonValue *value)
{
	size_t		sum = (size_t) json_value_kind(value) + 1;
	const char *data;
	size_t		len;

	if (json_value_string(value, &data, &len))
		for (size_t i = 0; i < len; i++)
			sum = sum * 31 + (unsigned char) data[i];
	for (size_t i = 0; i < json_value_length(value); i++)
		sum = sum * 31 + digest(json_value_element(value, i));
	for (int i = 0; i < 3000; i++)
	{
		char		key[16];
		const JsonValue *member;

		snprintf(key, sizeof(key), "k%d", i);
		member = json_value_member(value, key);
		if (member == NULL && i > 10)
			break;
		sum = sum * 31 + (member == NULL ? 7 : digest(member));
	}
	return sum;
}

typedef void (*Writer) (FILE *out, int n);

static void
write_flat_objects(FILE *out, int n)
{
	fputs("[{}", out);
	for (int i = 1; i < n; i++)
		fputs(",{}", out);
	fputs("]", out);
}

static void
write_flat_arrays(FILE *out, int n)
{
	fputs("[[]", out);
	for (int i = 1; i < n; i++)
		fputs(",[]", out);
	fputs("]", out);
}

static void
write_single_element_arrays(FILE *out, int n)
{
	fputs("[[0]", out);
	for (int i = 1; i < n; i++)
		fputs(",[0]", out);
	fputs("]", out);
}

static void
write_wide_object(FILE *out, int n)
{
	fputs("{\"k0\":null", out);
	for (int i = 1; i < n; i++)
		fprintf(out, ",\"k%d\":%d", i, i);
	fputs("}", out);
}

static void
write_numbers(FILE *out, int n)
{
	fputs("[0", out);
	for (int i = 1; i < n; i++)
		fprintf(out, ",%d,%d.5e10", i, i);
	fputs("]", out);
}

static void
write_strings(FILE *out, int n)
{
	fputs("[\"\"", out);
	for (int i = 1; i < n; i++)
		fprintf(out, ",\"string number %d \\u00e9\\n\"", i);
	fputs("]", out);
}

static void
write_long_string(FILE *out, int n)
{
	fputs("\"", out);
	for (int i = 0; i < n; i++)
		fputs("0123456789\\n", out);
	fputs("\"", out);
}

static void
write_long_key(FILE *out, int n)
{
	fputs("{\"", out);
	for (int i = 0; i < n; i++)
		fputs("0123456789\\n", out);
	fputs("\":1}", out);
}

static void
write_long_number(FILE *out, int n)
{
	fputs("[1.", out);
	for (int i = 0; i < n; i++)
		fputs("0123456789", out);
	fputs("]", out);
}

static void
write_scalar(FILE *out, int n)
{
	fprintf(out, "%d", n);
}

/* Arrays within arrays, each with a sibling; never deeper than allowed. */
static void
write_nested(FILE *out, int n)
{
	n = n < 64 ? n : 64;
	for (int i = 0; i < n; i++)
		fputs("[true,{\"k1\":", out);
	fputs("1", out);
	for (int i = 0; i < n; i++)
		fputs("}]", out);
}

static void
write_answer(FILE *out, int n)
{
	fputs("{\"k1\":[", out);
	for (int i = 0; i < n; i++)
		fprintf(out, "%s{\"k1\":\" the\",\"k2\":-12.345678,\"k3\":[32,116,104,101]}",
				i == 0 ? "" : ",");
	fputs("],\"k2\":{\"k3\":\"gpt\"}}", out);
}

/* Parses under every budget of a sweep; see the top of the file. */
static void
test_document(const char *name, Writer writer, int n)
{
	char	   *text = NULL;
	size_t		len = 0;
	FILE	   *out = open_memstream(&text, &len);
	size_t		bound = 0;
	size_t		reference;
	int			damaged = 0;
	int			unexplained = 0;
	int			parsed = 0;
	const char *reason;
	JsonDocument *doc;

	writer(out, n);
	fclose(out);
	CHECK_CSTRING(json_scan(text, len, &bound), NULL);
	in_use = peak = 0;
	doc = json_document_parse(text, len, &reason);
	reference = digest(json_document_root(doc));
	/* The probe takes the bound; it is one if nothing took more later. */
	CHECK_INT(peak, block_size(bound));
	printf("# %s, n = %d: %zu bytes of text, bound %zu, kept %zu\n",
		   name, n, len, bound, in_use);
	json_document_free(doc);
	CHECK_INT(in_use, 0);
	for (int step = 0; step <= 200; step++)
	{
		budget = (bound + 512) / 200 * step;
		in_use = peak = 0;
		doc = json_document_parse(text, len, &reason);
		if (doc != NULL)
			parsed++, damaged += digest(json_document_root(doc)) != reference;
		else
			unexplained += strcmp(reason, "more than memory can hold now") != 0;
		json_document_free(doc);
		if (in_use != 0)
			check_report(false, name, __FILE_NAME__, __LINE__);
	}
	budget = SIZE_MAX;
	CHECK_INT(damaged, 0);
	CHECK_INT(unexplained, 0);
	CHECK(parsed > 0 && parsed < 201);
	free(text);
}

/* The joined text of content parts is ours to allocate. */
static void
test_answer_parts(void)
{
	static const char body[] = "{\"choices\":[{\"message\":{\"content\":["
		"{\"type\":\"text\",\"text\":\"0123456789\"},"
		"{\"type\":\"text\",\"text\":\"0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890\"}]}}]}";
	OpenaiAnswer answer;
	const char *reason = NULL;

	in_use = 0;
	poisoned_size = 102;
	CHECK(!openai_answer_parse(body, sizeof(body) - 1, &answer, &reason));
	CHECK_CSTRING(reason, "more than memory can hold now");
	CHECK_INT(in_use, 0);
	CHECK(answer.doc == NULL && answer.parts_text == NULL);
	poisoned_size = 0;
	CHECK(openai_answer_parse(body, sizeof(body) - 1, &answer, &reason));
	CHECK_INT(answer.content.len, 101);
	openai_answer_free(&answer);
	CHECK_INT(in_use, 0);
}

int
main(void)
{
	static const struct
	{
		const char *name;
		Writer		writer;
	}			documents[] = {
		{"flat objects", write_flat_objects},
		{"flat arrays", write_flat_arrays},
		{"arrays of one", write_single_element_arrays},
		{"a wide object", write_wide_object},
		{"numbers", write_numbers},
		{"strings", write_strings},
		{"a long string", write_long_string},
		{"a long key", write_long_key},
		{"a long number", write_long_number},
		{"a scalar", write_scalar},
		{"nested", write_nested},
		{"an answer", write_answer},
	};
	static const int sizes[] = {1, 11, 12, 22, 43, 170, 515, 677, 1000};

	for (size_t d = 0; d < sizeof(documents) / sizeof(documents[0]); d++)
		for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
			test_document(documents[d].name, documents[d].writer, sizes[s]);

	/*
	 * Where the parser's own buffer has just been doubled beyond what the
	 * flat allowance covers.
	 */
	test_document("a longer string", write_long_string, 24000);
	test_document("a longer key", write_long_key, 24000);
	test_document("a longer number", write_long_number, 24000);
	test_answer_parts();
	return check_finish();
}
