#include "core/base/error.h"

#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

static bool
is_control (const char *character, size_t length)
{
  unsigned char byte = (unsigned char) character[0];

  if (length == 1)
    return (byte < 0x20 && byte != '\n') || byte == 0x7f;
  return length == 2 && byte == 0xc2 && (unsigned char) character[1] < 0xa0;
}

/* Names from files end up in messages: what would confuse a terminal or a
 * label (control characters, bytes that are not UTF-8) becomes a question mark. */
static void
clean (char *text)
{
  while (*text != '\0')
    {
      size_t length = dino_text_character (text);

      if (length == 0 || is_control (text, length))
        {
          length = length > 0 ? length : 1;
          memset (text, '?', length);
        }
      text += length;
    }
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
    error->message[dino_text_cut (error->message, sizeof error->message - 1)] = '\0';
  clean (error->message);
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
