#include "engine/dinoscope-parameter.h"

#include "core/base/text.h"
#include "engine/dinoscope-error.h"

struct _DinoscopeParameter
{
  GObject parent_instance;

  char                  *name;
  char                  *title;
  DinoscopeParameterType type;
  double                 low, high;
  char                 **choices;
  char                 **choice_titles;
  GVariant              *standard;
  gboolean               optional;
};

G_DEFINE_FINAL_TYPE (DinoscopeParameter, dinoscope_parameter, G_TYPE_OBJECT)

static const char *const variant_types[] = {
  [DINOSCOPE_PARAMETER_BOOL] = "b",
  [DINOSCOPE_PARAMETER_INT] = "i",
  [DINOSCOPE_PARAMETER_DOUBLE] = "d",
  [DINOSCOPE_PARAMETER_ENUM] = "s",
  [DINOSCOPE_PARAMETER_PATCH] = "(ii)",
  [DINOSCOPE_PARAMETER_PATCHES] = "a(ii)",
  [DINOSCOPE_PARAMETER_FILE] = "s",
};

static void
dinoscope_parameter_finalize (GObject *object)
{
  DinoscopeParameter *self = DINOSCOPE_PARAMETER (object);

  g_free (self->name);
  g_free (self->title);
  g_strfreev (self->choices);
  g_strfreev (self->choice_titles);
  g_clear_pointer (&self->standard, g_variant_unref);
  G_OBJECT_CLASS (dinoscope_parameter_parent_class)->finalize (object);
}

static void
dinoscope_parameter_class_init (DinoscopeParameterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = dinoscope_parameter_finalize;
}

static void
dinoscope_parameter_init (DinoscopeParameter *self)
{
}

static DinoscopeParameter *
parameter_new (const char *name, const char *title, DinoscopeParameterType type, GVariant *standard)
{
  DinoscopeParameter *self;

  g_return_val_if_fail (name != NULL && title != NULL, NULL);
  self = g_object_new (DINOSCOPE_TYPE_PARAMETER, NULL);
  self->name = g_strdup (name);
  self->title = g_strdup (title);
  self->type = type;
  self->standard = g_variant_ref_sink (standard);
  return self;
}

DinoscopeParameter *
dinoscope_parameter_new_bool (const char *name, const char *title, gboolean standard)
{
  return parameter_new (name, title, DINOSCOPE_PARAMETER_BOOL, g_variant_new_boolean (standard));
}

DinoscopeParameter *
dinoscope_parameter_new_int (const char *name, const char *title, int low, int high, int standard)
{
  DinoscopeParameter *self = parameter_new (name, title, DINOSCOPE_PARAMETER_INT, g_variant_new_int32 (standard));

  self->low = low;
  self->high = high;
  return self;
}

DinoscopeParameter *
dinoscope_parameter_new_double (const char *name, const char *title, double low, double high, double standard)
{
  DinoscopeParameter *self = parameter_new (name, title, DINOSCOPE_PARAMETER_DOUBLE, g_variant_new_double (standard));

  self->low = low;
  self->high = high;
  return self;
}

DinoscopeParameter *
dinoscope_parameter_new_enum (const char *name, const char *title, const char *const *choices, const char *const *choice_titles, const char *standard)
{
  DinoscopeParameter *self;

  g_return_val_if_fail (choices != NULL && choice_titles != NULL, NULL);
  g_return_val_if_fail (g_strv_length ((char **) choices) == g_strv_length ((char **) choice_titles), NULL);
  g_return_val_if_fail (g_strv_contains (choices, standard), NULL);
  self = parameter_new (name, title, DINOSCOPE_PARAMETER_ENUM, g_variant_new_string (standard));
  self->choices = g_strdupv ((char **) choices);
  self->choice_titles = g_strdupv ((char **) choice_titles);
  return self;
}

DinoscopeParameter *
dinoscope_parameter_new_patch (const char *name, const char *title)
{
  return parameter_new (name, title, DINOSCOPE_PARAMETER_PATCH, g_variant_new ("(ii)", 0, 0));
}

DinoscopeParameter *
dinoscope_parameter_new_patches (const char *name, const char *title)
{
  return parameter_new (name, title, DINOSCOPE_PARAMETER_PATCHES, g_variant_new ("a(ii)", NULL));
}

DinoscopeParameter *
dinoscope_parameter_new_file (const char *name, const char *title)
{
  return parameter_new (name, title, DINOSCOPE_PARAMETER_FILE, g_variant_new_string (""));
}

void
dinoscope_parameter_set_optional (DinoscopeParameter *self, gboolean optional)
{
  g_return_if_fail (DINOSCOPE_IS_PARAMETER (self));
  self->optional = optional;
}

gboolean
dinoscope_parameter_is_optional (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), FALSE);
  return self->optional;
}

const char *
dinoscope_parameter_get_name (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  return self->name;
}

