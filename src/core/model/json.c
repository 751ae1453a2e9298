#include "core/model/json.h"

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"

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

json_t *
dino_json_parse (const char *path, const char *text, size_t length, size_t max_weight, struct dino_error *error)
{
  json_error_t reason;
  json_t      *root;

  if (measure_weight (text, length) > max_weight)
    {
      dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” is too complex: its JSON holds too many values."), path);
      return NULL;
    }
  root = json_loadb (text, length, JSON_REJECT_DUPLICATES, &reason);
  if (root == NULL && json_error_code (&reason) == json_error_out_of_memory)
    dino_error_set (error, DINO_CODE_MEMORY, _ ("Out of memory while reading “%s”."), path);
  else if (root == NULL)
    dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its JSON is not valid (line %d: %s)."), path, reason.line, reason.text);
  else if (!json_is_object (root))
    {
      dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is malformed: its JSON is not an object."), path);
      json_decref (root);
      return NULL;
    }
  return root;
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
