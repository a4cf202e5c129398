/*
 * http_waits.c
 *		How long an upstream asks to be left alone, in its headers.
 *
 * Retry-After is the standard; OpenAI and Azure tell more exactly in
 * Retry-After-Ms; others only give the state of their limits.
 */
#include "core/wire/http_waits.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define VALUE_SIZE		64		/* longer values are none of ours */
#define FIRST_EPOCH_S	1e9		/* a larger number is no number of seconds to wait */
#define FIRST_EPOCH_MS	1e11	/* nor one of seconds since 1970 */
#define MAX_WAIT_MS		1e12

/* What LiteLLM puts before the headers that it got from its provider. */
static const char provider_prefix[] = "llm_provider-";

void
http_waits_reset(HttpWaits *waits)
{
	memset(waits, 0, sizeof(*waits));
	waits->exact_ms = waits->seconds_ms = -1;
}

/* A number of milliseconds that makes sense as a wait, or -1. */
static int64_t
sane_wait(double ms)
{
	if (!(ms < MAX_WAIT_MS))
		return -1;
	return ms > 0 ? (int64_t) ms : 0;
}

/* The digits at text, with a fraction perhaps; false if there are none. */
static bool
read_number(const char **text, double *number)
{
	size_t		len = strspn(*text, "0123456789.");
	char		digits[VALUE_SIZE];

	if (len == 0 || len >= sizeof(digits) || (*text)[0] == '.')
		return false;
	memcpy(digits, *text, len);
	digits[len] = '\0';
	*number = strtod(digits, NULL);
	*text += len;
	return true;
}

/* Milliseconds of the unit at text, which is stepped over; 0 if it is none. */
static double
read_unit(const char **text)
{
	static const struct
	{
		const char *name;
		double		ms;
	}			units[] = {
		{"ms", 1}, {"us", 1e-3}, {"\xc2\xb5s", 1e-3}, {"ns", 1e-6},
		{"d", 86400e3}, {"h", 3600e3}, {"m", 60e3}, {"s", 1e3}
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
	{
		size_t		len = strlen(units[i].name);

		if (strncmp(*text, units[i].name, len) == 0)
		{
			*text += len;
			return units[i].ms;
		}
	}
	return 0;
}

/* A number alone: of seconds, or a time of day. */
static int64_t
number_wait(double number, int64_t now_ms)
{
	if (number >= FIRST_EPOCH_MS)
		return sane_wait(number - (double) now_ms);
	if (number >= FIRST_EPOCH_S)
		return sane_wait(number * 1000 - (double) now_ms);
	return sane_wait(number * 1000);
}

/* A date and time of RFC 3339 or of HTTP; -1 if it is none. */
static int64_t
date_wait(const char *text, int64_t now_ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct tm	tm = {0};
	char		month[4];
	double		seconds;
	int			zone_hours = 0;
	int			zone_minutes = 0;
	char		zone = 'Z';
	int			n;

	n = sscanf(text, "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%lf%c%2d:%2d", &tm.tm_year, &tm.tm_mon,
			   &tm.tm_mday, &tm.tm_hour, &tm.tm_min, &seconds, &zone, &zone_hours, &zone_minutes);
	if (n >= 6)
		tm.tm_mon--;
	else if (sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%lf", &tm.tm_mday, month,
					&tm.tm_year, &tm.tm_hour, &tm.tm_min, &seconds) == 6 &&
			 strlen(month) == 3 && strstr(months, month) != NULL)
		tm.tm_mon = (int) (strstr(months, month) - months) / 3;
	else
		return -1;
	tm.tm_year -= 1900;
	if (zone == '+' || zone == '-')
		seconds -= (zone == '+' ? 60 : -60) * (zone_hours * 60 + zone_minutes);
	return sane_wait(((double) timegm(&tm) + seconds) * 1000 - (double) now_ms);
}

int64_t
http_wait_parse(const char *text, int64_t now_ms)
{
	const char *p = text;
	double		total = 0;
	double		number;
	double		unit;

	if (!read_number(&p, &number))
		return date_wait(text, now_ms);
	if (*p == '\0')
		return number_wait(number, now_ms);
	do
	{
		unit = read_unit(&p);
		if (unit == 0)
			return date_wait(text, now_ms);
		total += number * unit;
	} while (read_number(&p, &number));
	return *p == '\0' ? sane_wait(total) : -1;
}

/*
 * What follows a prefix of a name, in any case of letters; NULL if it has not.
 */
static const char *
after_prefix(const char *name, const char *prefix)
{
	size_t		len = strlen(prefix);

	return strncasecmp(name, prefix, len) == 0 ? name + len : NULL;
}