const char *
dinoscope_parameter_get_title (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  return self->title;
}

DinoscopeParameterType
dinoscope_parameter_get_parameter_type (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), DINOSCOPE_PARAMETER_BOOL);
  return self->type;
}

void
dinoscope_parameter_get_range (DinoscopeParameter *self, double *low, double *high)
{
  g_return_if_fail (DINOSCOPE_IS_PARAMETER (self));
  if (low != NULL)
    *low = self->low;
  if (high != NULL)
    *high = self->high;
}

const char *const *
dinoscope_parameter_get_choices (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  return (const char *const *) self->choices;
}

const char *const *
dinoscope_parameter_get_choice_titles (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  return (const char *const *) self->choice_titles;
}

GVariant *
dinoscope_parameter_get_default (DinoscopeParameter *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  return self->optional ? NULL : self->standard;
}

static gboolean G_GNUC_PRINTF (2, 3)
    refuse (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, format, arguments);
  va_end (arguments);
  return FALSE;
}

static gboolean
check_range (DinoscopeParameter *self, double value, GError **error)
{
  char low[DINO_NUMBER_LENGTH], high[DINO_NUMBER_LENGTH], got[DINO_NUMBER_LENGTH];

  /* Written so that NaN is refused. */
  if (value >= self->low && value <= self->high)
    return TRUE;
  return refuse (error, _ ("“%s” must be from %s to %s, not %s."), self->name,
                 dino_format_double (low, self->low), dino_format_double (high, self->high), dino_format_double (got, value));
}

static gboolean
check_choice (DinoscopeParameter *self, const char *value, GError **error)
{
  g_autofree char *choices = NULL;

  if (g_strv_contains ((const char *const *) self->choices, value))
    return TRUE;
  choices = g_strjoinv (", ", self->choices);
  return refuse (error, _ ("“%s” must be one of %s, not “%s”."), self->name, choices, value);
}

static gboolean
check_patch (DinoscopeParameter *self, GVariant *value, GError **error)
{
  int row, column;

  g_variant_get (value, "(ii)", &row, &column);
  if (row >= 0 && column >= 0)
    return TRUE;
  return refuse (error, _ ("“%s” names the patch %d:%d, but rows and columns count from 0."), self->name, row, column);
}

gboolean
dinoscope_parameter_check (DinoscopeParameter *self, GVariant *value, GError **error)
{
  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (variant_types[self->type])))
    return refuse (error, _ ("“%s” has a value of the wrong type (%s where %s is needed)."), self->name,
                   g_variant_get_type_string (value), variant_types[self->type]);

  switch (self->type)
    {
    case DINOSCOPE_PARAMETER_INT:
      return check_range (self, g_variant_get_int32 (value), error);
    case DINOSCOPE_PARAMETER_DOUBLE:
      return check_range (self, g_variant_get_double (value), error);
    case DINOSCOPE_PARAMETER_ENUM:
      return check_choice (self, g_variant_get_string (value, NULL), error);
    case DINOSCOPE_PARAMETER_PATCH:
      return check_patch (self, value, error);
    case DINOSCOPE_PARAMETER_PATCHES:
      for (gsize i = 0; i < g_variant_n_children (value); i++)
        {
          g_autoptr (GVariant) patch = g_variant_get_child_value (value, i);

          if (!check_patch (self, patch, error))
            return FALSE;
        }
      return TRUE;
    case DINOSCOPE_PARAMETER_BOOL:
    case DINOSCOPE_PARAMETER_FILE:
    default:
      return TRUE;
    }
}

static gboolean
parse_int (const char *text, int *value)
{
  gint64      number;
  const char *digits = *text == '-' ? text + 1 : text;
  char       *end;

  /* strtoll skips white space and takes a plus sign: a value does neither. */
  if (!g_ascii_isdigit (*digits))
    return FALSE;
  number = g_ascii_strtoll (text, &end, 10);
  if (*end != '\0' || number < G_MININT32 || number > G_MAXINT32)
    return FALSE;
  *value = number;
  return TRUE;
}

static GVariant *
parse_patch (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 3);
  int            row, column;

  if (g_strv_length (parts) != 2 || !parse_int (parts[0], &row) || !parse_int (parts[1], &column))
    return NULL;
  return g_variant_new ("(ii)", row, column);
}

static GVariant *
parse_patches (const char *text)
{
  g_auto (GStrv)           parts = g_strsplit (text, ",", -1);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ii)"));

  for (char **part = parts; *part != NULL; part++)
    {
      GVariant *patch = parse_patch (*part);

      if (patch == NULL)
        return NULL;
      g_variant_builder_add_value (&builder, patch);
    }
  return g_variant_builder_end (&builder);
}

static GVariant *
parse_bool (const char *text)
{
  static const char *const yes[] = { "true", "yes", "on", "1", NULL };
  static const char *const no[] = { "false", "no", "off", "0", NULL };

  if (g_strv_contains (yes, text))
    return g_variant_new_boolean (TRUE);
  if (g_strv_contains (no, text))
    return g_variant_new_boolean (FALSE);
  return NULL;
}

