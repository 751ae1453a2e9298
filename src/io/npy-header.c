#include "io/npy-header.h"

#include <stdint.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"

struct parser
{
  const char *next, *end;
};

enum key
{
  KEY_DESCR,
  KEY_FORTRAN_ORDER,
  KEY_SHAPE,
  N_KEYS
};

static const char *const key_names[N_KEYS] = { "descr", "fortran_order", "shape" };

static void
skip_blanks (struct parser *parser)
{
  while (parser->next < parser->end && strchr (" \n", *parser->next) != NULL && *parser->next != '\0')
    parser->next++;
}

static bool
take (struct parser *parser, const char *token)
{
  size_t length = strlen (token);

  skip_blanks (parser);
  if ((size_t) (parser->end - parser->next) < length || memcmp (parser->next, token, length) != 0)
    return false;
  parser->next += length;
  return true;
}

/* A quoted string without escapes. */
static bool
take_string (struct parser *parser, const char **text, size_t *length)
{
  const char *close;
  char        quote;

  skip_blanks (parser);
  if (parser->next == parser->end || (*parser->next != '\'' && *parser->next != '"'))
    return false;
  quote = *parser->next++;
  close = memchr (parser->next, quote, (size_t) (parser->end - parser->next));
  if (close == NULL)
    return false;
  *text = parser->next;
  *length = (size_t) (close - parser->next);
  parser->next = close + 1;
  return true;
}

static bool
take_size (struct parser *parser, size_t *size)
{
  const char *start;

  skip_blanks (parser);
  start = parser->next;
  *size = 0;
  for (; parser->next < parser->end && *parser->next >= '0' && *parser->next <= '9'; parser->next++)
    if (!dino_multiply (*size, 10, size) || !dino_add (*size, (size_t) (*parser->next - '0'), size))
      return false;
  return parser->next > start;
}

/* "()", "(2,)", "(2, 3)": sizes with a comma between, one may follow. */
static bool
take_shape (struct parser *parser, struct dino_npy_header *header)
{
  if (!take (parser, "("))
    return false;
  header->rank = 0;
  while (!take (parser, ")"))
    {
      if (header->rank == DINO_NPY_MAX_RANK || !take_size (parser, &header->shape[header->rank]))
        return false;
      header->rank++;
      if (!take (parser, ","))
        return header->rank > 1 && take (parser, ")");
    }
  return true;
}

static bool
take_bool (struct parser *parser, bool *value)
{
  *value = take (parser, "True");
  return *value || take (parser, "False");
}

static bool
equals (const char *text, size_t length, const char *wanted)
{
  return strlen (wanted) == length && memcmp (text, wanted, length) == 0;
}

static bool
take_key (struct parser *parser, enum key *key)
{
  const char *text;
  size_t      length;

  if (!take_string (parser, &text, &length) || !take (parser, ":"))
    return false;
  for (*key = 0; *key < N_KEYS; (*key)++)
    if (equals (text, length, key_names[*key]))
      return true;
  return false;
}

static bool
malformed (const char *path, struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” has a malformed .npy header."), path);
}

static bool
take_descr (struct parser *parser, const char *path, struct dino_npy_header *header, struct dino_error *error)
{
  const char *text;
  size_t      length;

  if (!take_string (parser, &text, &length))
    return malformed (path, error);
  header->half = equals (text, length, "<f2");
  if (!header->half && !equals (text, length, "<f4"))
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” holds numbers of type “%.*s”; only <f4 and <f2 are read."), path,
                           length < 32 ? (int) length : 32, text);
  return true;
}

static bool
parse_entries (struct parser *parser, const char *path, struct dino_npy_header *header, struct dino_error *error)
{
  bool     seen[N_KEYS] = { false };
  enum key key;

  while (!take (parser, "}"))
    {
      if (!take_key (parser, &key) || seen[key])
        return malformed (path, error);
      seen[key] = true;
      if (key == KEY_DESCR && !take_descr (parser, path, header, error))
        return false;
      if (key == KEY_SHAPE && !take_shape (parser, header))
        return malformed (path, error);
      if (key == KEY_FORTRAN_ORDER && !take_bool (parser, &header->fortran_order))
        return malformed (path, error);
      if (!take (parser, ","))
        {
          if (!take (parser, "}"))
            return malformed (path, error);
          break;
        }
    }
  return (seen[KEY_DESCR] && seen[KEY_FORTRAN_ORDER] && seen[KEY_SHAPE]) || malformed (path, error);
}

bool
dino_npy_header_parse (const char *text, size_t length, const char *path, struct dino_npy_header *header, struct dino_error *error)
{
  struct parser parser = { text, text + length };

  if (length == 0 || text[length - 1] != '\n' || !take (&parser, "{"))
    return malformed (path, error);
  if (!parse_entries (&parser, path, header, error))
    return false;
  skip_blanks (&parser);
  return parser.next == parser.end || malformed (path, error);
}
