#include "app/dinoscope-marks.h"

#include <glib/gi18n-lib.h>

struct _DinoscopeMarks
{
  GObject parent_instance;

  int            rows, columns;
  DinoscopePatch cursor; /* row -1: none */
  GArray        *pins;   /* of DinoscopePatch */
  DinoscopePatch query;
  GArray        *similar; /* of DinoscopeSimilarPatch */
};

enum
{
  SIGNAL_CURSOR_CHANGED,
  SIGNAL_PINS_CHANGED,
  SIGNAL_SIMILAR_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const DinoscopePatch nowhere = { -1, -1 };

G_DEFINE_FINAL_TYPE (DinoscopeMarks, dinoscope_marks, G_TYPE_OBJECT)

static gboolean
is_inside (DinoscopeMarks *self, int row, int column)
{
  return row >= 0 && column >= 0 && row < self->rows && column < self->columns;
}

static void
emit (DinoscopeMarks *self, int signal)
{
  g_signal_emit (self, signals[signal], 0);
}

static void
dinoscope_marks_finalize (GObject *object)
{
  DinoscopeMarks *self = DINOSCOPE_MARKS (object);

  g_array_unref (self->pins);
  g_array_unref (self->similar);

  G_OBJECT_CLASS (dinoscope_marks_parent_class)->finalize (object);
}

static void
dinoscope_marks_class_init (DinoscopeMarksClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = dinoscope_marks_finalize;
  signals[SIGNAL_CURSOR_CHANGED] = g_signal_new ("cursor-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_PINS_CHANGED] = g_signal_new ("pins-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_SIMILAR_CHANGED] = g_signal_new ("similar-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
dinoscope_marks_init (DinoscopeMarks *self)
{
  self->cursor = nowhere;
  self->query = nowhere;
  self->pins = g_array_new (FALSE, FALSE, sizeof (DinoscopePatch));
  self->similar = g_array_new (FALSE, FALSE, sizeof (DinoscopeSimilarPatch));
}

char *
dinoscope_patch_describe (DinoscopePatch patch)
{
  return g_strdup_printf (_ ("row %d column %d"), patch.row, patch.column);
}

DinoscopeMarks *
dinoscope_marks_new (void)
{
  return g_object_new (DINOSCOPE_TYPE_MARKS, NULL);
}

static gboolean
remove_outside (DinoscopeMarks *self)
{
  guint before = self->pins->len;

  for (guint i = self->pins->len; i > 0; i--)
    {
      DinoscopePatch pin = dinoscope_marks_get_pin (self, i - 1);

      if (!is_inside (self, pin.row, pin.column))
        g_array_remove_index (self->pins, i - 1);
    }
  return self->pins->len != before;
}

void
dinoscope_marks_set_grid (DinoscopeMarks *self, int rows, int columns)
{
  g_return_if_fail (DINOSCOPE_IS_MARKS (self));
  g_return_if_fail (rows >= 0 && columns >= 0);

  if (self->rows == rows && self->columns == columns)
    return;
  self->rows = rows;
  self->columns = columns;
  dinoscope_marks_set_similar (self, nowhere, NULL, 0);
  if (remove_outside (self))
    emit (self, SIGNAL_PINS_CHANGED);
  dinoscope_marks_set_cursor (self, self->cursor.row, self->cursor.column);
}

void
dinoscope_marks_get_grid (DinoscopeMarks *self, int *rows, int *columns)
{
  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  *rows = self->rows;
  *columns = self->columns;
}

void
dinoscope_marks_clear (DinoscopeMarks *self)
{
  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  dinoscope_marks_set_similar (self, nowhere, NULL, 0);
  dinoscope_marks_clear_pins (self);
  dinoscope_marks_set_cursor (self, -1, -1);
}

gboolean
dinoscope_marks_get_cursor (DinoscopeMarks *self, DinoscopePatch *patch)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), FALSE);

  *patch = self->cursor;
  return self->cursor.row >= 0;
}

void
dinoscope_marks_set_cursor (DinoscopeMarks *self, int row, int column)
{
  DinoscopePatch cursor;

  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  cursor = is_inside (self, row, column) ? (DinoscopePatch){ row, column } : nowhere;
  if (cursor.row == self->cursor.row && cursor.column == self->cursor.column)
    return;
  self->cursor = cursor;
  emit (self, SIGNAL_CURSOR_CHANGED);
}

guint
dinoscope_marks_get_n_pins (DinoscopeMarks *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), 0);

  return self->pins->len;
}

DinoscopePatch
dinoscope_marks_get_pin (DinoscopeMarks *self, guint index)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), nowhere);
  g_return_val_if_fail (index < self->pins->len, nowhere);

  return g_array_index (self->pins, DinoscopePatch, index);
}

