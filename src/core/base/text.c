#include "core/base/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t
dino_text_character (const char *text)
{
  const unsigned char *byte = (const unsigned char *) text;
  unsigned int         code;
  size_t               length;

  if (byte[0] < 0x80)
    return byte[0] != 0;
  if (byte[0] < 0xc2 || byte[0] > 0xf4)
    return 0;
  length = byte[0] < 0xe0 ? 2 : (byte[0] < 0xf0 ? 3 : 4);
  code = byte[0] & (0xffu >> (length + 1));
  for (size_t i = 1; i < length; i++)
    {
      if ((byte[i] & 0xc0) != 0x80)
        return 0;
      code = code << 6 | (byte[i] & 0x3f);
    }
  /* Overlong forms, surrogates, beyond the last plane. */
  if ((length == 3 && code < 0x800) || (length == 4 && code < 0x10000) || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
    return 0;
  return length;
}

size_t
dino_text_cut (const char *text, size_t limit)
{
  size_t start = limit;

  /* Back to the lead byte of the last character, which has at most 4 bytes. */
  while (start > 0 && limit - start < 4)
    {
      unsigned char byte = (unsigned char) text[--start];
      size_t        length = byte >= 0xf0 ? 4 : (byte >= 0xe0 ? 3 : 2);

      if (byte < 0x80)
        break;
      if (byte >= 0xc0)
        return limit - start < length ? start : limit;
    }
  return limit;
}

/* Controls (C0, DEL, C1), U+2028 and U+2029, which break lines, and U+202A to
 * U+202E and U+2066 to U+2069, which embed, override and isolate directions. */
static bool
is_control (const char *character, size_t length)
{
  const unsigned char *byte = (const unsigned char *) character;

  if (length == 1)
    return byte[0] < 0x20 || byte[0] == 0x7f;
  if (length == 2)
    return byte[0] == 0xc2 && byte[1] < 0xa0;
  return length == 3 && byte[0] == 0xe2 &&
         ((byte[1] == 0x80 && byte[2] >= 0xa8 && byte[2] <= 0xae) || (byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9));
}

void
dino_text_clean (char *text, bool keep_line_breaks)
{
  char *end = text;

  while (*text != '\0')
    {
      const size_t length = dino_text_character (text);

      if (length > 0 && ((keep_line_breaks && *text == '\n') || !is_control (text, length)))
        {
          memmove (end, text, length);
          end += length;
        }
      else
        *end++ = '?';
      text += length > 0 ? length : 1;
    }
  *end = '\0';
}

/* libc's constant "C" locale: no allocation, nothing to free. */
static locale_t
c_locale (void)
{
  return newlocale (LC_ALL_MASK, "C", (locale_t) 0);
}

/* With as few digits, at most 17, as bring it back as a double or as a float. */
static const char *
format_number (char buffer[DINO_NUMBER_LENGTH], double value, bool single)
{
  locale_t previous;

  if (isnan (value))
    return memcpy (buffer, "nan", sizeof "nan");
  if (isinf (value))
    return value > 0 ? memcpy (buffer, "inf", sizeof "inf") : memcpy (buffer, "-inf", sizeof "-inf");
  previous = uselocale (c_locale ());
  if (fabs (value) < 1e16 && trunc (value) == value)
    {
      /* "%g" would write 640 as 6.4e+02. */
      snprintf (buffer, DINO_NUMBER_LENGTH, "%.0f", value);
    }
  else
    {
      for (int digits = 1; digits <= 17; digits++)
        {
          double read;

          snprintf (buffer, DINO_NUMBER_LENGTH, "%.*g", digits, value);
          read = strtod (buffer, NULL);
          if (single ? (float) read == (float) value : read == value)
            break;
        }
    }
  uselocale (previous);
  return buffer;
}

const char *
dino_format_double (char buffer[DINO_NUMBER_LENGTH], double value)
{
  return format_number (buffer, value, false);
}

const char *
dino_format_float (char buffer[DINO_NUMBER_LENGTH], float value)
{
  return format_number (buffer, (double) value, true);
}

bool
dino_parse_double (const char *text, double *value)
{
  size_t length = strlen (text);
  char  *end;
  double number;

  /* strtod() also reads blanks, hexadecimal digits, "inf" and "nan". */
  if (length == 0 || strspn (text, "0123456789+-.eE") != length)
    return false;
  number = strtod_l (text, &end, c_locale ());
  if (end != text + length || !isfinite (number))
    return false;
  *value = number;
  return true;
}
