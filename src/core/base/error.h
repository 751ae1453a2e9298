/* What went wrong, told to the caller in words a person can use. */
#pragma once

#include <stdarg.h>
#include <stdbool.h>

enum dino_code
{
  DINO_CODE_NONE = 0,
  DINO_CODE_IO,          /* the system refused to open or read a file */
  DINO_CODE_FORMAT,      /* a file is malformed, truncated or not what it claims to be */
  DINO_CODE_UNSUPPORTED, /* a well-formed file of a kind that is not read */
  DINO_CODE_LIMIT,       /* larger than the documented limits */
  DINO_CODE_MEMORY,      /* memory could not be had */
  DINO_CODE_MODEL,       /* a model cannot be used */
  DINO_CODE_ARGUMENT,    /* a value asked for is out of range */
  DINO_CODE_WRITE,       /* an output could not be written */
  DINO_CODE_CANCELLED
};

/* Owned by the caller, usually on the stack; zero it before use ("= { 0 }").
 * message is a full sentence without a final line break, translated,
 * and names the file where there is one; it is valid UTF-8 without control
 * characters other than line breaks, whatever a file is called. */
struct dino_error
{
  enum dino_code code;
  char           message[16384];
};

/* Fills error (which may be NULL) and returns false, so that a function can
 * end with "return dino_error_set (...)". A message that does not fit is cut
 * at a character boundary. The first error stays: a second call on an error
 * that is already set changes nothing. */
bool dino_error_set (struct dino_error *error, enum dino_code code, const char *format, ...)
    __attribute__ ((format (printf, 3, 4)));

bool dino_error_set_va (struct dino_error *error, enum dino_code code, const char *format, va_list arguments)
    __attribute__ ((format (printf, 3, 0)));

/* Puts “subject” before the message when error is about memory and does not
 * name it: what allocates mostly does not know for what. Returns false. */
bool dino_error_about (struct dino_error *error, const char *subject);

/* "Out of memory" with the number of bytes that could not be had; returns false. */
bool dino_error_set_memory (struct dino_error *error, unsigned long long bytes);
