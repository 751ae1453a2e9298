/* DinoscopePage: the patches that somebody asks about, and the overlays that follow them. */
#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "app/dinoscope-board.h"
#include "app/dinoscope-page-private.h"
#include "core/maps/similar.h"

/* Similar patches that are told, and how far they lie from each other. */
#define N_SIMILAR 10
#define SIMILAR_DISTANCE 2

static gboolean
find_value (DinoscopePage *self, const char *name, int *value)
{
  g_autoptr (GVariant) found = dinoscope_overlay_settings_dup_value (self->settings, name);

  if (found == NULL || !g_variant_is_of_type (found, G_VARIANT_TYPE_INT32))
    return FALSE;
  *value = g_variant_get_int32 (found);
  return TRUE;
}

static gboolean
find_place (DinoscopePage *self, DinoscopePatch *place)
{
  return find_value (self, "row", &place->row) && find_value (self, "column", &place->column);
}

/* Of several pages beside each other the overlay is about the current one's marks. */
static gboolean
leads (DinoscopePage *self)
{
  DinoscopeBoard *board = dinoscope_board_of (self);

  return self->active && self->settings != NULL && (board == NULL || dinoscope_board_get_current (board) == self);
}

static gboolean
wants_pins (DinoscopePage *self)
{
  DinoscopeParameter *parameter = dinoscope_overlay_settings_find_parameter (self->settings, "pins");

  return parameter != NULL && dinoscope_parameter_get_parameter_type (parameter) == DINOSCOPE_PARAMETER_PATCHES;
}

/* All at once: each change of the settings is answered by take_marks(), which
 * must not find one of the marks there and another one not yet. */
static void
give_marks (DinoscopePage *self)
{
  g_auto (GVariantDict) values = G_VARIANT_DICT_INIT (NULL);
  g_autoptr (GVariant)  pins = dinoscope_marks_dup_pins (self->marks);
  g_autoptr (GVariant)  variant = NULL;
  DinoscopePatch        cursor, place;

  if (!leads (self))
    return;
  if (find_place (self, &place) && dinoscope_marks_get_cursor (self->marks, &cursor))
    {
      g_variant_dict_insert (&values, "row", "i", cursor.row);
      g_variant_dict_insert (&values, "column", "i", cursor.column);
    }
  if (wants_pins (self))
    g_variant_dict_insert_value (&values, "pins", pins);
  variant = g_variant_ref_sink (g_variant_dict_end (&values));
  dinoscope_overlay_settings_set_values (self->settings, variant);
}

/* What was set in the panel or read from a file, or is an overlay's first place,
 * moves cursor and pins; beyond the edge it stays at the edge or goes, and the
 * panel says so. */
static void
take_marks (DinoscopePage *self)
{
  g_autoptr (GVariant) pins = NULL;
  DinoscopePatch       place;
  int                  rows, columns;

  dinoscope_marks_get_grid (self->marks, &rows, &columns);
  if (rows == 0 || columns == 0 || !leads (self))
    return;
  if (wants_pins (self))
    pins = dinoscope_overlay_settings_dup_value (self->settings, "pins");
  if (find_place (self, &place))
    dinoscope_marks_set_cursor (self->marks, CLAMP (place.row, 0, rows - 1), CLAMP (place.column, 0, columns - 1));
  if (pins != NULL)
    dinoscope_marks_set_pins (self->marks, pins);
  give_marks (self);
}

/* Marks outlive a change of overlay: the new one is asked about them. */
static void
list_changed_cb (DinoscopePage *self)
{
  give_marks (self);
}

static void
marks_changed_cb (DinoscopePage *self)
{
  give_marks (self);
  dinoscope_history_note (self->history);
  dinoscope_page_readout_changed (self);
}

static void
patch_selected_cb (DinoscopePage *self, int row, int column)
{
  dinoscope_marks_set_cursor (self->marks, row, column);
}

/* The block shown, else the last one that is there. */
static int
similarity_block (DinoscopePage *self)
{
  int block;
  int last = (int) dinoscope_features_get_blocks_done (self->features) - 1;

  return find_value (self, "block", &block) ? MIN (block, last) : last;
}

