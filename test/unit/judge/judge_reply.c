/*
 * What is taken for a verdict, and what is not.
 */
#include "core/judge/judge_reply.h"

#include <stdlib.h>

#include "check.h"

#define NONCE	"0123456789abcdef0123456789abcdef"
#define START	"{\"nonce\": \"" NONCE "\", \"rationale\": \" Because. \", "

static const JudgeChoice moods[] = {{{"good", 4}, true, 1}, {{"no idea", 7}, false, 0}};
static const JudgeForm yes_no = {.type = JUDGE_YES_NO};
static const JudgeForm all_hold = {.type = JUDGE_YES_NO,.lists_claims = true};
static const JudgeForm two_hold = {.type = JUDGE_YES_NO,.lists_claims = true,.nclaims = 2};
static const JudgeForm scale = {.type = JUDGE_SCALE,.min = 1,.max = 5};
static const JudgeForm number = {.type = JUDGE_NUMBER,.min = -1,.max = 1};
static const JudgeForm choice = {.type = JUDGE_CHOICE,.choices = moods,.nchoices = 2};
static const JudgeForm share = {.type = JUDGE_SHARE,.lists_claims = true};
static const JudgeForm intent = {.type = JUDGE_SCALE,.min = 1,.max = 5,.says_intent = true};

/* The value and the score of a reply, or why it has none. */
static const char *
read_reply(const char *text, const JudgeForm *form)
{
	static char result[1024];
	Arena	   *arena = arena_create(JUDGE_REPLY_MEMORY(strlen(text)));
	JudgeReply	reply;

	judge_reply_read((TextSlice) {text, strlen(text)}, form, NONCE, arena, &reply);
	if (reply.outcome != JUDGE_VERDICT)
		snprintf(result, sizeof(result), "%s: %s", reply.outcome == JUDGE_UNFIT ? "unfit" : "none", reply.problem);
	else if (reply.has_score)
		snprintf(result, sizeof(result), "%s %.4g %.*s", reply.value, reply.score,
				 (int) reply.rationale.len, reply.rationale.data);
	else
		snprintf(result, sizeof(result), "%s", reply.value);
	arena_free(arena);
	return result;
}

#define NOT_ONE		"unfit: is not one JSON object and nothing else"
#define OTHER		"unfit: does not have exactly the members asked for"
#define TWICE		"unfit: has a member twice"
#define NO_NONCE	"unfit: has not the nonce of this call"
#define RANGE		"unfit: has a result that it may not have"
#define CONTRADICTS	"unfit: has claims that contradict its result"
#define CLAIMS		"unfit: has claims of another form"

static void
check_object(void)
{
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\"}", &yes_no), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply("\n\t " START "\"result\": \"yes\"}\r\n", &yes_no), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply("```json\n" START "\"result\": \"no\"}\n```", &yes_no), "\"no\" 0 Because.");
	CHECK_CSTRING(read_reply("```\n" START "\"result\": \"no\"}```\n", &yes_no), "\"no\" 0 Because.");
	CHECK_CSTRING(read_reply("", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("``````", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("yes", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("\"yes\"", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("Sure: " START "\"result\": \"yes\"}", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\"} and so on", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\"}" START "\"result\": \"no\"}", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("[" START "\"result\": \"yes\"}]", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply("```json\n" START "\"result\": \"yes\"}\n```\n```json\n{}\n```", &yes_no), NOT_ONE);
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\"", &yes_no), NOT_ONE);
}

static void
check_members(void)
{
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\", \"result\": \"no\"}", &yes_no), TWICE);
	CHECK_CSTRING(read_reply(START "\"result\": \"no\", \"r\\u0065sult\": \"yes\"}", &yes_no), TWICE);
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\", \"verdict\": \"no\"}", &yes_no), OTHER);
	CHECK_CSTRING(read_reply(START "\"Result\": \"yes\"}", &yes_no), OTHER);
	CHECK_CSTRING(read_reply("{\"nonce\": \"" NONCE "\", \"result\": \"yes\"}", &yes_no), OTHER);
	CHECK_CSTRING(read_reply("{\"rationale\": \"\", \"result\": \"yes\"}", &yes_no), OTHER);
	CHECK_CSTRING(read_reply("{\"nonce\": \"" NONCE "\", \"rationale\": 1, \"result\": \"yes\"}", &yes_no),
				  "unfit: has a member that is no text where one was asked for");
	CHECK_CSTRING(read_reply("{\"nonce\": \"0123456789abcdef0123456789abcdee\", \"rationale\": \"\", \"result\": \"yes\"}", &yes_no), NO_NONCE);
	CHECK_CSTRING(read_reply("{\"nonce\": \"\", \"rationale\": \"\", \"result\": \"yes\"}", &yes_no), NO_NONCE);
	CHECK_CSTRING(read_reply("{\"nonce\": null, \"rationale\": \"\", \"result\": \"yes\"}", &yes_no), NO_NONCE);
	CHECK_CSTRING(read_reply("{\"nonce\": [\"" NONCE "\"], \"rationale\": \"\", \"result\": \"yes\"}", &yes_no), NO_NONCE);
	CHECK_CSTRING(read_reply("{\"nonce\": \" " NONCE "\", \"rationale\": \"\", \"result\": \"yes\"}", &yes_no), NO_NONCE);
}