int
dinoscope_marks_find_pin (DinoscopeMarks *self, int row, int column)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), -1);

  for (guint i = 0; i < self->pins->len; i++)
    {
      DinoscopePatch pin = g_array_index (self->pins, DinoscopePatch, i);

      if (pin.row == row && pin.column == column)
        return (int) i;
    }
  return -1;
}

void
dinoscope_marks_toggle_pin (DinoscopeMarks *self, int row, int column)
{
  const DinoscopePatch pin = { row, column };
  int                  index;

  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  if (!is_inside (self, row, column))
    return;
  index = dinoscope_marks_find_pin (self, row, column);
  if (index >= 0)
    g_array_remove_index (self->pins, (guint) index);
  else
    g_array_append_val (self->pins, pin);
  emit (self, SIGNAL_PINS_CHANGED);
}

void
dinoscope_marks_clear_pins (DinoscopeMarks *self)
{
  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  if (self->pins->len == 0)
    return;
  g_array_set_size (self->pins, 0);
  emit (self, SIGNAL_PINS_CHANGED);
}

GVariant *
dinoscope_marks_dup_pins (DinoscopeMarks *self)
{
  g_auto (GVariantBuilder) pins = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ii)"));

  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), NULL);

  for (guint i = 0; i < self->pins->len; i++)
    {
      DinoscopePatch pin = g_array_index (self->pins, DinoscopePatch, i);

      g_variant_builder_add (&pins, "(ii)", pin.row, pin.column);
    }
  return g_variant_ref_sink (g_variant_builder_end (&pins));
}

void
dinoscope_marks_set_pins (DinoscopeMarks *self, GVariant *pins)
{
  g_autoptr (GVariant) before = NULL;
  g_autoptr (GVariant) after = NULL;
  GVariantIter         iter;
  DinoscopePatch       pin;

  g_return_if_fail (DINOSCOPE_IS_MARKS (self));
  g_return_if_fail (g_variant_is_of_type (pins, G_VARIANT_TYPE ("a(ii)")));

  before = dinoscope_marks_dup_pins (self);
  g_array_set_size (self->pins, 0);
  g_variant_iter_init (&iter, pins);
  while (g_variant_iter_next (&iter, "(ii)", &pin.row, &pin.column))
    if (is_inside (self, pin.row, pin.column) && dinoscope_marks_find_pin (self, pin.row, pin.column) < 0)
      g_array_append_val (self->pins, pin);
  after = dinoscope_marks_dup_pins (self);
  if (!g_variant_equal (before, after))
    emit (self, SIGNAL_PINS_CHANGED);
}

void
dinoscope_marks_set_similar (DinoscopeMarks *self, DinoscopePatch query, const DinoscopeSimilarPatch *patches, guint n)
{
  g_return_if_fail (DINOSCOPE_IS_MARKS (self));

  if (n == 0 && self->similar->len == 0)
    return;
  self->query = query;
  g_array_set_size (self->similar, 0);
  if (n > 0)
    g_array_append_vals (self->similar, patches, n);
  emit (self, SIGNAL_SIMILAR_CHANGED);
}

guint
dinoscope_marks_get_n_similar (DinoscopeMarks *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), 0);

  return self->similar->len;
}

DinoscopeSimilarPatch
dinoscope_marks_get_similar (DinoscopeMarks *self, guint index)
{
  const DinoscopeSimilarPatch none = { nowhere, 0 };

  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), none);
  g_return_val_if_fail (index < self->similar->len, none);

  return g_array_index (self->similar, DinoscopeSimilarPatch, index);
}

DinoscopePatch
dinoscope_marks_get_query (DinoscopeMarks *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), nowhere);

  return self->query;
}

GVariant *
dinoscope_marks_dup_state (DinoscopeMarks *self)
{
  g_auto (GVariantDict) dict = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant)  pins = NULL;

  g_return_val_if_fail (DINOSCOPE_IS_MARKS (self), NULL);

  pins = dinoscope_marks_dup_pins (self);
  if (self->cursor.row >= 0)
    g_variant_dict_insert (&dict, "cursor", "(ii)", self->cursor.row, self->cursor.column);
  g_variant_dict_insert_value (&dict, "pins", pins);
  return g_variant_ref_sink (g_variant_dict_end (&dict));
}

void
dinoscope_marks_restore (DinoscopeMarks *self, GVariant *state)
{
  g_autoptr (GVariant) pins = NULL;
  DinoscopePatch       cursor = nowhere;

  g_return_if_fail (DINOSCOPE_IS_MARKS (self));
  g_return_if_fail (g_variant_is_of_type (state, G_VARIANT_TYPE_VARDICT));

  pins = g_variant_lookup_value (state, "pins", G_VARIANT_TYPE ("a(ii)"));
  if (pins != NULL)
    dinoscope_marks_set_pins (self, pins);
  g_variant_lookup (state, "cursor", "(ii)", &cursor.row, &cursor.column);
  dinoscope_marks_set_cursor (self, cursor.row, cursor.column);
}
