/* Answers and errors in the dialects of the gateways people have. */
#include "core/wire/openai.h"

#include <stdlib.h>

#include "openai_check.h"

static void
test_openai(void)
{
	OpenaiAnswer a = PARSE("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1760000000,"
						   "\"model\":\"gpt-4.1-mini-2025-04-14\",\"choices\":[{\"index\":0,\"message\":"
						   "{\"role\":\"assistant\",\"content\":\"Hello, Varun \\ud83d\\ude00\",\"refusal\":null,\"annotations\":[]},"
						   "\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1200,"
						   "\"completion_tokens\":90,\"total_tokens\":1290,\"prompt_tokens_details\":{\"cached_tokens\":1024,"
						   "\"audio_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":64,\"audio_tokens\":0}},"
						   "\"service_tier\":\"default\",\"system_fingerprint\":\"fp\"}");

	CHECK_SLICE(a.content, "Hello, Varun \xf0\x9f\x98\x80");
	CHECK_SLICE(a.refusal, NULL);
	CHECK_SLICE(a.id, "chatcmpl-1");
	CHECK_SLICE(a.model, "gpt-4.1-mini-2025-04-14");
	CHECK_SLICE(a.finish_reason, "stop");
	CHECK_SLICE(a.error_message, NULL);
	CHECK_SLICE(a.error_code, NULL);
	CHECK_INT(a.nchoices, 1);
	CHECK(!a.has_tool_calls);
	CHECK(!a.has_error);
	CHECK(a.parts_text == NULL);
	CHECK_INT(a.usage.input_tokens, 1200);
	CHECK_INT(a.usage.output_tokens, 90);
	CHECK_INT(a.usage.cached_input_tokens, 1024);
	CHECK_INT(a.usage.cache_write_tokens, TOKENS_UNKNOWN);
	CHECK_INT(a.usage.reasoning_tokens, 64);
	openai_answer_free(&a);
	CHECK(a.doc == NULL && a.content.data == NULL);
	openai_answer_free(&a);
}

static void
check_content(const char *body, const char *content, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_text(a.content.data, a.content.len, content, body, "content", line);
	CHECK(!a.has_error);
	openai_answer_free(&a);
}

#define CONTENT(message, content)	check_content(MESSAGE(message), content, __LINE__)

static void
test_content(void)
{
	CONTENT("{\"content\":\"text\"}", "text");
	CONTENT("{\"content\":\"\"}", "");
	CONTENT("{\"content\":null}", NULL);
	CONTENT("{}", NULL);
	CONTENT("null", NULL);
	CONTENT("\"text\"", NULL);
	CONTENT("{\"content\":12}", NULL);
	CONTENT("{\"content\":{\"text\":\"no\"}}", NULL);
	CONTENT("{\"content\":[{\"type\":\"text\",\"text\":\"a\"}]}", "a");
	CONTENT("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},{\"type\":\"text\",\"text\":\"b\\u00e9\"}]}", "ab\xc3\xa9");
	CONTENT("{\"content\":[{\"text\":\"a\"},\"b\",{\"type\":\"output_text\",\"text\":\"c\"}]}", "abc");
	CONTENT("{\"content\":[{\"type\":\"thinking\",\"text\":\"no\"},{\"type\":\"text\",\"text\":\"yes\"}]}", "yes");
	CONTENT("{\"content\":[{\"type\":\"text\",\"text\":\"\"}]}", "");
	CONTENT("{\"content\":[{\"type\":\"text\",\"text\":\"\"},{\"type\":\"text\",\"text\":\"z\"}]}", "z");
	CONTENT("{\"content\":[]}", NULL);
	CONTENT("{\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"x\"}}]}", NULL);
	CONTENT("{\"content\":[{\"type\":\"text\",\"text\":null},null,1,[],{}]}", NULL);
	check_content("{\"choices\":[null]}", NULL, __LINE__);
	check_content("{\"choices\":[\"text\"]}", NULL, __LINE__);
	check_content("{\"choices\":[{}]}", NULL, __LINE__);
}

