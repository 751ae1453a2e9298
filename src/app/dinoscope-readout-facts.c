/* The numbers of a patch as a list. */
#include "app/dinoscope-readout-facts.h"

#include <glib/gi18n-lib.h>

static void
tell_box (const DinoscopeReadout *readout, DinoscopeFactFunc func, gpointer user_data)
{
  g_autofree char *text = g_strdup_printf (_ ("x %.1f to %.1f\ny %.1f to %.1f"), readout->box.x0, readout->box.x1, readout->box.y0, readout->box.y1);

  func (_ ("Pixels of the original"), text, user_data);
}

static void
tell_values (const DinoscopeReadout *readout, DinoscopeMap *map, DinoscopeFactFunc func, gpointer user_data)
{
  const struct dino_map *core = map != NULL ? dinoscope_map_get_core (map) : NULL;
  g_autoptr (GString)    text = g_string_new (NULL);

  if (core == NULL || readout->n_values == 0)
    return;
  for (guint i = 0; i < readout->n_values; i++)
    {
      g_autofree char *value = dinoscope_format_value (readout->values[i]);

      g_string_append (text, i > 0 ? "\n" : "");
      if (core->channels > 1)
        g_string_append_printf (text, "%s: ", core->component_names[i]);
      g_string_append (text, value);
      if (core->channels == 1 && core->unit[0] != '\0')
        g_string_append_printf (text, " (%s)", core->unit);
      g_string_append_printf (text, _ (", percentile %.1f"), readout->percentiles[i]);
    }
  func (_ ("Value in the map"), text->str, user_data);
}

static void
tell_numbers (const DinoscopeReadout *readout, DinoscopeFactFunc func, gpointer user_data)
{
  g_autofree char *attention = g_strdup_printf (_ ("%.4g, rank %u"), readout->attention, readout->attention_rank);
  g_autofree char *cosine = g_strdup_printf ("%.4f", readout->cosine);
  g_autofree char *norm = g_strdup_printf ("%.2f", readout->norm);

  if (readout->has_attention)
    func (_ ("Attention of the CLS token"), attention, user_data);
  if (readout->has_cosine)
    func (_ ("Cosine with the last pin"), cosine, user_data);
  if (readout->has_norm)
    func (_ ("Norm of the token"), norm, user_data);
}

void
dinoscope_facts_of_readout (const DinoscopeReadout *readout, DinoscopeMap *map, DinoscopeFactFunc func, gpointer user_data)
{
  g_autofree char *place = g_strdup_printf (_ ("row %u column %u"), readout->row, readout->column);
  g_autofree char *stored = dinoscope_readout_describe_stored (readout);

  if (!readout->has_patch)
    return;
  func (_ ("Patch"), place, user_data);
  tell_box (readout, func, user_data);
  if (stored[0] != '\0')
    func (_ ("Pixel at its centre"), stored, user_data);
  tell_values (readout, map, func, user_data);
  tell_numbers (readout, func, user_data);
}
