#include "engine/dinoscope-json-private.h"

#include "core/base/text.h"
#include "core/model/json-memory.h"

static json_t *
container_to_json (GVariant *value)
{
  gboolean dictionary = g_variant_is_of_type (value, G_VARIANT_TYPE ("a{s*}"));
  json_t  *json = dictionary ? json_object () : json_array ();

  for (gsize i = 0; i < g_variant_n_children (value); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (value, i);

      if (dictionary)
        {
          g_autoptr (GVariant) key = g_variant_get_child_value (child, 0);
          g_autoptr (GVariant) content = g_variant_get_child_value (child, 1);

          json_object_set_new (json, g_variant_get_string (key, NULL), dinoscope_json_from_variant (content));
        }
      else
        json_array_append_new (json, dinoscope_json_from_variant (child));
    }
  return json;
}

static json_t *
real_to_json (double value)
{
  json_t *json = json_real (value);

  return json == NULL ? json_null () : json;
}

json_t *
dinoscope_json_from_variant (GVariant *value)
{
  switch (g_variant_classify (value))
    {
    case G_VARIANT_CLASS_BOOLEAN:
      return json_boolean (g_variant_get_boolean (value));
    case G_VARIANT_CLASS_INT32:
      return json_integer (g_variant_get_int32 (value));
    case G_VARIANT_CLASS_UINT32:
      return json_integer (g_variant_get_uint32 (value));
    case G_VARIANT_CLASS_INT64:
      return json_integer (g_variant_get_int64 (value));
    case G_VARIANT_CLASS_UINT64:
      return json_integer ((json_int_t) g_variant_get_uint64 (value));
    case G_VARIANT_CLASS_DOUBLE:
      return real_to_json (g_variant_get_double (value));
    case G_VARIANT_CLASS_STRING:
      return json_string (g_variant_get_string (value, NULL));
    case G_VARIANT_CLASS_VARIANT:
      {
        g_autoptr (GVariant) inner = g_variant_get_variant (value);

        return dinoscope_json_from_variant (inner);
      }
    case G_VARIANT_CLASS_ARRAY:
    case G_VARIANT_CLASS_TUPLE:
      return container_to_json (value);
    case G_VARIANT_CLASS_BYTE:
    case G_VARIANT_CLASS_INT16:
    case G_VARIANT_CLASS_UINT16:
    case G_VARIANT_CLASS_HANDLE:
    case G_VARIANT_CLASS_OBJECT_PATH:
    case G_VARIANT_CLASS_SIGNATURE:
    case G_VARIANT_CLASS_MAYBE:
    case G_VARIANT_CLASS_DICT_ENTRY:
    default:
      return json_null ();
    }
}

static gboolean
is_int32 (const json_t *value)
{
  return json_is_integer (value) && json_integer_value (value) >= G_MININT32 && json_integer_value (value) <= G_MAXINT32;
}

static GVariant *
patch_to_variant (const json_t *value)
{
  const json_t *row = json_array_get (value, 0);
  const json_t *column = json_array_get (value, 1);

  if (json_array_size (value) != 2 || !is_int32 (row) || !is_int32 (column))
    return NULL;
  return g_variant_new ("(ii)", (int) json_integer_value (row), (int) json_integer_value (column));
}

static GVariant *
patches_to_variant (const json_t *value)
{
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ii)"));

  for (gsize i = 0; i < json_array_size (value); i++)
    {
      GVariant *patch = patch_to_variant (json_array_get (value, i));

      if (patch == NULL)
        return NULL;
      g_variant_builder_add_value (&builder, patch);
    }
  return g_variant_builder_end (&builder);
}

