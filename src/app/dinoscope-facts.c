#include "app/dinoscope-facts.h"

#include <glib/gi18n-lib.h>
#include <math.h>

char *
dinoscope_format_value (double value)
{
  const char *sign = signbit (value) && value != 0 ? "\u2212" : "";

  if (fabs (value) >= 1000 && fabs (value) < 1e6)
    return g_strdup_printf ("%s%.0f", sign, fabs (value));
  return g_strdup_printf ("%s%.3g", sign, fabs (value));
}

static char *
format_range (double low, double high)
{
  g_autofree char *from = dinoscope_format_value (low);
  g_autofree char *to = dinoscope_format_value (high);

  return g_strdup_printf (_ ("%s to %s"), from, to);
}

static void
tell_range (const struct dino_map *map, DinoscopeFactFunc func, gpointer user_data)
{
  static const char *const colours[] = { N_ ("Red"), N_ ("Green"), N_ ("Blue") };
  g_autoptr (GString)      text = g_string_new (NULL);

  if (map->channels == 1)
    {
      g_autofree char *range = format_range (map->low, map->high);

      g_string_append (text, range);
      if (map->unit[0] != '\0')
        g_string_append_printf (text, " (%s)", map->unit);
      func (_ ("Values"), text->str, user_data);
      return;
    }
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *range = format_range (map->low3[i], map->high3[i]);

      g_string_append_printf (text, "%s%s: %s, %s", i > 0 ? "\n" : "", _ (colours[i]), map->component_names[i], range);
    }
  func (_ ("Scaling"), text->str, user_data);
}

static char *
format_shares (GVariant *shares)
{
  g_autoptr (GString) text = g_string_new (NULL);
  gsize               n;
  const double       *values = g_variant_get_fixed_array (shares, &n, sizeof (double));

  for (gsize i = 0; i < MIN (n, 6); i++)
    g_string_append_printf (text, "%s%.1f\u202f%%", i > 0 ? ", " : "", 100 * values[i]);
  if (n > 6)
    g_string_append (text, " …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Words of details as a person says them; hashes and others' words as they are. */
static const char *
word_title (const char *word)
{
  static const struct
  {
    const char *word;
    const char *title;
  } titles[] = {
    { "picture", N_ ("This picture") },
    { "pictures", N_ ("All pictures compared") },
    { "file", N_ ("A saved basis") },
    { "minmax", N_ ("Smallest to largest value") },
    { "percentile", N_ ("1st to 99th percentile") },
    { "above", N_ ("Above the threshold") },
    { "below", N_ ("Below the threshold") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].word, word))
      return _ (titles[i].title);
  return word;
}

static char *
format_detail (const char *name, GVariant *value)
{
  if (g_str_equal (name, "variance-ratio") && g_variant_is_of_type (value, G_VARIANT_TYPE ("ad")))
    return format_shares (value);
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_STRING))
    return g_strdup (word_title (g_variant_get_string (value, NULL)));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_BOOLEAN))
    return g_strdup (g_variant_get_boolean (value) ? _ ("Yes") : _ ("No"));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_UINT64))
    return g_strdup_printf ("%" G_GUINT64_FORMAT, g_variant_get_uint64 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_INT32))
    return g_strdup_printf ("%d", g_variant_get_int32 (value));
  if (g_variant_is_of_type (value, G_VARIANT_TYPE_DOUBLE))
    return dinoscope_format_value (g_variant_get_double (value));
  return g_variant_print (value, FALSE);
}

/* What overlays of ours tell; others' names are shown as they are. */
static const char *
detail_title (const char *name)
{
  static const struct
  {
    const char *name;
    const char *title;
  } titles[] = {
    { "basis", N_ ("Fitted on") },
    { "basis-sha256", N_ ("Basis (sha256)") },
    { "n-samples", N_ ("Patches fitted") },
    { "n-pictures", N_ ("Pictures fitted") },
    { "variance-ratio", N_ ("Share of variance") },
    { "scaling", N_ ("Colours run from") },
    { "foreground", N_ ("Foreground threshold (PC1)") },
    { "foreground-side", N_ ("Foreground is") },
    { "n-inside", N_ ("Patches inside") },
    { "n-patches", N_ ("Patches of this picture") },
    { "sizes", N_ ("Patches of each part") },
    { "inertia", N_ ("Sum of squared distances") },
    { "rounds", N_ ("Rounds") },
    { "converged", N_ ("Settled") },
    { "median", N_ ("Median norm") },
    { "outlier-threshold", N_ ("Outliers are above") },
    { "n-outliers", N_ ("Outliers") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].name, name))
      return _ (titles[i].title);
  return name;
}

void
dinoscope_facts_of_map (DinoscopeMap *map, DinoscopeFactFunc func, gpointer user_data)
{
  GVariant    *details = dinoscope_map_get_details (map);
  GVariantIter iter;
  const char  *name;
  GVariant    *value;

  func (dinoscope_map_get_title (map), dinoscope_map_get_legend (map), user_data);
  tell_range (dinoscope_map_get_core (map), func, user_data);
  if (details == NULL)
    return;
  g_variant_iter_init (&iter, details);
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &value))
    {
      g_autofree char *text = NULL;

      /* Drawn, not told. */
      if (g_str_has_prefix (name, "histogram"))
        continue;
      text = format_detail (name, value);
      func (detail_title (name), text, user_data);
    }
}

void
dinoscope_facts_of_model (DinoscopeModel *model, DinoscopeFactFunc func, gpointer user_data)
{
  const char      *sha256 = dinoscope_model_peek_sha256 (model);
  const char      *calibration = dinoscope_model_get_calibration_sha256 (model);
  g_autofree char *size = g_strdup_printf (_ ("%u blocks, %u heads, %u channels"), dinoscope_model_get_n_blocks (model),
                                           dinoscope_model_get_n_heads (model), dinoscope_model_get_n_channels (model));
  g_autofree char *arithmetic = g_strdup_printf ("%s, %s", dinoscope_model_get_precision (model), dinoscope_model_get_instruction_set (model));

  func (_ ("Encoder"), dinoscope_model_get_title (model), user_data);
  func (_ ("Size"), size, user_data);
  func (_ ("Computed in"), arithmetic, user_data);
  if (sha256 != NULL)
    func (_ ("Weights (sha256)"), sha256, user_data);
  if (calibration != NULL)
    func (_ ("Calibration (sha256)"), calibration, user_data);
}