static void
check_words(void)
{
	CHECK_CSTRING(read_reply(START "\"result\": \"yes\\n\"}", &yes_no), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": \" YES \"}", &yes_no), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": true}", &yes_no), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": false}", &yes_no), "\"no\" 0 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": \"yes.\"}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"yes or no\"}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"\"}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": null}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": 1}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": [\"yes\"]}", &yes_no), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"good\\n\"}", &choice), "\"good\" 1 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": \"no idea\"}", &choice), "\"no idea\"");
	CHECK_CSTRING(read_reply(START "\"result\": \"Good\"}", &choice), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": 1}", &choice), RANGE);
}

static void
check_numbers(void)
{
	CHECK_CSTRING(read_reply(START "\"result\": 4}", &scale), "4 4 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": 4.0}", &scale), "4 4 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": \" 5\\n\"}", &scale), "5 5 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": 3.5}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": 0}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": 6}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": 1e400}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"4/5\"}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"\"}", &scale), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"nan\"}", &number), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"0x1\"}", &number), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": \"-0.25\"}", &number), "-0.25 -0.25 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": -0.0}", &number), "0 -0 Because.");
	CHECK_CSTRING(read_reply(START "\"result\": 1.01}", &number), RANGE);
	CHECK_CSTRING(read_reply(START "\"result\": true}", &number), RANGE);
	CHECK_CSTRING(read_reply(START "\"intent\": \"a \\\"cab\\\"\", \"result\": 2}", &intent),
				  "{\"result\": 2, \"intent\": \"a \\\"cab\\\"\"} 2 Because.");
	CHECK_CSTRING(read_reply(START "\"intent\": null, \"result\": 2}", &intent),
				  "unfit: has a member that is no text where one was asked for");
}

#define CLAIM(text, holds)	"{\"claim\": \"" text "\", \"holds\": \"" holds "\"}"

static void
check_claims(void)
{
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") ", " CLAIM("b", "no") ", " CLAIM("c", "yes\\n") "], \"result\": 2}", &share),
				  "{\"share\": 0.6666666666666666, \"claims\": [{\"claim\": \"a\", \"holds\": true}, {\"claim\": \"b\", \"holds\": false}, {\"claim\": \"c\", \"holds\": true}]} 0.6667 Because.");
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") ", " CLAIM("b", "no") "], \"result\": 2}", &share), CONTRADICTS);
	CHECK_CSTRING(read_reply(START "\"claims\": [], \"result\": 0}", &share), "none: found no claims");
	CHECK_CSTRING(read_reply(START "\"claims\": [], \"result\": 1}", &share), CONTRADICTS);
	CHECK_CSTRING(read_reply(START "\"claims\": {}, \"result\": 0}", &share), CLAIMS);
	CHECK_CSTRING(read_reply(START "\"claims\": [\"a\"], \"result\": 1}", &share), CLAIMS);
	CHECK_CSTRING(read_reply(START "\"claims\": [{\"claim\": \"a\"}], \"result\": 1}", &share), CLAIMS);
	CHECK_CSTRING(read_reply(START "\"claims\": [{\"claim\": \"a\", \"holds\": \"no\", \"holds\": \"yes\"}], \"result\": 1}", &share), CLAIMS);
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "maybe") "], \"result\": 1}", &share), CLAIMS);
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") "], \"result\": \"yes\"}", &all_hold), "\"yes\" 1 Because.");
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "no") "], \"result\": \"yes\"}", &all_hold), CONTRADICTS);
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") "], \"result\": \"no\"}", &all_hold), CONTRADICTS);
	CHECK_CSTRING(read_reply(START "\"claims\": [], \"result\": \"yes\"}", &all_hold), "unfit: lists no claims");
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") "], \"result\": \"yes\"}", &two_hold),
				  "unfit: does not list as many claims as it was given");
	CHECK_CSTRING(read_reply(START "\"claims\": [" CLAIM("a", "yes") ", " CLAIM("b", "yes") "], \"result\": \"yes\"}", &two_hold), "\"yes\" 1 Because.");
}

int
main(void)
{
	check_object();
	check_members();
	check_words();
	check_numbers();
	check_claims();
	return check_finish();
}
