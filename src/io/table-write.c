#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "io/table.h"

static bool
put (struct dino_output *output, const char *text, size_t length, struct dino_error *error)
{
  return length == 0 || dino_output_write (output, text, length, error);
}

/* One character, or one byte that is none; text goes on behind it. */
static bool
put_character (struct dino_output *output, const char **text, struct dino_error *error)
{
  const size_t length = dino_text_character (*text);
  char         escaped[5];

  if (**text == '"')
    {
      *text += 1;
      return put (output, "\"\"", 2, error);
    }
  if (length > 0)
    {
      *text += length;
      return put (output, *text - length, length, error);
    }
  snprintf (escaped, sizeof escaped, "\\x%02x", (unsigned char) **text);
  *text += 1;
  return put (output, escaped, 4, error);
}

static bool
is_plain (const char *text)
{
  for (; *text != '\0'; text++)
    if (strchr ("\t\n\r\"", *text) != NULL || (unsigned char) *text >= 0x80)
      return false;
  return true;
}

bool
dino_table_write_field (struct dino_output *output, const char *text, char end, struct dino_error *error)
{
  const bool quoted = strpbrk (text, "\t\n\r\"") != NULL;
  bool       good = true;

  if (is_plain (text))
    return put (output, text, strlen (text), error) && put (output, &end, 1, error);
  if (quoted)
    good = put (output, "\"", 1, error);
  while (good && *text != '\0')
    good = put_character (output, &text, error);
  if (good && quoted)
    good = put (output, "\"", 1, error);
  return good && put (output, &end, 1, error);
}
