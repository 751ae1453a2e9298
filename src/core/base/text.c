#include "core/base/text.h"

#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* libc's constant "C" locale: no allocation, nothing to free. */
static locale_t
c_locale (void)
{
  return newlocale (LC_ALL_MASK, "C", (locale_t) 0);
}

const char *
dino_format_double (char buffer[DINO_NUMBER_LENGTH], double value)
{
  locale_t previous;

  if (isnan (value))
    return strcpy (buffer, "nan");
  if (isinf (value))
    return strcpy (buffer, value > 0 ? "inf" : "-inf");
  previous = uselocale (c_locale ());
  for (int digits = 1; digits <= 17; digits++)
    {
      snprintf (buffer, DINO_NUMBER_LENGTH, "%.*g", digits, value);
      if (strtod (buffer, NULL) == value)
        break;
    }
  uselocale (previous);
  return buffer;
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
