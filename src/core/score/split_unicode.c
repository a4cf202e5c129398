/*
 * split_unicode.c
 *		Words of any script.
 *
 * A word is a run of letters, numbers and marks.  In scripts that are written
 * without spaces each character is a word, with the marks that follow it.
 * Texts are composed first: an accent is the same however it is encoded.
 */
#include "core/memory/length_of.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

typedef struct CodePoints
{
	uint32_t	first;
	uint32_t	last;
} CodePoints;

/* Scripts without spaces between words, in order. */
static const CodePoints unspaced[] = {
	{0x0E00, 0x0EFF},			/* Thai, Lao */
	{0x1000, 0x109F},			/* Myanmar */
	{0x1780, 0x17FF},			/* Khmer */
	{0x3005, 0x3007},			/* marks of repetition, zero */
	{0x3040, 0x30FF},			/* Hiragana, Katakana */
	{0x31F0, 0x31FF},			/* Katakana */
	{0x3400, 0x4DBF},			/* Han */
	{0x4E00, 0x9FFF},			/* Han */
	{0xA9E0, 0xA9FF},			/* Myanmar */
	{0xAA60, 0xAA7F},			/* Myanmar */
	{0xF900, 0xFAFF},			/* Han */
	{0xFF66, 0xFF9F},			/* Katakana */
	{0x1B000, 0x1B16F},			/* Kana */
	{0x20000, 0x3FFFF}			/* Han */
};

static bool
is_unspaced(uint32_t c)
{
	size_t		i = 0;

	if (c < unspaced[0].first)
		return false;
	while (i < LENGTH_OF(unspaced) && c > unspaced[i].last)
		i++;
	return i < LENGTH_OF(unspaced) && c >= unspaced[i].first;
}

/* What a character does to the word that is being read. */
typedef enum Role
{
	GOES_ON,					/* is a part of it, or begins one */
	IS_WORD,					/* begins one that only marks are added to */
	IS_MARK,					/* is a part of what is before it, if that is a
								 * word; joiners and soft hyphens, too */
	IS_SPACE,
	IS_SYMBOL
} Role;

static Role
role_of(const char *text, size_t len)
{
	uint32_t	c = unicode_code_point(text, len);

	if (unicode_is_alphanumeric(c))
		return is_unspaced(c) ? IS_WORD : GOES_ON;
	if (unicode_is_mark(c) || c == 0x200C || c == 0x200D || c == 0xAD)
		return IS_MARK;
	return unicode_leading_space(text, unicode_first(text, len)) > 0 ? IS_SPACE : IS_SYMBOL;
}

static void
add_words(Tokens *tokens, bool with_symbols)
{
	size_t		begin = 0;
	Role		before = IS_SPACE;

	for (size_t i = 0; i < tokens->len;)
	{
		Role		role = role_of(tokens->text + i, tokens->len - i);
		size_t		n = unicode_first(tokens->text + i, tokens->len - i);

		if (role == IS_MARK)
			role = before == IS_SYMBOL ? IS_SPACE : before;
		else if (role != GOES_ON || before != GOES_ON)
		{
			tokens_add(tokens, begin, i);
			begin = i;
		}
		i += n;
		before = role;
		if (role == IS_SPACE || role == IS_SYMBOL)
		{
			if (role == IS_SYMBOL && with_symbols)
				tokens_add(tokens, begin, i);
			begin = i;
		}
	}
	tokens_add(tokens, begin, tokens->len);
}

const char *
split_unicode(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin_composed(scratch, text, true, tokens))
		return text_score_too_long;
	add_words(tokens, false);
	return NULL;
}

const char *
split_unicode_symbols(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin_composed(scratch, text, false, tokens))
		return text_score_too_long;
	add_words(tokens, true);
	return NULL;
}
