#include "app/dinoscope-readout.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "app/dinoscope-facts.h"

static void
read_modality (DinoscopeReadout *readout, const struct dino_picture *picture)
{
  if (picture->grey == NULL)
    return;
  readout->is_padding = dino_picture_is_padding (picture, readout->stored[0]);
  readout->modality = dino_grey_scale_modality (picture->grey, readout->stored[0]);
  readout->has_modality = readout->modality != readout->stored[0] || picture->grey->unit[0] != '\0';
  g_strlcpy (readout->unit, picture->grey->unit, sizeof readout->unit);
}

static void
read_pixel (DinoscopeReadout *readout, DinoscopeStudy *study, double x, double y)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  gsize                      index;

  if (!(x >= 0 && y >= 0 && x < picture->width && y < picture->height))
    return;
  readout->has_pixel = TRUE;
  readout->x = (int) x;
  readout->y = (int) y;
  readout->channels = (guint) picture->channels;
  index = ((gsize) readout->y * (gsize) picture->width + (gsize) readout->x) * (gsize) picture->channels;
  for (guint i = 0; i < readout->channels; i++)
    readout->stored[i] = (picture->samples16 != NULL ? picture->samples16[index + i] : picture->samples8[index + i]) + picture->stored_offset;
  read_modality (readout, picture);
}

static double
percentile (const struct dino_map *map, guint channel, float value)
{
  gsize cells = (gsize) map->width * (gsize) map->height;
  gsize valid = 0, below = 0;

  for (gsize i = 0; i < cells; i++)
    {
      if (map->valid != NULL && !map->valid[i])
        continue;
      valid++;
      if (map->values[i * (gsize) map->channels + channel] <= value)
        below++;
    }
  return valid > 0 ? 100.0 * (double) below / (double) valid : 0;
}

static void
read_map (DinoscopeReadout *readout, DinoscopeMap *map)
{
  const struct dino_map *core = dinoscope_map_get_core (map);
  gsize                  cell;

  /* A map of another picture or model may still be there. */
  if (readout->row >= (guint) core->height || readout->column >= (guint) core->width)
    return;
  cell = (gsize) readout->row * (gsize) core->width + readout->column;
  if (core->valid != NULL && !core->valid[cell])
    return;
  readout->n_values = (guint) MIN (core->channels, 3);
  for (guint i = 0; i < readout->n_values; i++)
    {
      float value = core->values[cell * (gsize) core->channels + i];

      readout->values[i] = (double) value;
      readout->percentiles[i] = percentile (core, i, value);
    }
}

static void
read_numbers (DinoscopeReadout *readout, DinoscopePatchNumbers *numbers)
{
  readout->has_norm = dinoscope_patch_numbers_norm (numbers, readout->row, readout->column, &readout->norm);
  readout->has_cosine = dinoscope_patch_numbers_cosine (numbers, readout->row, readout->column, &readout->cosine);
  readout->has_attention = dinoscope_patch_numbers_attention (numbers, readout->row, readout->column, &readout->attention, &readout->attention_rank);
}

void
dinoscope_readout_at_point (DinoscopeReadout *readout, DinoscopeStudy *study, const struct dino_geometry *geometry, DinoscopeMap *map, DinoscopePatchNumbers *numbers, double x, double y)
{
  int row, column;

  memset (readout, 0, sizeof *readout);
  read_pixel (readout, study, x, y);
  if (geometry == NULL || !dino_geometry_patch_at (geometry, x, y, &row, &column))
    return;
  readout->has_patch = TRUE;
  readout->row = (guint) row;
  readout->column = (guint) column;
  readout->box = dino_geometry_patch (geometry, row, column);
  if (map != NULL)
    read_map (readout, map);
  if (numbers != NULL)
    read_numbers (readout, numbers);
}