static gboolean
compute_similar (DinoscopePage *self, DinoscopePatch query, struct dino_error *failure)
{
  g_autofree float     *cosines = dinoscope_patch_cosines (self->features, similarity_block (self), query, failure);
  struct dino_similar   found[N_SIMILAR];
  DinoscopeSimilarPatch patches[N_SIMILAR];
  int                   rows = (int) dinoscope_features_get_rows (self->features);
  int                   columns = (int) dinoscope_features_get_columns (self->features);
  size_t                n;

  if (cosines == NULL)
    return FALSE;
  n = dino_similar_patches (cosines, rows, columns, query.row, query.column, SIMILAR_DISTANCE, N_SIMILAR, found);
  for (size_t i = 0; i < n; i++)
    patches[i] = (DinoscopeSimilarPatch){ { found[i].row, found[i].column }, (double) found[i].value };
  dinoscope_marks_set_similar (self->marks, query, patches, (guint) n);
  self->similar_serial = dinoscope_patch_numbers_get_serial (dinoscope_page_get_numbers (self));
  return TRUE;
}

/* They are those of the block shown, also when it is another, or the picture was
 * prepared otherwise. */
static void
follow_block (DinoscopePage *self)
{
  struct dino_error failure = { 0 };

  if (self->features == NULL || dinoscope_features_get_blocks_done (self->features) == 0 || dinoscope_marks_get_n_similar (self->marks) == 0)
    return;
  if (self->similar_serial != dinoscope_patch_numbers_get_serial (dinoscope_page_get_numbers (self)))
    compute_similar (self, dinoscope_marks_get_query (self->marks), &failure);
}

static GVariant *
save_marks (gpointer object)
{
  return dinoscope_marks_dup_state (object);
}

static void
restore_marks (gpointer object, GVariant *state)
{
  dinoscope_marks_restore (object, state);
}

void
dinoscope_page_marks_init (DinoscopePage *self)
{
  static const DinoscopeMovement movements[] = { { "cursor", "cursor" }, { NULL, NULL } };

  self->marks = dinoscope_marks_new ();
  dinoscope_canvas_set_marks (self->canvas, self->marks);
  dinoscope_history_add_source (self->history, "marks", self->marks, save_marks, restore_marks, movements);
  g_signal_connect_object (self->canvas, "patch-selected", G_CALLBACK (patch_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->marks, "cursor-changed", G_CALLBACK (marks_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->marks, "pins-changed", G_CALLBACK (marks_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "readout-changed", G_CALLBACK (follow_block), NULL);
  g_signal_group_connect_swapped (self->settings_signals, "list-changed", G_CALLBACK (list_changed_cb), self);
  g_signal_group_connect_swapped (self->settings_signals, "map-changed", G_CALLBACK (take_marks), self);
}

/* The grid is known, or another one. */
void
dinoscope_page_update_marks (DinoscopePage *self)
{
  dinoscope_marks_set_grid (self->marks, self->has_geometry ? self->geometry.rows : 0, self->has_geometry ? self->geometry.columns : 0);
  give_marks (self);
  take_marks (self);
}

DinoscopeMarks *
dinoscope_page_get_marks (DinoscopePage *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (self), NULL);

  return self->marks;
}

void
dinoscope_page_find_similar (DinoscopePage *self)
{
  struct dino_error failure = { 0 };
  DinoscopePatch    cursor, query;

  g_return_if_fail (DINOSCOPE_IS_PAGE (self));

  if (self->features == NULL || dinoscope_features_get_blocks_done (self->features) == 0 || !dinoscope_marks_get_cursor (self->marks, &cursor))
    {
      dinoscope_page_tell (self, _ ("Choose a patch first, with a click or the arrow keys."));
      return;
    }
  query = dinoscope_marks_get_query (self->marks);
  if (dinoscope_marks_get_n_similar (self->marks) > 0 && query.row == cursor.row && query.column == cursor.column)
    dinoscope_marks_set_similar (self->marks, cursor, NULL, 0);
  else if (!compute_similar (self, cursor, &failure))
    dinoscope_page_tell (self, failure.message);
}
