/* UUIDs as text: what PostgreSQL's type uuid takes, and nothing else. */
#include "core/text/uuid_text.h"

#include <stdlib.h>

#include "check.h"

#define PLAIN	"a0eebc999c0b4ef8bb6d6bb9bd380a11"

/*
 * Parses a copy in memory of its own, so that reading beyond the end is seen.
 */
static bool
parse(const char *text, uint8_t id[16])
{
	char	   *copy = strdup(text);
	bool		ok = uuid_text_parse(copy, id);

	free(copy);
	return ok;
}

static void
test_valid(void)
{
	static const char *const valid[] = {
		PLAIN,
		"A0EEBC999C0B4EF8BB6D6BB9BD380A11",
		"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
		"{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
		"a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11",
		"{" PLAIN "}",
	};

	for (size_t i = 0; i < sizeof(valid) / sizeof(valid[0]); i++)
	{
		uint8_t		id[16] = {0};

		CHECK(parse(valid[i], id));
		CHECK_INT(id[0], 0xa0);
		CHECK_INT(id[7], 0xf8);
		CHECK_INT(id[15], 0x11);
	}
}

static void
test_refused(void)
{
	static const char *const refused[] = {
		"",
		"{",
		"a",
		"a0eebc999c0b4ef8bb6d6bb9bd380a1",
		PLAIN "0",
		PLAIN "-",
		PLAIN " ",
		" " PLAIN,
		"{" PLAIN,
		PLAIN "}",
		"{" PLAIN "}}",
		"a0-eebc999c0b4ef8bb6d6bb9bd380a11",
		"a0eebc99--9c0b-4ef8-bb6d-6bb9bd380a11",
		"-" PLAIN,
		"g0eebc999c0b4ef8bb6d6bb9bd380a11",
		"ag" "eebc999c0b4ef8bb6d6bb9bd380a11",
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
	{
		uint8_t		id[16];

		CHECK(!parse(refused[i], id));
	}
}

int
main(void)
{
	test_valid();
	test_refused();
	return check_finish();
}