GVariant *
dinoscope_json_to_variant (const json_t *value)
{
  switch (json_typeof (value))
    {
    case JSON_TRUE:
    case JSON_FALSE:
      return g_variant_new_boolean (json_is_true (value));
    case JSON_INTEGER:
      return is_int32 (value) ? g_variant_new_int32 (json_integer_value (value)) : NULL;
    case JSON_REAL:
      return g_variant_new_double (json_real_value (value));
    case JSON_STRING:
      /* A NUL inside ends the string for everybody else. */
      return strlen (json_string_value (value)) == json_string_length (value) ? g_variant_new_string (json_string_value (value)) : NULL;
    case JSON_ARRAY:
      return json_is_integer (json_array_get (value, 0)) ? patch_to_variant (value) : patches_to_variant (value);
    case JSON_OBJECT:
    case JSON_NULL:
    default:
      return NULL;
    }
}

static void
append_string (GString *text, const char *string)
{
  json_t *value = json_string (string);
  char   *encoded = json_dumps (value, JSON_ENCODE_ANY);

  /* NULL where memory was lacking, which is told in the end. */
  g_string_append (text, encoded != NULL ? encoded : "");
  free (encoded);
  json_decref (value);
}

/* Jansson writes all 17 digits; a real number keeps its point, so that it is read back as one. */
static void
append_real (GString *text, double value)
{
  char number[DINO_NUMBER_LENGTH];

  g_string_append (text, dino_format_double (number, value));
  if (strpbrk (number, ".e") == NULL)
    g_string_append (text, ".0");
}

static void
append_line (GString *text, int depth)
{
  g_string_append_printf (text, "\n%*s", 2 * depth, "");
}

static gboolean
is_flat (const json_t *array)
{
  for (gsize i = 0; i < json_array_size (array); i++)
    if (json_is_object (json_array_get (array, i)))
      return FALSE;
  return TRUE;
}

static void append_value (GString *text, const json_t *value, int depth);

static void
append_array (GString *text, const json_t *array, int depth)
{
  gboolean flat = is_flat (array);

  g_string_append_c (text, '[');
  for (gsize i = 0; i < json_array_size (array); i++)
    {
      if (i > 0)
        g_string_append (text, flat ? ", " : ",");
      if (!flat)
        append_line (text, depth + 1);
      append_value (text, json_array_get (array, i), depth + 1);
    }
  if (!flat)
    append_line (text, depth);
  g_string_append_c (text, ']');
}

static void
append_object (GString *text, json_t *object, int depth)
{
  const char *key;
  json_t     *value;
  gboolean    first = TRUE;

  g_string_append_c (text, '{');
  json_object_foreach (object, key, value)
  {
    if (!first)
      g_string_append_c (text, ',');
    first = FALSE;
    append_line (text, depth + 1);
    append_string (text, key);
    g_string_append (text, ": ");
    append_value (text, value, depth + 1);
  }
  if (!first)
    append_line (text, depth);
  g_string_append_c (text, '}');
}

static void
append_value (GString *text, const json_t *value, int depth)
{
  switch (json_typeof (value))
    {
    case JSON_OBJECT:
      append_object (text, (json_t *) value, depth);
      break;
    case JSON_ARRAY:
      append_array (text, value, depth);
      break;
    case JSON_STRING:
      append_string (text, json_string_value (value));
      break;
    case JSON_INTEGER:
      g_string_append_printf (text, "%" JSON_INTEGER_FORMAT, json_integer_value (value));
      break;
    case JSON_REAL:
      append_real (text, json_real_value (value));
      break;
    case JSON_TRUE:
      g_string_append (text, "true");
      break;
    case JSON_FALSE:
      g_string_append (text, "false");
      break;
    case JSON_NULL:
    default:
      g_string_append (text, "null");
      break;
    }
}

char *
dinoscope_json_to_text (const json_t *value, struct dino_error *error)
{
  GString *text = g_string_new (NULL);

  if (value != NULL)
    append_value (text, value, 0);
  g_string_append_c (text, '\n');
  if (dino_json_check (error))
    return g_string_free (text, FALSE);
  g_string_free (text, TRUE);
  return NULL;
}