static GVariant *
parse_value (DinoscopeParameter *self, const char *text)
{
  int    integer;
  double real;

  switch (self->type)
    {
    case DINOSCOPE_PARAMETER_BOOL:
      return parse_bool (text);
    case DINOSCOPE_PARAMETER_INT:
      return parse_int (text, &integer) ? g_variant_new_int32 (integer) : NULL;
    case DINOSCOPE_PARAMETER_DOUBLE:
      return dino_parse_double (text, &real) ? g_variant_new_double (real) : NULL;
    case DINOSCOPE_PARAMETER_PATCH:
      return parse_patch (text);
    case DINOSCOPE_PARAMETER_PATCHES:
      return parse_patches (text);
    case DINOSCOPE_PARAMETER_ENUM:
    case DINOSCOPE_PARAMETER_FILE:
    default:
      return g_utf8_validate (text, -1, NULL) ? g_variant_new_string (text) : NULL;
    }
}

static const char *
describe_type (DinoscopeParameterType type)
{
  switch (type)
    {
    case DINOSCOPE_PARAMETER_BOOL:
      return _ ("true or false");
    case DINOSCOPE_PARAMETER_INT:
      return _ ("a whole number");
    case DINOSCOPE_PARAMETER_DOUBLE:
      return _ ("a number with a decimal point");
    case DINOSCOPE_PARAMETER_PATCH:
      return _ ("a patch as ROW:COLUMN");
    case DINOSCOPE_PARAMETER_PATCHES:
      return _ ("patches as ROW:COLUMN,ROW:COLUMN");
    case DINOSCOPE_PARAMETER_ENUM:
    case DINOSCOPE_PARAMETER_FILE:
    default:
      return _ ("text in UTF-8");
    }
}

GVariant *
dinoscope_parameter_parse (DinoscopeParameter *self, const char *text, GError **error)
{
  g_autoptr (GVariant) value = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_PARAMETER (self), NULL);
  g_return_val_if_fail (text != NULL, NULL);

  value = parse_value (self, text);
  if (value == NULL)
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      refuse (error, _ ("“%s” must be %s, not “%s”."), self->name, describe_type (self->type), shown);
      return NULL;
    }
  g_variant_ref_sink (value);
  return dinoscope_parameter_check (self, value, error) ? g_steal_pointer (&value) : NULL;
}

/* A whole number stands for a real one: JSON and Python write 3 for 3.0. */
static GVariant *
widened (DinoscopeParameter *self, GVariant *value)
{
  if (self->type == DINOSCOPE_PARAMETER_DOUBLE && g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_variant_ref_sink (g_variant_new_double (g_variant_get_int32 (value)));
  return g_variant_ref (value);
}

static GHashTable *
values_by_name (GVariant *values, GError **error)
{
  g_autoptr (GHashTable) table = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_variant_unref);
  GVariantIter           iter;
  char                  *name;
  GVariant              *value;

  if (values == NULL)
    return g_steal_pointer (&table);
  if (!g_variant_is_of_type (values, G_VARIANT_TYPE_VARDICT))
    {
      refuse (error, _ ("The parameters are not a dictionary of names and values."));
      return NULL;
    }
  g_variant_iter_init (&iter, values);
  while (g_variant_iter_next (&iter, "{sv}", &name, &value))
    if (!g_hash_table_insert (table, name, value))
      {
        refuse (error, _ ("A parameter is given twice."));
        return NULL;
      }
  return g_steal_pointer (&table);
}

GVariant *
dinoscope_parameters_complete (GListModel *parameters, GVariant *values, GError **error)
{
  g_autoptr (GHashTable)   table = NULL;
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  GHashTableIter           iter;
  gpointer                 unknown;
  guint                    n;

  g_return_val_if_fail (G_IS_LIST_MODEL (parameters), NULL);

  table = values_by_name (values, error);
  if (table == NULL)
    return NULL;
  n = g_list_model_get_n_items (parameters);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (DinoscopeParameter) parameter = g_list_model_get_item (parameters, i);
      g_autoptr (GVariant)           value = NULL;
      GVariant                      *given = g_hash_table_lookup (table, parameter->name);

      if (given != NULL)
        value = widened (parameter, given);
      else if (!parameter->optional)
        value = g_variant_ref (parameter->standard);
      if (value == NULL)
        continue;
      if (!dinoscope_parameter_check (parameter, value, error))
        return NULL;
      g_variant_builder_add (&builder, "{sv}", parameter->name, value);
      g_hash_table_remove (table, parameter->name);
    }
  g_hash_table_iter_init (&iter, table);
  if (g_hash_table_iter_next (&iter, &unknown, NULL))
    {
      refuse (error, _ ("There is no parameter “%s”."), (const char *) unknown);
      return NULL;
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}
