#include "render/label.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"

void
dino_label_format (char label[DINO_LABEL_LENGTH], double value)
{
  char        digits[DINO_NUMBER_LENGTH];
  const char *text = dino_format_double (digits, value);
  size_t      length = 0;

  if (strchr (text, 'e') != NULL && fabs (value) >= 1 && fabs (value) < 1e6)
    snprintf (digits, sizeof digits, "%.0f", value); /* 20000, not 2e+04 */
  for (; *text != '\0'; text++)
    length += (size_t) snprintf (label + length, DINO_LABEL_LENGTH - length, "%s", *text == '-' ? "−" : (char[]){ *text, '\0' });
}

double
dino_label_round (double value)
{
  double scale;

  if (value == 0 || !isfinite (value))
    return value;
  scale = 2 - floor (log10 (fabs (value)));
  if (fabs (scale) > 300)
    return value;
  return scale < 0 ? round (value / pow (10, -scale)) * pow (10, -scale) : round (value * pow (10, scale)) / pow (10, scale);
}