void
dinoscope_readout_at_patch (DinoscopeReadout *readout, DinoscopeStudy *study, const struct dino_geometry *geometry, DinoscopeMap *map, DinoscopePatchNumbers *numbers, int row, int column)
{
  struct dino_box box = dino_geometry_patch (geometry, row, column);

  dinoscope_readout_at_point (readout, study, geometry, map, numbers, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
}

void
dinoscope_readout_at_cell (DinoscopeReadout *readout, DinoscopeMap *map, int cell)
{
  const struct dino_map *core = dinoscope_map_get_core (map);

  memset (readout, 0, sizeof *readout);
  if (core->channels != 1 || cell < 0 || cell >= core->n_cells)
    return;
  readout->has_cell = TRUE;
  g_strlcpy (readout->cell, core->cells[cell].label, sizeof readout->cell);
  readout->n_values = 1;
  readout->values[0] = (double) core->cells[cell].value;
  readout->percentiles[0] = percentile (core, 0, core->cells[cell].value);
}

char *
dinoscope_readout_describe_pixel (const DinoscopeReadout *readout)
{
  return readout->has_pixel ? g_strdup_printf (_ ("x %d y %d px"), readout->x, readout->y) : g_strdup ("");
}

char *
dinoscope_readout_describe_stored (const DinoscopeReadout *readout)
{
  if (!readout->has_pixel)
    return g_strdup ("");
  if (readout->is_padding)
    return g_strdup_printf (_ ("stored %d (padding)"), readout->stored[0]);
  if (readout->has_modality)
    {
      g_autofree char *value = dinoscope_format_value (readout->modality);

      return g_strdup_printf (_ ("stored %d, %s %s"), readout->stored[0], value, readout->unit[0] != '\0' ? readout->unit : _ ("after the modality step"));
    }
  if (readout->channels == 1)
    return g_strdup_printf (_ ("stored %d"), readout->stored[0]);
  return g_strdup_printf (_ ("stored %d, %d, %d"), readout->stored[0], readout->stored[1], readout->stored[2]);
}

char *
dinoscope_readout_describe_patch (const DinoscopeReadout *readout)
{
  if (readout->has_cell)
    return g_strdup_printf (_ ("%s token, of no patch"), readout->cell);
  if (readout->has_patch)
    return g_strdup_printf (_ ("patch row %u column %u"), readout->row, readout->column);
  return g_strdup (readout->has_pixel ? _ ("not seen by the model") : "");
}

/* The short name: "PC1" of "PC1 21.0 %". */
static char *
dup_value_name (const struct dino_map *core, guint channel)
{
  if (core->channels > 1)
    return g_strndup (core->component_names[channel], strcspn (core->component_names[channel], " "));
  return g_strdup (core->unit[0] != '\0' ? core->unit : _ ("value"));
}

char *
dinoscope_readout_describe_values (const DinoscopeReadout *readout, DinoscopeMap *map)
{
  g_autoptr (GString)    text = g_string_new (NULL);
  const struct dino_map *core = map != NULL ? dinoscope_map_get_core (map) : NULL;

  if (core == NULL)
    return g_strdup ("");
  for (guint i = 0; i < readout->n_values; i++)
    {
      g_autofree char *number = dinoscope_format_value (readout->values[i]);
      g_autofree char *name = dup_value_name (core, i);

      g_string_append_printf (text, "%s%s %s", i > 0 ? "  " : "", name, number);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
dinoscope_readout_describe_percentiles (const DinoscopeReadout *readout)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (readout->n_values == 0)
    return g_strdup ("");
  g_string_append (text, _ ("percentile"));
  for (guint i = 0; i < readout->n_values; i++)
    g_string_append_printf (text, "%s %.0f", i > 0 ? "," : "", readout->percentiles[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
dinoscope_readout_describe_norm (const DinoscopeReadout *readout)
{
  return readout->has_norm ? g_strdup_printf (_ ("norm %.1f"), readout->norm) : g_strdup ("");
}

char *
dinoscope_readout_describe_cosine (const DinoscopeReadout *readout)
{
  if (!readout->has_cosine)
    return g_strdup ("");
  return g_strdup_printf (_ ("cos %s%.2f"), readout->cosine < 0 ? "\u2212" : "", fabs (readout->cosine));
}

char *
dinoscope_readout_describe_attention (const DinoscopeReadout *readout)
{
  return readout->has_attention ? g_strdup_printf (_ ("CLS %.3g (rank %u)"), readout->attention, readout->attention_rank) : g_strdup ("");
}

char *
dinoscope_readout_describe_box (const DinoscopeReadout *readout)
{
  if (!readout->has_patch)
    return g_strdup ("");
  return g_strdup_printf (_ ("box %.0f–%.0f, %.0f–%.0f px"), readout->box.x0, readout->box.x1, readout->box.y0, readout->box.y1);
}
