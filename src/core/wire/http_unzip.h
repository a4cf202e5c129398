/*
 * http_unzip.h
 *		Bodies that are compressed.
 */
#ifndef GAIOPS_HTTP_UNZIP_H
#define GAIOPS_HTTP_UNZIP_H

#include "core/wire/http_text.h"

/*
 * Decompresses gzip, of any number of members one after the other, or zlib
 * data, and appends what it holds to *out, whose limit holds.  Returns NULL,
 * or why it cannot be done, as the end of "the answer is ..."; *out then has
 * what came before that.  What is behind the last member is left alone, as
 * gzip does.
 */
extern const char *http_unzip(const char *data, size_t len, HttpBody *out);

/*
 * Replaces a body by what its Content-Encoding says it holds; NULL is none.
 * Returns as http_unzip() does.
 */
extern const char *http_body_decode(HttpBody *body, const char *encoding);

#endif							/* GAIOPS_HTTP_UNZIP_H */
