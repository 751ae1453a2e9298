/* DinoscopePage: numbers under the pointer and at a patch. */
#include <adwaita.h>

#include "app/dinoscope-page-private.h"
#include "core/maps/attention-maps.h"

/* As this page's own model has it. */
static GVariant *
dup_value (DinoscopePage *self, const char *name)
{
  g_autoptr (GVariant) values = dinoscope_page_dup_values (self);

  return values != NULL ? g_variant_lookup_value (values, name, NULL) : NULL;
}

static int
find_block (DinoscopePage *self)
{
  g_autoptr (GVariant) block = dup_value (self, "block");

  return block != NULL && g_variant_is_of_type (block, G_VARIANT_TYPE_INT32) ? g_variant_get_int32 (block) : -1;
}

/* As the overlays read their parameter "head"; one that asks about something else
 * than the heads' mean, maximum or number has the mean here. */
static int
find_head (DinoscopePage *self)
{
  g_autoptr (GVariant) head = dup_value (self, "head");
  const char          *text = head != NULL && g_variant_is_of_type (head, G_VARIANT_TYPE_STRING) ? g_variant_get_string (head, NULL) : "mean";

  if (g_str_equal (text, "max"))
    return DINO_HEAD_MAX;
  return g_ascii_isdigit (text[0]) ? (int) g_ascii_strtoll (text, NULL, 10) : DINO_HEAD_MEAN;
}

DinoscopePatchNumbers *
dinoscope_page_get_numbers (DinoscopePage *self)
{
  guint          n_pins;
  DinoscopePatch pin;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  n_pins = dinoscope_marks_get_n_pins (self->marks);
  if (n_pins > 0)
    pin = dinoscope_marks_get_pin (self->marks, n_pins - 1);
  dinoscope_patch_numbers_ask (self->numbers, self->concealed ? NULL : self->features, find_block (self), find_head (self), n_pins > 0 ? &pin : NULL);
  return self->numbers;
}

/* Cells beside the map lie over the picture where there is no room. */
static gboolean
read_cell (DinoscopePage *self, DinoscopeReadout *readout)
{
  DinoscopeMap *map = dinoscope_page_get_map (self);
  double        x, y;
  int           cell;

  if (map == NULL)
    return FALSE;
  dinoscope_canvas_picture_to_widget (self->canvas, self->pointer_x, self->pointer_y, &x, &y);
  cell = dinoscope_canvas_find_cell (self->canvas, x, y);
  if (cell < 0)
    return FALSE;
  dinoscope_readout_at_cell (readout, map, cell);
  return readout->has_cell;
}

gboolean
dinoscope_page_get_readout (DinoscopePage *self, DinoscopeReadout *readout)
{
  DinoscopePatch cursor;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  if (self->study == NULL)
    return FALSE;
  if (!self->pointer_inside)
    return dinoscope_marks_get_cursor (self->marks, &cursor) && dinoscope_page_get_patch_readout (self, cursor.row, cursor.column, readout);
  if (read_cell (self, readout))
    return TRUE;
  dinoscope_readout_at_point (readout, self->study, dinoscope_page_get_geometry (self), dinoscope_page_get_map (self), dinoscope_page_get_numbers (self), self->pointer_x, self->pointer_y);
  return TRUE;
}

gboolean
dinoscope_page_get_patch_readout (DinoscopePage *self, int row, int column, DinoscopeReadout *readout)
{
  const struct dino_geometry *geometry;

  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), FALSE);

  geometry = dinoscope_page_get_geometry (self);
  if (self->study == NULL || geometry == NULL || row < 0 || column < 0 || row >= geometry->rows || column >= geometry->columns)
    return FALSE;
  dinoscope_readout_at_patch (readout, self->study, geometry, dinoscope_page_get_map (self), dinoscope_page_get_numbers (self), row, column);
  return TRUE;
}
