#include "core/base/error.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

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
    error->message[dino_text_cut (error->message, sizeof error->message - 1)] = '\0';
  /* Names from files end up in messages. */
  dino_text_clean (error->message, true);
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

bool
dino_error_about (struct dino_error *error, const char *subject)
{
  struct dino_error named = { 0 };

  if (error == NULL || error->code != DINO_CODE_MEMORY || strstr (error->message, subject) != NULL)
    return false;
  dino_error_set (&named, error->code, "“%s”: %s", subject, error->message);
  *error = named;
  return false;
}