/* The limit of that kind, made if need be; NULL if there are too many. */
static HttpLimit *
find_limit(HttpWaits *waits, const char *name)
{
	HttpLimit  *limit;

	for (int i = 0; i < waits->nlimits; i++)
		if (strcasecmp(waits->limits[i].name, name) == 0)
			return &waits->limits[i];
	if (waits->nlimits == HTTP_MAX_LIMITS || strlen(name) >= HTTP_LIMIT_SIZE)
		return NULL;
	limit = &waits->limits[waits->nlimits++];
	memcpy(limit->name, name, strlen(name) + 1);
	limit->reset_ms = -1;
	return limit;
}

/*
 * A number of milliseconds alone; -1 if it is none, or makes no sense as a
 * wait.
 */
static int64_t
exact_wait(const char *text)
{
	double		number;

	return read_number(&text, &number) && *text == '\0' ? sane_wait(number) : -1;
}

/* Whether that much of a limit is nothing; a word is no number. */
static bool
is_exhausted(const char *remaining)
{
	bool		is_negative = *remaining == '-';
	double		number;

	if (is_negative)
		remaining++;
	return read_number(&remaining, &number) && (is_negative || number == 0);
}

/* Takes note of a header that tells of a limit. */
static void
note_limit(HttpWaits *waits, const char *name, const char *value, int64_t now_ms)
{
	const char *kind = after_prefix(name, "x-ratelimit-reset");
	HttpLimit  *limit;

	if (kind != NULL && (*kind == '-' || *kind == '\0'))
	{
		limit = find_limit(waits, kind);
		if (limit != NULL)
			limit->reset_ms = http_wait_parse(value, now_ms);
		return;
	}
	kind = after_prefix(name, "x-ratelimit-remaining");
	if (kind == NULL || (*kind != '-' && *kind != '\0'))
		return;
	limit = find_limit(waits, kind);
	if (limit != NULL)
		limit->exhausted = is_exhausted(value);
}

static bool
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Splits a line into name and value, without the white space around that. */
static bool
split_line(const char *line, size_t len, char *name, char *value)
{
	const char *colon = memchr(line, ':', len);
	size_t		name_len;

	if (colon == NULL || memchr(line, '\0', len) != NULL)
		return false;
	name_len = (size_t) (colon - line);
	len -= name_len + 1;
	for (colon++; len > 0 && is_space(*colon); colon++)
		len--;
	while (len > 0 && is_space(colon[len - 1]))
		len--;
	if (name_len >= VALUE_SIZE || len >= VALUE_SIZE || len == 0)
		return false;
	memcpy(name, line, name_len);
	name[name_len] = '\0';
	memcpy(value, colon, len);
	value[len] = '\0';
	return true;
}

void
http_waits_note(HttpWaits *waits, const char *line, size_t len, int64_t now_ms)
{
	char		buffer[VALUE_SIZE];
	char		value[VALUE_SIZE];
	const char *provider;
	const char *name = buffer;
	int64_t		wait;

	if (!split_line(line, len, buffer, value))
		return;
	provider = after_prefix(name, provider_prefix);
	if (provider != NULL)
		name = provider;
	if (strcasecmp(name, "retry-after-ms") == 0)
	{
		/* The gateway's own word counts more than what it passes on. */
		if (provider == NULL || waits->exact_ms < 0)
			waits->exact_ms = exact_wait(value);
	}
	else if (strcasecmp(name, "retry-after") == 0)
	{
		wait = http_wait_parse(value, now_ms);
		if (wait >= 0 && (provider == NULL || waits->seconds_ms < 0))
			waits->seconds_ms = wait;
	}
	else
		note_limit(waits, name, value, now_ms);
}

int
http_waits_ms(const HttpWaits *waits, int status)
{
	int64_t		exhausted = -1;
	int64_t		first = -1;
	int64_t		wait = waits->exact_ms >= 0 ? waits->exact_ms : waits->seconds_ms;

	for (int i = 0; i < waits->nlimits; i++)
	{
		const HttpLimit *limit = &waits->limits[i];

		if (limit->reset_ms < 0)
			continue;
		if (limit->exhausted && limit->reset_ms > exhausted)
			exhausted = limit->reset_ms;
		if (first < 0 || limit->reset_ms < first)
			first = limit->reset_ms;
	}
	if (wait < 0 && status == 429)
		wait = exhausted >= 0 ? exhausted : first;
	return wait > INT_MAX ? INT_MAX : (int) wait;
}
