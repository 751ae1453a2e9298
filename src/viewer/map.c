#include "viewer/map.h"

/* Larger than any grid of patches. */
#define MAX_SIDE 4096

static gboolean
is_whole (const Map *self)
{
  return self->rows > 0 && self->rows <= MAX_SIDE && self->columns > 0 && self->columns <= MAX_SIDE && self->cells != NULL &&
         g_bytes_get_size (self->cells) == (gsize) 4 * (gsize) self->rows * (gsize) self->columns && self->box.x1 > self->box.x0 && self->box.y1 > self->box.y0;
}

static GBytes *
lookup_bytes (GVariantDict *answer, const char *key)
{
  g_autoptr (GVariant) value = g_variant_dict_lookup_value (answer, key, G_VARIANT_TYPE_BYTESTRING);

  return value != NULL ? g_variant_get_data_as_bytes (value) : NULL;
}

static char *
lookup_text (GVariantDict *answer, const char *key)
{
  const char *text = "";

  g_variant_dict_lookup (answer, key, "&s", &text);
  return g_strdup (text);
}

Map *
map_new (GVariant *answer)
{
  Map         *self = g_new0 (Map, 1);
  GVariantDict values;

  g_variant_dict_init (&values, answer);
  g_variant_dict_lookup (&values, "rows", "i", &self->rows);
  g_variant_dict_lookup (&values, "columns", "i", &self->columns);
  g_variant_dict_lookup (&values, "box", "(dddd)", &self->box.x0, &self->box.y0, &self->box.x1, &self->box.y1);
  g_variant_dict_lookup (&values, "low", "d", &self->low);
  g_variant_dict_lookup (&values, "high", "d", &self->high);
  self->cells = lookup_bytes (&values, "cells");
  self->ramp = lookup_bytes (&values, "ramp");
  self->title = lookup_text (&values, "title");
  self->legend = lookup_text (&values, "legend");
  self->unit = lookup_text (&values, "unit");
  g_variant_dict_clear (&values);
  if (is_whole (self))
    return self;
  map_free (self);
  return NULL;
}

void
map_free (Map *self)
{
  g_clear_pointer (&self->cells, g_bytes_unref);
  g_clear_pointer (&self->ramp, g_bytes_unref);
  g_free (self->title);
  g_free (self->legend);
  g_free (self->unit);
  g_free (self);
}

struct rectangle
map_cell (const Map *self, int row, int column)
{
  double width = (self->box.x1 - self->box.x0) / self->columns;
  double height = (self->box.y1 - self->box.y0) / self->rows;

  return (struct rectangle){
    self->box.x0 + column * width,
    self->box.y0 + row * height,
    self->box.x0 + (column + 1) * width,
    self->box.y0 + (row + 1) * height,
  };
}
