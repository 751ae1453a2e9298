#include "core/base/error.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

/* Drops the bytes of a character that was cut off at the end of text. */
static void
trim_partial_character (char *text)
{
  size_t        length = strlen (text);
  size_t        start = length;
  unsigned char lead;
  size_t        wanted; /* bytes, by the lead byte */

  while (start > 0 && length - start < 3 && ((unsigned char) text[start - 1] & 0xc0) == 0x80)
    start--;
  if (start == 0)
    return;
  start--;
  lead = (unsigned char) text[start];
  wanted = 1 + (lead >= 0xc0) + (lead >= 0xe0) + (lead >= 0xf0);
  if (length - start < wanted)
    text[start] = '\0';
}

bool
dino_error_set_va (struct dino_error *error, enum dino_code code, const char *format, va_list arguments)
{
  int length;

  if (error == NULL || error->code != DINO_CODE_NONE)
    return false;
  error->code = code;
  length = vsnprintf (error->message, sizeof error->message, format, arguments);
  if (length < 0)
    error->message[0] = '\0';
  else if ((size_t) length >= sizeof error->message)
    trim_partial_character (error->message);
  return false;
}

bool
dino_error_set (struct dino_error *error, enum dino_code code, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  dino_error_set_va (error, code, format, arguments);
  va_end (arguments);
  return false;
}

bool
dino_error_set_memory (struct dino_error *error, unsigned long long bytes)
{
  return dino_error_set (error, DINO_CODE_MEMORY, _ ("Out of memory: %llu bytes could not be had."), bytes);
}
