#include "core/model/json.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"

/* What Jansson takes at most, measured on the worst texts: many short keys, one long text. */
#define BYTES_PER_WEIGHT 200
#define BYTES_PER_CHARACTER 4

/* Commas and brackets outside of strings. Text that is not JSON may give any
 * number; the parser refuses it then. */
static size_t
measure_weight (const char *text, size_t length)
{
  size_t weight = 0;
  bool   in_string = false;

  for (size_t i = 0; i < length; i++)
    switch (text[i])
      {
      case '"':
        in_string = !in_string;
        break;
      case '\\':
        i += in_string;
        break;
      case ',':
        weight += in_string ? 0 : 1;
        break;
      case '[':
        weight += in_string ? 0 : 2;
        break;
      case '{':
        weight += in_string ? 0 : 4;
        break;
      default:
        break;
      }
  return weight;
}

/* Jansson cannot be trusted once one of its own allocations has failed (2.14
 * drops characters and reads on beyond its buffer), so what it may need is
 * asked for beforehand, where a refusal can be told, and lies ready: what came
 * of it is thrown away then. */
static json_t *
load_guarded (const char *path, const char *text, size_t length, size_t weight, json_error_t *reason, struct dino_error *error)
{
  const size_t size = BYTES_PER_WEIGHT * (weight + 1) + BYTES_PER_CHARACTER * length;
  void        *memory = dino_alloc (size, 1, error);
  json_t      *root;

  if (memory == NULL)
    {
      dino_error_about (error, path);
      return NULL;
    }
  dino_json_begin_reserve (memory, size);
  root = json_loadb (text, length, JSON_REJECT_DUPLICATES, reason);
  if (dino_json_needed_reserve ())
    {
      json_decref (root);
      root = NULL;
      dino_error_set (error, DINO_CODE_MEMORY, _ ("Out of memory while reading “%s”."), path);
    }
  dino_json_end_reserve ();
  dino_free (memory);
  return root;
}

json_t *
dino_json_parse_any (const char *path, const char *text, size_t length, size_t max_weight, struct dino_error *error)
{
  size_t       weight = measure_weight (text, length);
  json_error_t reason = { 0 };
  json_t      *root;

  if (weight > max_weight)
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too complex: its JSON holds too many values."), path);
      return NULL;
    }
  root = load_guarded (path, text, length, weight, &reason, error);
  if (root == NULL)
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its JSON is not valid (line %d: %s)."), path, reason.line, reason.text);
  return root;
}

json_t *
dino_json_parse (const char *path, const char *text, size_t length, size_t max_weight, struct dino_error *error)
{
  json_t *root = dino_json_parse_any (path, text, length, max_weight, error);

  if (root == NULL || json_is_object (root))
    return root;
  dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its JSON is not an object."), path);
  json_decref (root);
  return NULL;
}

json_t *
dino_json_read (const char *path, size_t max_bytes, size_t max_weight, struct dino_error *error)
{
  size_t   length = 0;
  uint8_t *text = dino_file_read (path, max_bytes, &length, error);
  json_t  *root;

  if (text == NULL)
    return NULL;
  root = dino_json_parse (path, (const char *) text, length, max_weight, error);
  dino_free (text);
  return root;
}

const json_t *
dino_json_get (const json_t *object, const char *key)
{
  const json_t *value = json_object_get (object, key);

  return json_is_null (value) ? NULL : value;
}

bool
dino_json_get_int (const json_t *object, const char *path, const char *key, int minimum, int maximum, int *value, struct dino_error *error)
{
  const json_t *member = dino_json_get (object, key);

  if (member == NULL)
    return true;
  if (!json_is_integer (member))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is not a whole number."), path, key);
  if (json_integer_value (member) < minimum || json_integer_value (member) > maximum)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: “%s” is %lld; values from %d to %d are allowed."),
                           path, key, (long long) json_integer_value (member), minimum, maximum);
  *value = (int) json_integer_value (member);
  return true;
}

bool
dino_json_get_double (const json_t *object, const char *path, const char *key, double minimum, double maximum, double *value, struct dino_error *error)
{
  const json_t *member = dino_json_get (object, key);
  char          number[3][DINO_NUMBER_LENGTH];

  if (member == NULL)
    return true;
  if (!json_is_number (member))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is not a number."), path, key);
  if (json_number_value (member) < minimum || json_number_value (member) > maximum)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” cannot be used: “%s” is %s; values from %s to %s are allowed."), path, key,
                           dino_format_double (number[0], json_number_value (member)),
                           dino_format_double (number[1], minimum), dino_format_double (number[2], maximum));
  *value = json_number_value (member);
  return true;
}

bool
dino_json_get_bool (const json_t *object, const char *path, const char *key, bool *value, struct dino_error *error)
{
  const json_t *member = dino_json_get (object, key);

  if (member == NULL)
    return true;
  if (!json_is_boolean (member))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is neither true nor false."), path, key);
  *value = json_is_true (member);
  return true;
}

bool
dino_json_get_string (const json_t *object, const char *path, const char *key, const char **value, struct dino_error *error)
{
  const json_t *member = dino_json_get (object, key);

  if (member == NULL)
    return true;
  if (!json_is_string (member))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: “%s” is not a text."), path, key);
  *value = json_string_value (member);
  return true;
}