/* Whether a first choice can be read, and whether anything is in it. */
static void
check_choice(const char *choices, const char *unreadable, bool is_empty, int line)
{
	char		body[200];
	OpenaiAnswer a;

	snprintf(body, sizeof(body), "{\"choices\":%s}", choices);
	a = parse_at(body, line);
	check_text(a.unreadable, a.unreadable ? strlen(a.unreadable) : 0, unreadable, body, "unreadable", line);
	check_report(a.is_empty == is_empty, body, "empty", line);
	openai_answer_free(&a);
}

#define CHOICE(choices, unreadable, is_empty)	check_choice(choices, unreadable, is_empty, __LINE__)

static void
test_unreadable_choices(void)
{
	CHOICE("[{\"message\":{\"content\":\"x\"}},null]", NULL, false);
	CHOICE("[{\"message\":{\"content\":\"\"}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":[{\"type\":\"text\",\"text\":\"\"}]}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":[\"x\",null]}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":null,\"refusal\":\"No.\"}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":[{\"refusal\":\"No.\"}]}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":null,\"tool_calls\":[{}]}}]", NULL, false);
	CHOICE("[{\"message\":{\"function_call\":{}}}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":null},\"finish_reason\":\"content_filter\"}]", NULL, false);
	CHOICE("[{\"message\":{},\"finish_reason\":\"SAFETY\"}]", NULL, false);
	CHOICE("[{\"message\":{\"content\":null},\"finish_reason\":\"stop\"}]", NULL, true);
	CHOICE("[{\"message\":{\"content\":null,\"tool_calls\":[],\"refusal\":\"\"},\"finish_reason\":null}]", NULL, true);
	CHOICE("[{\"message\":{\"content\":[]}}]", NULL, true);
	CHOICE("[{\"message\":{\"content\":[{\"type\":\"thinking\",\"text\":\"no\"}]}}]", NULL, true);
	CHOICE("[{\"message\":{}}]", NULL, true);
	CHOICE("[null]", "is no object", false);
	CHOICE("[\"x\"]", "is no object", false);
	CHOICE("[{}]", "has no message", false);
	CHOICE("[{\"message\":null}]", "has no message", false);
	CHOICE("[{\"message\":\"x\"}]", "has no message", false);
	CHOICE("[{\"message\":[]}]", "has no message", false);
	CHOICE("[{\"text\":\"x\"}]", "has no message", false);
	CHOICE("[{\"message\":{\"content\":12}}]", "has a content that is neither text nor parts nor null", false);
	CHOICE("[{\"message\":{\"content\":false}}]", "has a content that is neither text nor parts nor null", false);
	CHOICE("[{\"message\":{\"content\":{\"text\":\"x\"}}}]", "has a content that is neither text nor parts nor null", false);
	CHOICE("[{\"message\":{\"content\":[1,{}]}}]", "has a content with something in it that is no part", false);
	CHOICE("[{\"message\":{\"content\":[null]}}]", "has a content with something in it that is no part", false);
	CHOICE("[]", NULL, false);
}

static void
test_parts_text_is_terminated(void)
{
	OpenaiAnswer a = PARSE(MESSAGE("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},\"b\"]}"));

	CHECK_CSTRING(a.parts_text, "ab");
	CHECK(a.content.data == a.parts_text);
	openai_answer_free(&a);
}

static void
test_several_choices(void)
{
	OpenaiAnswer a = PARSE("{\"choices\":[{\"message\":{\"content\":\"one\"},\"finish_reason\":\"length\"},"
						   "{\"message\":{\"content\":\"two\",\"tool_calls\":[{}]},\"finish_reason\":\"stop\"},{}]}");

	CHECK_INT(a.nchoices, 3);
	CHECK_SLICE(a.content, "one");
	CHECK_SLICE(a.finish_reason, "length");
	CHECK(!a.has_tool_calls);
	openai_answer_free(&a);
}

static void
check_tools(const char *body, bool expected, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_report(a.has_tool_calls == expected, body, "tools", line);
	openai_answer_free(&a);
}

static void
test_tool_calls(void)
{
	check_tools(MESSAGE("{\"content\":null,\"tool_calls\":[{\"id\":\"c\",\"type\":\"function\","
						"\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"), true, __LINE__);
	check_tools(MESSAGE("{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}"), true, __LINE__);
	check_tools(MESSAGE("{\"tool_calls\":[]}"), false, __LINE__);
	check_tools(MESSAGE("{\"tool_calls\":null,\"function_call\":null}"), false, __LINE__);
	check_tools(MESSAGE("{\"tool_calls\":{}}"), false, __LINE__);
	check_tools(MESSAGE("{\"content\":\"x\"}"), false, __LINE__);
}

static void
check_refusal(const char *body, const char *refusal, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_text(a.refusal.data, a.refusal.len, refusal, body, "refusal", line);
	openai_answer_free(&a);
}

static void
test_refusal(void)
{
	check_refusal(MESSAGE("{\"content\":null,\"refusal\":\"I cannot.\"}"), "I cannot.", __LINE__);
	check_refusal(MESSAGE("{\"content\":[{\"type\":\"text\",\"text\":\"a\"},"
						  "{\"type\":\"refusal\",\"refusal\":\"No.\"}]}"), "No.", __LINE__);
	check_refusal(MESSAGE("{\"content\":\"x\",\"refusal\":\"\"}"), NULL, __LINE__);
	check_refusal(MESSAGE("{\"content\":\"x\",\"refusal\":null}"), NULL, __LINE__);
	check_refusal(MESSAGE("{\"content\":\"x\",\"refusal\":true}"), NULL, __LINE__);
}

/* Members of the wrong type are as good as none. */
static void
test_wrong_types(void)
{
	OpenaiAnswer a = PARSE("{\"id\":7,\"model\":[],\"choices\":[{\"finish_reason\":{},\"message\":[]}],\"usage\":[1]}");

	CHECK_SLICE(a.id, NULL);
	CHECK_SLICE(a.model, NULL);
	CHECK_SLICE(a.finish_reason, NULL);
	CHECK_SLICE(a.content, NULL);
	CHECK_INT(a.nchoices, 1);
	CHECK_INT(a.usage.input_tokens, TOKENS_UNKNOWN);
	openai_answer_free(&a);
}

/* An error body: has_error, and no choices. */
static void
check_error(const char *body, const char *message, const char *code, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_report(a.has_error, body, "error", line);
	check_text(a.error_message.data, a.error_message.len, message, body, "message", line);
	check_text(a.error_code.data, a.error_code.len, code, body, "code", line);
	check_int(a.nchoices, 0, body, "choices", line);
	openai_answer_free(&a);
}

#define ERROR_BODY(body, message, code)	check_error(body, message, code, __LINE__)

static void
test_error_openai(void)
{
	ERROR_BODY("{\"error\":{\"message\":\"Incorrect API key\",\"type\":\"invalid_request_error\",\"param\":null,"
			   "\"code\":\"invalid_api_key\"}}", "Incorrect API key", "invalid_api_key");
	ERROR_BODY("{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":null}}", "m", "server_error");
	ERROR_BODY("{\"error\":{\"message\":\"m\",\"type\":\"server_error\",\"code\":\"\"}}", "m", "server_error");
	ERROR_BODY("{\"error\":{\"message\":\"m\"}}", "m", NULL);
	ERROR_BODY("{\"error\":{}}", NULL, NULL);
	ERROR_BODY("{\"error\":{\"code\":\"content_filter\"}}", NULL, "content_filter");
	/* Azure, OpenRouter: a number; LiteLLM: a number in a string. */
	ERROR_BODY("{\"error\":{\"code\":\"429\",\"message\":\"Rate limit\"}}", "Rate limit", "429");
	ERROR_BODY("{\"error\":{\"code\":402,\"message\":\"Insufficient credits\",\"metadata\":{}},\"user_id\":\"u\"}",
			   "Insufficient credits", "402");
	ERROR_BODY("{\"error\":{\"message\":\"m\",\"type\":\"None\",\"param\":\"None\",\"code\":\"401\"}}", "m", "401");
	ERROR_BODY("{\"error\":{\"message\":\"m\",\"code\":1.5}}", "m", "1.5");
	/* A 200 with an error, with no or empty choices beside it. */
	ERROR_BODY("{\"id\":\"x\",\"object\":\"chat.completion\",\"choices\":[],\"error\":{\"message\":\"m\",\"code\":502}}", "m", "502");
	ERROR_BODY("{\"choices\":null,\"error\":{\"message\":\"m\"}}", "m", NULL);
	ERROR_BODY("{\"choices\":[],\"error\":\"m\"}", "m", NULL);
}

static void
test_error_others(void)
{
	/* Ollama */
	ERROR_BODY("{\"error\":\"model 'x' not found\"}", "model 'x' not found", NULL);
	/* API gateways */
	ERROR_BODY("{\"message\":\"no Route matched with those values\"}", "no Route matched with those values", NULL);
	ERROR_BODY("{\"statusCode\":404,\"message\":\"Resource not found\"}", "Resource not found", NULL);
	ERROR_BODY("{\"error\":\"Not Found\",\"message\":\"no such route\",\"statusCode\":404}", "no such route", "Not Found");
	ERROR_BODY("{\"error\":true,\"message\":\"m\"}", "m", NULL);
	/* FastAPI: MLflow's gateway, vLLM */
	ERROR_BODY("{\"detail\":\"Not Found\"}", "Not Found", NULL);
	ERROR_BODY("{\"detail\":[{\"loc\":[\"body\",\"messages\"],\"msg\":\"field required\",\"type\":\"missing\"},"
			   "{\"msg\":\"second\"}]}", "field required", "missing");
	ERROR_BODY("{\"detail\":{\"error_code\":\"INVALID\",\"message\":\"m\"}}", "m", "INVALID");
	ERROR_BODY("{\"detail\":{\"error\":{\"message\":\"m\",\"code\":\"c\"}}}", "m", "c");
	ERROR_BODY("{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\",\"message\":\"m\"}", "m", "RESOURCE_DOES_NOT_EXIST");
	ERROR_BODY("{\"object\":\"error\",\"message\":\"The model does not exist.\",\"type\":\"NotFoundError\",\"param\":null,"
			   "\"code\":404}", "The model does not exist.", "404");
	ERROR_BODY("{\"object\":\"error\"}", NULL, NULL);
	/* Portkey */
	ERROR_BODY("{\"html-message\":\"<h1>502 Bad Gateway</h1>\"}", "<h1>502 Bad Gateway</h1>", NULL);
	ERROR_BODY("{\"status\":\"failure\",\"message\":\"Invalid provider passed\"}", "Invalid provider passed", NULL);
	/* Anthropic */
	ERROR_BODY("{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
			   "Overloaded", "overloaded_error");
	ERROR_BODY("{\"type\":\"error\",\"error\":{\"message\":\"m\"}}", "m", NULL);
	ERROR_BODY("{\"type\":\"error\"}", NULL, NULL);
	/* Google */
	ERROR_BODY("[{\"error\":{\"code\":400,\"message\":\"API key not valid.\",\"status\":\"INVALID_ARGUMENT\"}}]",
			   "API key not valid.", "400");
	/* Cloudflare */
	ERROR_BODY("{\"success\":false,\"errors\":[{\"code\":7003,\"message\":\"m\"}],\"result\":null}", "m", "7003");
	/* Portkey */
	ERROR_BODY("{\"status\":\"failure\",\"message\":\"Invalid API Key. Error Code: 03\"}", "Invalid API Key. Error Code: 03", NULL);
	ERROR_BODY("{\"error\":{\"message\":\"openai error: m\",\"type\":\"t\",\"param\":null,\"code\":null},"
			   "\"provider\":\"openai\"}", "openai error: m", "t");
	/* An error object wins over a message that wraps it. */
	ERROR_BODY("{\"message\":\"wrapped\",\"code\":1,\"error\":{\"message\":\"m\"}}", "m", "1");
	ERROR_BODY("{\"error\":[{\"message\":\"m\",\"code\":\"c\"}]}", "m", "c");
	ERROR_BODY("{\"error\":{\"message\":{\"error\":{\"message\":\"m\"}}}}", "m", NULL);
	ERROR_BODY("{\"error\":{\"message\":\"\",\"detail\":\"m\"}}", "m", NULL);
	ERROR_BODY("{\"error\":{\"error\":{\"error\":{\"error\":{\"error\":{\"error\":{\"message\":\"m\"}}}}}}}", NULL, NULL);
}

/* A failure inside an answer that has choices. */
static void
check_failed(const char *body, const char *message, const char *code, int status, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_report(a.has_error && a.nchoices > 0, body, "failed", line);
	check_text(a.error_message.data, a.error_message.len, message, body, "message", line);
	check_text(a.error_code.data, a.error_code.len, code, body, "code", line);
	check_int(a.error_status, status, body, "status", line);
	check_text(a.content.data, a.content.len, NULL, body, "no content", line);
	check_int(a.usage.input_tokens, 7, body, "usage", line);
	openai_answer_free(&a);
}

#define FAILED(members, message, code, status) \
	check_failed("{\"usage\":{\"prompt_tokens\":7}," members "}", message, code, status, __LINE__)

static void
test_failed_choice(void)
{
	FAILED("\"choices\":[{\"message\":{\"content\":\"x\"}}],\"error\":{\"message\":\"m\",\"code\":429}", "m", "429", 429);
	FAILED("\"choices\":[{}],\"error\":\"m\"", "m", NULL, 0);
	FAILED("\"choices\":[null],\"error\":{\"code\":\"c\"}", NULL, "c", 0);
	/* OpenRouter */
	FAILED("\"choices\":[{\"error\":{\"code\":502,\"message\":\"m\",\"metadata\":{}},\"finish_reason\":\"error\","
		   "\"message\":{\"content\":\"begun\"}}]", "m", "502", 502);
	FAILED("\"choices\":[{\"error\":{\"message\":\"m\",\"code\":\"400\"},\"finish_reason\":\"stop\"}]", "m", "400", 400);
	FAILED("\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"begun\"}}]", NULL, NULL, 0);
	FAILED("\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"error\":{\"message\":\"m\"}}}]", "m", NULL, 0);
	/* OpenRouter's through LiteLLM */
	FAILED("\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"begun\"},\"provider_specific_fields\":"
		   "{\"error\":{\"code\":502,\"message\":\"m\"},\"native_finish_reason\":\"error\"}}]", "m", "502", 502);
	FAILED("\"choices\":[{\"finish_reason\":\"stop\",\"message\":{\"content\":\"begun\"},"
		   "\"provider_specific_fields\":{\"native_finish_reason\":\"error\"}}]", NULL, NULL, 0);
}

/* The status that an error body stands for. */
static void
check_status(const char *members, int status, int line)
{
	char		body[200];
	OpenaiAnswer a;

	snprintf(body, sizeof(body), "{\"error\":{\"message\":\"m\",%s}}", members);
	a = parse_at(body, line);
	check_int(a.error_status, status, body, "status", line);
	openai_answer_free(&a);
}

#define STATUS(members, status)	check_status(members, status, __LINE__)

static void
test_error_status(void)
{
	STATUS("\"code\":429", 429);
	STATUS("\"code\":\"429\"", 429);
	STATUS("\"code\":599.0", 599);
	STATUS("\"code\":200", 0);
	STATUS("\"code\":600", 0);
	STATUS("\"code\":7003", 0);
	STATUS("\"code\":\"4290\"", 0);
	STATUS("\"code\":null,\"status_code\":503", 503);
	STATUS("\"code\":\"rate_limit_exceeded\",\"type\":\"tokens\"", 429);
	STATUS("\"code\":\"1302\",\"type\":\"RateLimitError\"", 429);
	STATUS("\"type\":\"too_many_requests\"", 429);
	STATUS("\"type\":\"ThrottlingException\"", 429);
	STATUS("\"status\":\"RESOURCE_EXHAUSTED\"", 429);
	STATUS("\"type\":\"overloaded_error\"", 503);
	STATUS("\"code\":\"engine_overloaded\"", 503);
	STATUS("\"status\":\"UNAVAILABLE\"", 503);
	STATUS("\"type\":\"server_error\",\"code\":null", 500);
	STATUS("\"type\":\"InternalServerError\"", 500);
	STATUS("\"type\":\"api_error\"", 500);
	STATUS("\"type\":\"timeout_error\"", 504);
	STATUS("\"type\":\"invalid_request_error\",\"code\":\"model_unavailable\"", 0);
	STATUS("\"type\":\"invalid_request_error\",\"code\":\"invalid_timeout\"", 0);
	STATUS("\"code\":{},\"type\":[]", 0);
}

static void
check_no_error(const char *body, int nchoices, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_report(!a.has_error, body, "no error", line);
	check_text(a.error_message.data, a.error_message.len, NULL, body, "no message", line);
	check_text(a.error_code.data, a.error_code.len, NULL, body, "no code", line);
	check_int(a.nchoices, nchoices, body, "choices", line);
	openai_answer_free(&a);
}

#define NO_ERROR(body, nchoices)	check_no_error(body, nchoices, __LINE__)

static void
test_no_error(void)
{
	NO_ERROR("{}", 0);
	NO_ERROR("{\"error\":null}", 0);
	NO_ERROR("{\"error\":\"\"}", 0);
	NO_ERROR("{\"error\":false}", 0);
	NO_ERROR("{\"error\":[]}", 0);
	NO_ERROR("{\"choices\":[]}", 0);
	NO_ERROR("{\"choices\":[],\"error\":null,\"message\":\"m\",\"type\":\"t\"}", 0);
	NO_ERROR("{\"choices\":{}}", 0);
	NO_ERROR("{\"choices\":[{}],\"error\":null}", 1);
	NO_ERROR("{\"choices\":[{}],\"error\":\"\"}", 1);
	NO_ERROR("{\"choices\":[{}],\"error\":{}}", 1);
	NO_ERROR("{\"choices\":[{}],\"error\":{\"message\":null,\"code\":\"\"}}", 1);
	NO_ERROR("{\"choices\":[{}],\"error\":false}", 1);
	NO_ERROR("{\"choices\":[{\"error\":null,\"finish_reason\":\"stop\"}]}", 1);
	NO_ERROR("{\"choices\":[{\"finish_reason\":\"stop\",\"provider_specific_fields\":{\"error\":null,"
			 "\"native_finish_reason\":\"stop\"}}]}", 1);
	NO_ERROR("{\"choices\":[{},{\"error\":{\"message\":\"m\"},\"finish_reason\":\"error\"}]}", 2);
	NO_ERROR("{\"choices\":[{}],\"object\":\"error\",\"message\":\"m\"}", 1);
	NO_ERROR("{\"id\":\"x\",\"object\":\"chat.completion\",\"type\":\"message\",\"code\":\"c\"}", 0);
	/* Ollama's native answer is no chat.completion, and no error either. */
	NO_ERROR("{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"hi\"},\"done\":true}", 0);
}

static void
check_unreadable(const char *body, size_t len, const char *expected, int line)
{
	OpenaiAnswer a;
	const char *reason = NULL;

	check_report(!openai_answer_parse(body, len, &a, &reason), body, "unreadable", line);
	check_text(reason, reason ? strlen(reason) : 0, expected, body, "reason", line);
	check_report(a.doc == NULL && a.parts_text == NULL, body, "nothing to free", line);
}

#define UNREADABLE(body, reason)	check_unreadable(body, sizeof(body) - 1, reason, __LINE__)

static void
test_unreadable(void)
{
	UNREADABLE("", "empty");
	UNREADABLE("null", "not a JSON object");
	UNREADABLE("12", "not a JSON object");
	UNREADABLE("\"text\"", "not a JSON object");
	UNREADABLE("[]", "not a JSON object");
	UNREADABLE("[{\"choices\":[]}]", "not a JSON object");
	UNREADABLE("[{\"error\":\"m\"}]", "not a JSON object");
	UNREADABLE("[null,{\"error\":{}}]", "not a JSON object");
	UNREADABLE("<html></html>", "not JSON");
	UNREADABLE("data: {\"choices\":[]}", "not JSON");
	UNREADABLE("{\"choices\":[{\"message\":{\"content\":\"cut", "cut off before its end");
	UNREADABLE("{\"choices\":[]}\n{\"choices\":[]}", "followed by something else");
	UNREADABLE("{\"a\":nan}", "not JSON");
	UNREADABLE("{\"a\":NaNs}", "not JSON");
	UNREADABLE("\xef\xbb\xbf", "empty");
	UNREADABLE("\xef\xbb\xbf{\"choices\":[", "cut off before its end");
	UNREADABLE("\xef\xbb\xbf\xef\xbb\xbf{}", "not JSON");
	UNREADABLE("{\"a\":\"\\ud800", "cut off before its end");
	UNREADABLE("{\"a\":\"\\u00", "using an escape that JSON does not have");
	UNREADABLE("{\"a\":\"\\", "cut off before its end");
	UNREADABLE(MESSAGE("{\"content\":\"\xff\"}"), "not valid UTF-8");
	UNREADABLE("{}\0", "holding a NUL byte");
}

/*
 * What JSON does not allow, and is replaced: the content, and how often what
 * was.
 */
static void
check_repaired(const char *body, const char *content, int marks, int nuls,
			   int surrogates, int numbers, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_text(a.content.data, a.content.len, content, body, "content", line);
	check_report((a.repaired != NULL) == (marks + nuls + surrogates + numbers > 0), body, "repaired", line);
	check_report(a.repaired == NULL || strlen(a.repaired) == a.repaired_len, body, "its length", line);
	check_int(a.repairs.byte_order_marks, marks, body, "byte order marks", line);
	check_int(a.repairs.nul_escapes, nuls, body, "NUL escapes", line);
	check_int(a.repairs.surrogates, surrogates, body, "surrogates", line);
	check_int(a.repairs.numbers, numbers, body, "numbers", line);
	openai_answer_free(&a);
	CHECK(a.repaired == NULL);
}

#define REPAIRED(body, content, ...)	check_repaired(body, content, __VA_ARGS__, __LINE__)
#define SAYS(raw)	MESSAGE("{\"content\":\"" raw "\"}")
#define FFFD		"\xef\xbf\xbd"

static void
test_repaired(void)
{
	REPAIRED("\xef\xbb\xbf" SAYS("x"), "x", 1, 0, 0, 0);
	REPAIRED(SAYS("a\\u0000b"), "a" FFFD "b", 0, 1, 0, 0);
	REPAIRED(SAYS("\\u0000\\u0000"), FFFD FFFD, 0, 2, 0, 0);
	REPAIRED(SAYS("\\\\\\u0000"), "\\" FFFD, 0, 1, 0, 0);
	REPAIRED(SAYS("\\\\u0000"), "\\u0000", 0, 0, 0, 0);
	REPAIRED(SAYS("a\\ud83d"), "a" FFFD, 0, 0, 1, 0);
	REPAIRED(SAYS("\\udc00a"), FFFD "a", 0, 0, 1, 0);
	REPAIRED(SAYS("\\ud83d\\ud83d\\ude00"), FFFD "\xf0\x9f\x98\x80", 0, 0, 1, 0);
	REPAIRED(SAYS("\\ud83d\\n\\uDE00"), FFFD "\n" FFFD, 0, 0, 2, 0);
	REPAIRED(SAYS("\\ud83d\\u0000"), FFFD FFFD, 0, 1, 1, 0);
	REPAIRED("{\"\\ud800\":NaN,\"x\":[-Infinity,Infinity,-NaN],\"choices\":[{\"message\":{\"content\":\"NaN \\\"-Infinity\"}}]}",
			 "NaN \"-Infinity", 0, 0, 1, 4);
	REPAIRED("{\"choices\":[{\"logprobs\":[{\"logprob\":-Infinity}],\"message\":{\"content\":\"x\"}}]}", "x", 0, 0, 0, 1);
	REPAIRED(SAYS("NaN"), "NaN", 0, 0, 0, 0);
	REPAIRED("{\"error\":{\"message\":\"a\\u0000\"}}", NULL, 0, 1, 0, 0);
}

int
main(void)
{
	test_openai();
	test_content();
	test_unreadable_choices();
	test_parts_text_is_terminated();
	test_several_choices();
	test_tool_calls();
	test_refusal();
	test_wrong_types();
	test_error_openai();
	test_error_others();
	test_failed_choice();
	test_error_status();
	test_no_error();
	test_unreadable();
	test_repaired();
	return check_finish();
}
