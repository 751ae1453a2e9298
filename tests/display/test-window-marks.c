/* Patch cursor, pins, similar patches and their numbers, in the window. */
#include "window-fixture.h"

#include <math.h>
#include <string.h>

#include "app/dinoscope-facts.h"
#include "app/dinoscope-page-private.h"
#include "app/dinoscope-parameter-row.h"
#include "app/dinoscope-patch-group.h"
#include "app/dinoscope-strongest-group.h"
#include "app/dinoscope-strongest-patches.h"

static DinoscopeMarks *
get_marks (WindowFixture *fixture)
{
  return dinoscope_page_get_marks (dinoscope_window_get_page (fixture->window));
}

static DinoscopeOverlaySettings *
get_settings (WindowFixture *fixture)
{
  return dinoscope_window_get_settings (fixture->window);
}

static void
choose_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  g_assert_nonnull (provider);
  dinoscope_overlay_settings_set_provider (get_settings (fixture), provider);
  window_fixture_wait (fixture, window_has_map);
}

static void
assert_value (WindowFixture *fixture, const char *name, const char *expected)
{
  g_autoptr (GVariant) value = dinoscope_overlay_settings_dup_value (get_settings (fixture), name);
  g_autofree char     *text = value != NULL ? g_variant_print (value, FALSE) : g_strdup ("off");

  g_assert_cmpstr (text, ==, expected);
}

static void
assert_cursor (WindowFixture *fixture, int row, int column)
{
  DinoscopePatch cursor;
  int            selected_row = -1, selected_column = -1;

  g_assert_true (dinoscope_marks_get_cursor (get_marks (fixture), &cursor) == (row >= 0));
  g_assert_cmpint (cursor.row, ==, row);
  g_assert_cmpint (cursor.column, ==, column);
  dinoscope_canvas_get_selected_patch (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window)), &selected_row, &selected_column);
  g_assert_cmpint (selected_row, ==, row);
  g_assert_cmpint (selected_column, ==, column);
}

static void
do_on_canvas (WindowFixture *fixture, const char *action)
{
  gtk_widget_activate_action (GTK_WIDGET (dinoscope_page_get_canvas (dinoscope_window_get_page (fixture->window))), action, NULL);
}

/* The canvas and the marks always agree; another picture has none. */
static void
test_cursor (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeCanvas *canvas = dinoscope_page_get_canvas (page);

  assert_cursor (fixture, -1, -1);
  dinoscope_canvas_select_patch (canvas, 5, 7);
  assert_cursor (fixture, 5, 7);
  do_on_canvas (fixture, "view.select-right");
  assert_cursor (fixture, 5, 8);
  dinoscope_marks_set_cursor (get_marks (fixture), 36, 36);
  assert_cursor (fixture, 36, 36);
  do_on_canvas (fixture, "view.pin");
  g_assert_cmpint (dinoscope_marks_find_pin (get_marks (fixture), 36, 36), ==, 0);
  window_fixture_show_example (fixture, "chest-02.png");
  assert_cursor (fixture, -1, -1);
  g_assert_cmpuint (dinoscope_marks_get_n_pins (get_marks (fixture)), ==, 0);
}

/* Overlays that ask about patches follow the marks and lead them; marks outlive a change of overlay. */
static void
test_parameters (WindowFixture *fixture)
{
  window_fixture_show_example (fixture, "chest-01.png");
  choose_overlay (fixture, "similarity");
  /* Without a cursor there is the overlay's own place. */
  assert_cursor (fixture, 18, 18);
  dinoscope_marks_set_cursor (get_marks (fixture), 4, 9);
  assert_value (fixture, "row", "4");
  assert_value (fixture, "column", "9");
  dinoscope_overlay_settings_set_value (get_settings (fixture), "column", g_variant_new_int32 (11));
  assert_cursor (fixture, 4, 11);
  /* Beyond the edge is at the edge. */
  dinoscope_overlay_settings_set_value (get_settings (fixture), "row", g_variant_new_int32 (400));
  assert_cursor (fixture, 36, 11);
  assert_value (fixture, "row", "36");

  do_on_canvas (fixture, "view.pin");
  dinoscope_marks_set_cursor (get_marks (fixture), 20, 21);
  do_on_canvas (fixture, "view.pin");
  assert_value (fixture, "pins", "[(36, 11), (20, 21)]");
  choose_overlay (fixture, "pca");
  assert_cursor (fixture, 20, 21);
  dinoscope_marks_set_cursor (get_marks (fixture), 1, 2);
  do_on_canvas (fixture, "view.pin");
  choose_overlay (fixture, "patch-attention");
  assert_value (fixture, "row", "1");
  assert_value (fixture, "column", "2");
  choose_overlay (fixture, "similarity");
  assert_value (fixture, "pins", "[(36, 11), (20, 21), (1, 2)]");
  assert_value (fixture, "row", "1");
  /* The other way: what an opened file says. */
  dinoscope_overlay_settings_set_value (get_settings (fixture), "pins", g_variant_new_parsed ("[(3, 3), (90, 90)]"));
  g_assert_cmpuint (dinoscope_marks_get_n_pins (get_marks (fixture)), ==, 1);
  assert_value (fixture, "pins", "[(3, 3)]");
  assert_cursor (fixture, 1, 2);
  /* Resetting the view leaves marks. */
  dinoscope_page_reset_view (dinoscope_window_get_page (fixture->window));
  assert_cursor (fixture, 1, 2);
  g_assert_cmpuint (dinoscope_marks_get_n_pins (get_marks (fixture)), ==, 1);
}

static DinoscopeParameterRow *
find_row (WindowFixture *fixture, const char *name)
{
  GtkWidget *row = dinoscope_panel_find_row (fixture->window->panel, name);

  g_assert_nonnull (row);
  return DINOSCOPE_PARAMETER_ROW (row);
}

/* The panel tells of the pins and clears them. */
static void
test_pins_row (WindowFixture *fixture)
{
  DinoscopeParameterRow *row;

  window_fixture_show_example (fixture, "chest-01.png");
  choose_overlay (fixture, "similarity");
  row = find_row (fixture, "pins");
  g_assert_false (gtk_widget_get_sensitive (dinoscope_parameter_row_get_editor (row)));
  dinoscope_marks_toggle_pin (get_marks (fixture), 3, 5);
  dinoscope_marks_toggle_pin (get_marks (fixture), 30, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "2 pins\n1: row 3 column 5\n2: row 30 column 0");
  g_assert_true (gtk_widget_get_sensitive (dinoscope_parameter_row_get_editor (row)));
  g_signal_emit_by_name (dinoscope_parameter_row_get_editor (row), "clicked");
  g_assert_cmpuint (dinoscope_marks_get_n_pins (get_marks (fixture)), ==, 0);
  g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (row)), ==, "None: P pins the patch at the cursor");
}

/* A row of type patch takes the cursor when it is asked to. */
static void
test_patch_row (WindowFixture *fixture)
{
  g_autoptr (DinoscopeMarks)           marks = dinoscope_marks_new ();
  g_autoptr (DinoscopeOverlaySettings) settings = dinoscope_overlay_settings_new ();
  g_autoptr (DinoscopeParameter)       parameter = dinoscope_parameter_new_patch ("from", "From");
  GtkWidget                           *row = g_object_ref_sink (dinoscope_parameter_row_new (parameter, settings));

  dinoscope_marks_set_grid (marks, 5, 5);
  dinoscope_parameter_row_set_marks (DINOSCOPE_PARAMETER_ROW (row), marks);
  g_assert_cmpstr (dinoscope_parameter_row_get_name (DINOSCOPE_PARAMETER_ROW (row)), ==, "from");
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (row)))), ==, "Take the Patch Cursor");
  /* Neither cursor nor overlay: nothing happens. */
  g_signal_emit_by_name (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (row)), "clicked");
  dinoscope_marks_set_cursor (marks, 1, 1);
  g_signal_emit_by_name (dinoscope_parameter_row_get_editor (DINOSCOPE_PARAMETER_ROW (row)), "clicked");
  g_object_unref (row);
}

/* Tokens of the last block after the final LayerNorm, which are the output: cosine in double. */
static double
plain_cosine (DinoscopePage *page, gsize a, gsize b)
{
  g_autoptr (GBytes) patches = dinoscope_features_dup_patches (dinoscope_page_get_features (page));
  const float       *x = (const float *) g_bytes_get_data (patches, NULL) + a * 192;
  const float       *y = (const float *) g_bytes_get_data (patches, NULL) + b * 192;
  double             xy = 0, xx = 0, yy = 0;

  for (int i = 0; i < 192; i++)
    {
      xy += (double) x[i] * (double) y[i];
      xx += (double) x[i] * (double) x[i];
      yy += (double) y[i] * (double) y[i];
    }
  return xy / sqrt (xx * yy);
}

/* Mean of heads, and the rank, of the attention of the CLS token in block. */
static double
plain_attention (DinoscopePage *page, guint block, int head, gsize patch, guint *rank)
{
  g_autoptr (GBytes) bytes = dinoscope_features_dup_cls_attention (dinoscope_page_get_features (page), block);
  const float       *rows = g_bytes_get_data (bytes, NULL);
  int                n_heads = (int) dinoscope_model_get_n_heads (dinoscope_features_get_model (dinoscope_page_get_features (page)));
  double             weights[1369];

  *rank = 1;
  for (gsize i = 0; i < 1369; i++)
    {
      weights[i] = 0;
      for (int h = 0; h < n_heads; h++)
        weights[i] += head < 0 || head == h ? (double) rows[(gsize) h * 1370 + 1 + i] / (head < 0 ? n_heads : 1) : 0;
    }
  for (gsize i = 0; i < 1369; i++)
    *rank += (float) weights[i] > (float) weights[patch];
  return weights[patch];
}

static void
assert_status_has (WindowFixture *fixture, const char *part, gboolean has)
{
  g_autofree char *text = dinoscope_status_line_dup_text (fixture->window->status_line);

  g_assert_true ((strstr (text, part) != NULL) == has);
}

/* The first place from the top left where a cell beside the map is drawn. */
static gboolean
find_cell (DinoscopePage *page, double *x, double *y)
{
  int width = gtk_widget_get_width (GTK_WIDGET (page->canvas)), height = gtk_widget_get_height (GTK_WIDGET (page->canvas));

  for (int row = 0; row < height; row += 4)
    for (int column = 0; column < width; column += 4)
      if (dinoscope_canvas_find_cell (page->canvas, column, row) == 0)
        {
          dinoscope_canvas_widget_to_picture (page->canvas, column, row, x, y);
          return TRUE;
        }
  return FALSE;
}

/* Of the CLS token, which has no place in the picture, the status line tells as of a patch. */
static void
test_cell_numbers (WindowFixture *fixture)
{
  DinoscopePage         *page = window_fixture_show_example (fixture, "chest-01.png");
  const struct dino_map *map;
  g_autofree char       *number = NULL;
  g_autofree char       *value = NULL;
  double                 x, y;

  g_assert_false (find_cell (page, &x, &y));
  choose_overlay (fixture, "patch-attention");
  map = dinoscope_map_get_core (dinoscope_page_get_map (page));
  g_assert_cmpint (map->n_cells, ==, 1);
  number = dinoscope_format_value ((double) map->cells[0].value);
  value = g_strdup_printf ("%s %s", map->unit, number);
  g_assert_true (find_cell (page, &x, &y));
  g_signal_emit_by_name (page->canvas, "pointer-moved", x, y, TRUE);
  assert_status_has (fixture, "CLS token, of no patch", TRUE);
  assert_status_has (fixture, value, TRUE);
  assert_status_has (fixture, "percentile", TRUE);
  assert_status_has (fixture, "patch row", FALSE);
  g_signal_emit_by_name (page->canvas, "pointer-moved", 320.0, 340.0, TRUE);
  assert_status_has (fixture, "CLS token", FALSE);
  assert_status_has (fixture, "patch row", TRUE);
}

static void
test_numbers (WindowFixture *fixture)
{
  DinoscopePage   *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeReadout readout;
  guint            rank;
  double           weight;

  dinoscope_marks_toggle_pin (get_marks (fixture), 1, 1);
  dinoscope_marks_toggle_pin (get_marks (fixture), 20, 30);
  g_assert_true (dinoscope_page_get_patch_readout (page, 18, 10, &readout));
  g_assert_true (readout.has_cosine && readout.has_attention && readout.has_norm);
  g_assert_cmpfloat_with_epsilon (readout.cosine, plain_cosine (page, 20 * 37 + 30, 18 * 37 + 10), 1e-5);
  weight = plain_attention (page, 5, -1, 18 * 37 + 10, &rank);
  g_assert_cmpfloat_with_epsilon (readout.attention, weight, 1e-6 * weight);
  g_assert_cmpuint (readout.attention_rank, ==, rank);

  /* Of the block and the head shown. */
  choose_overlay (fixture, "cls-attention");
  dinoscope_overlay_settings_set_value (get_settings (fixture), "block", g_variant_new_int32 (2));
  dinoscope_overlay_settings_set_value (get_settings (fixture), "head", g_variant_new_string ("1"));
  g_assert_true (dinoscope_page_get_patch_readout (page, 18, 10, &readout));
  weight = plain_attention (page, 2, 1, 18 * 37 + 10, &rank);
  g_assert_cmpfloat_with_epsilon (readout.attention, weight, 1e-6 * weight);
  g_assert_cmpuint (readout.attention_rank, ==, rank);

  /* 640 x 691 pixels become 518 x 559, of which 518 x 518 are seen: patches of 14. */
  g_assert_cmpfloat_with_epsilon (readout.box.x0, 10 * 14 * 640.0 / 518, 1e-9);
  g_assert_cmpfloat_with_epsilon (readout.box.x1, 11 * 14 * 640.0 / 518, 1e-9);
  g_assert_cmpfloat_with_epsilon (readout.box.y0, (20 + 18 * 14) * 691.0 / 559, 1e-9);
  g_assert_cmpfloat_with_epsilon (readout.box.y1, (20 + 19 * 14) * 691.0 / 559, 1e-9);
  dinoscope_marks_set_cursor (get_marks (fixture), 18, 10);
  g_signal_emit_by_name (dinoscope_page_get_canvas (page), "pointer-moved", 0.0, 0.0, FALSE);
  assert_status_has (fixture, " | cos ", TRUE);
  assert_status_has (fixture, "(rank ", TRUE);
  assert_status_has (fixture, " | box ", TRUE);
  dinoscope_marks_clear_pins (get_marks (fixture));
  assert_status_has (fixture, " | cos ", FALSE);
  g_assert_false (dinoscope_page_get_patch_readout (page, 37, 0, &readout));
}

/* The largest cosines, none within two patches of the query or of each other. */
static void
test_similar (WindowFixture *fixture)
{
  DinoscopePage        *page = window_fixture_show_example (fixture, "chest-01.png");
  gboolean              left_out[37][37] = { { FALSE } };
  DinoscopeSimilarPatch first;
  int                   query_row = 15, query_column = 11;

  window_fixture_activate (fixture, "win.find-similar");
  g_assert_cmpuint (dinoscope_marks_get_n_similar (get_marks (fixture)), ==, 0);
  dinoscope_marks_set_cursor (get_marks (fixture), query_row, query_column);
  window_fixture_activate (fixture, "win.find-similar");
  g_assert_cmpuint (dinoscope_marks_get_n_similar (get_marks (fixture)), ==, 10);
  for (guint i = 0; i < 10; i++)
    {
      DinoscopeSimilarPatch found = dinoscope_marks_get_similar (get_marks (fixture), i);
      double                best = -2;

      for (int row = MAX (query_row - 2, 0); row <= MIN (query_row + 2, 36); row++)
        for (int column = MAX (query_column - 2, 0); column <= MIN (query_column + 2, 36); column++)
          left_out[row][column] = TRUE;
      for (int patch = 0; patch < 1369; patch++)
        if (!left_out[patch / 37][patch % 37])
          best = MAX (best, plain_cosine (page, 15 * 37 + 11, (gsize) patch));
      g_assert_false (left_out[found.patch.row][found.patch.column]);
      g_assert_cmpfloat_with_epsilon (found.cosine, best, 1e-5);
      query_row = found.patch.row;
      query_column = found.patch.column;
    }
  /* They follow the block. */
  first = dinoscope_marks_get_similar (get_marks (fixture), 0);
  dinoscope_overlay_settings_set_value (get_settings (fixture), "block", g_variant_new_int32 (0));
  g_assert_cmpfloat (dinoscope_marks_get_similar (get_marks (fixture), 0).cosine, !=, first.cosine);
  dinoscope_overlay_settings_set_value (get_settings (fixture), "block", g_variant_new_int32 (5));
  g_assert_cmpfloat (dinoscope_marks_get_similar (get_marks (fixture), 0).cosine, ==, first.cosine);
  window_fixture_activate (fixture, "win.find-similar");
  g_assert_cmpuint (dinoscope_marks_get_n_similar (get_marks (fixture)), ==, 0);
}

static DinoscopeStrongestGroup *
get_table (WindowFixture *fixture)
{
  return DINOSCOPE_STRONGEST_GROUP (window_fixture_find (GTK_WIDGET (fixture->window->panel), DINOSCOPE_TYPE_STRONGEST_GROUP));
}

static void
unfold (GtkWidget *group)
{
  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (window_fixture_find (group, ADW_TYPE_EXPANDER_ROW)), TRUE);
}

/* Rows are made a few at a time. */
static void
wait_for_rows (DinoscopeStrongestGroup *table)
{
  while (g_list_model_get_n_items (dinoscope_strongest_group_get_patches (table)) < 50)
    g_main_context_iteration (NULL, TRUE);
}

static double
read_number (DinoscopeStrongestGroup *table, guint position, DinoscopeStrongNumber number)
{
  g_autoptr (DinoscopeStrongPatch) patch = g_list_model_get_item (dinoscope_strongest_group_get_patches (table), position);

  return dinoscope_strong_patch_get_number (patch, number);
}

/* All of them against the map itself: each of the 50 is larger than all that are not among them. */
static void
test_table (WindowFixture *fixture)
{
  DinoscopePage           *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeStrongestGroup *table = get_table (fixture);
  const float             *values;
  gboolean                 listed[1369] = { FALSE };
  float                    least = INFINITY;

  choose_overlay (fixture, "norm");
  dinoscope_marks_toggle_pin (get_marks (fixture), 6, 6);
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_strongest_group_get_patches (table)), ==, 0);
  unfold (GTK_WIDGET (table));
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_strongest_group_get_patches (table)), <, 50);
  wait_for_rows (table);
  g_assert_cmpuint (g_list_model_get_n_items (dinoscope_strongest_group_get_patches (table)), ==, 50);
  values = dinoscope_map_get_core (dinoscope_page_get_map (page))->values;
  for (guint i = 0; i < 50; i++)
    {
      gsize patch = (gsize) read_number (table, i, DINOSCOPE_STRONG_ROW) * 37 + (gsize) read_number (table, i, DINOSCOPE_STRONG_COLUMN);
      guint larger = 0;

      for (gsize other = 0; other < 1369; other++)
        larger += values[other] > values[patch];
      g_assert_false (listed[patch]);
      listed[patch] = TRUE;
      least = MIN (least, values[patch]);
      g_assert_cmpfloat (read_number (table, i, DINOSCOPE_STRONG_VALUE), ==, (double) values[patch]);
      g_assert_cmpfloat (read_number (table, i, DINOSCOPE_STRONG_RANK), ==, larger + 1);
      g_assert_cmpfloat_with_epsilon (read_number (table, i, DINOSCOPE_STRONG_PERCENTILE), 100.0 * (1369 - larger) / 1369, 1e-9);
      g_assert_cmpfloat_with_epsilon (read_number (table, i, DINOSCOPE_STRONG_COSINE), plain_cosine (page, 6 * 37 + 6, patch), 1e-5);
      /* The map is of norms: of the last block's tokens. */
      g_assert_cmpfloat_with_epsilon (read_number (table, i, DINOSCOPE_STRONG_NORM), (double) values[patch], 1e-4 * (double) values[patch]);
    }
  for (gsize patch = 0; patch < 1369; patch++)
    g_assert_true (listed[patch] || values[patch] <= least);
}

/* Rows lead the cursor, the cursor leads the rows; sorting and copying. */
static void
test_table_rows (WindowFixture *fixture)
{
  DinoscopePage                  *page = window_fixture_show_example (fixture, "chest-01.png");
  DinoscopeStrongestGroup        *table = get_table (fixture);
  GtkColumnView                  *view;
  GtkSelectionModel              *selection;
  g_autoptr (GtkColumnViewColumn) column = NULL;
  DinoscopePatch                  fifth;
  g_autofree char                *tsv = NULL;
  g_auto (GStrv)                  lines = NULL;
  g_auto (GStrv)                  cells = NULL;

  unfold (GTK_WIDGET (table));
  wait_for_rows (table);
  view = GTK_COLUMN_VIEW (window_fixture_find (GTK_WIDGET (table), GTK_TYPE_COLUMN_VIEW));
  selection = gtk_column_view_get_model (view);
  gtk_selection_model_select_item (selection, 4, TRUE);
  fifth = (DinoscopePatch){ (int) read_number (table, 4, DINOSCOPE_STRONG_ROW), (int) read_number (table, 4, DINOSCOPE_STRONG_COLUMN) };
  assert_cursor (fixture, fifth.row, fifth.column);
  column = g_list_model_get_item (gtk_column_view_get_columns (view), DINOSCOPE_STRONG_COLUMN);
  gtk_column_view_sort_by_column (view, column, GTK_SORT_ASCENDING);
  for (guint i = 1; i < 50; i++)
    g_assert_cmpfloat (read_number (table, i - 1, DINOSCOPE_STRONG_COLUMN), <=, read_number (table, i, DINOSCOPE_STRONG_COLUMN));
  dinoscope_marks_set_cursor (get_marks (fixture), (int) read_number (table, 30, DINOSCOPE_STRONG_ROW), (int) read_number (table, 30, DINOSCOPE_STRONG_COLUMN));
  g_assert_true (gtk_selection_model_is_selected (selection, 30));
  /* A patch that is not in the table. */
  for (int patch = 0; patch < 1369; patch++)
    {
      dinoscope_marks_set_cursor (get_marks (fixture), patch / 37, patch % 37);
      if (gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (selection)) == GTK_INVALID_LIST_POSITION)
        break;
    }
  g_assert_cmpuint (gtk_single_selection_get_selected (GTK_SINGLE_SELECTION (selection)), ==, GTK_INVALID_LIST_POSITION);
  g_assert_false (isnan (read_number (table, 0, DINOSCOPE_STRONG_VALUE)));
  g_assert_true (isnan (read_number (table, 0, DINOSCOPE_STRONG_COSINE)));

  tsv = dinoscope_strong_patches_to_tsv (dinoscope_strongest_group_get_patches (table));
  lines = g_strsplit (tsv, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 52);
  g_assert_cmpstr (lines[0], ==, "Rank\tRow\tCol.\tValue\tPerc.\tCos\tNorm");
  cells = g_strsplit (lines[1], "\t", -1);
  g_assert_cmpuint (g_strv_length (cells), ==, 7);
  g_assert_cmpfloat ((float) g_ascii_strtod (cells[DINOSCOPE_STRONG_VALUE], NULL), ==, (float) read_number (table, 0, DINOSCOPE_STRONG_VALUE));
  g_assert_cmpstr (cells[DINOSCOPE_STRONG_COSINE], ==, "");
  /* Other numbers when the map is another. */
  choose_overlay (fixture, "cls-attention");
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (selection)), ==, 50);
  g_assert_cmpfloat (read_number (table, 0, DINOSCOPE_STRONG_VALUE), <, 1);
  g_assert_nonnull (page);
}

/* The panel's group tells all numbers of the patch, and they can be copied. */
static void
test_group (WindowFixture *fixture)
{
  DinoscopePatchGroup *group;
  g_autofree char     *none = NULL;
  g_autofree char     *text = NULL;

  window_fixture_show_example (fixture, "chest-01.png");
  group = DINOSCOPE_PATCH_GROUP (window_fixture_find (GTK_WIDGET (fixture->window->panel), DINOSCOPE_TYPE_PATCH_GROUP));
  none = dinoscope_patch_group_dup_text (group);
  g_assert_cmpstr (none, ==, "");
  dinoscope_marks_set_cursor (get_marks (fixture), 18, 10);
  dinoscope_marks_toggle_pin (get_marks (fixture), 18, 10);
  text = dinoscope_patch_group_dup_text (group);
  g_assert_true (g_str_has_prefix (text, "Patch\trow 18 column 10\nPixels of the original\tx 173.0 to 190.3;y "));
  g_assert_nonnull (strstr (text, "\nPixel at its centre\tstored "));
  g_assert_nonnull (strstr (text, "\nValue in the map\tPC1 "));
  g_assert_nonnull (strstr (text, "\nAttention of the CLS token\t"));
  g_assert_nonnull (strstr (text, "\nCosine with the last pin\t1.0000\n"));
  g_assert_nonnull (strstr (text, "\nNorm of the token\t"));
}

static void
xdotool (const char *arguments)
{
  g_autofree char   *command = g_strconcat ("xdotool ", arguments, NULL);
  g_autoptr (GError) error = NULL;
  int                status;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static gboolean
is_active (WindowFixture *fixture)
{
  return gtk_window_is_active (GTK_WINDOW (fixture->window));
}

static gboolean
has_cursor (WindowFixture *fixture)
{
  DinoscopePatch cursor;

  return dinoscope_marks_get_cursor (get_marks (fixture), &cursor);
}

static gboolean
has_one_pin (WindowFixture *fixture)
{
  return dinoscope_marks_get_n_pins (get_marks (fixture)) == 1;
}

static gboolean
has_two_pins (WindowFixture *fixture)
{
  return dinoscope_marks_get_n_pins (get_marks (fixture)) == 2;
}

static gboolean
has_no_pin (WindowFixture *fixture)
{
  return dinoscope_marks_get_n_pins (get_marks (fixture)) == 0;
}

static gboolean
has_similar (WindowFixture *fixture)
{
  return dinoscope_marks_get_n_similar (get_marks (fixture)) == 10;
}

static gboolean
has_no_similar (WindowFixture *fixture)
{
  return dinoscope_marks_get_n_similar (get_marks (fixture)) == 0;
}

/* Real keys: arrows, P, S, Shift+P. */
static void
test_keys (WindowFixture *fixture)
{
  g_autofree char *focus = g_strdup_printf ("search --onlyvisible --pid %d windowfocus", (int) getpid ());

  window_fixture_show_example (fixture, "chest-01.png");
  xdotool (focus);
  window_fixture_wait (fixture, is_active);
  xdotool ("key Right");
  window_fixture_wait (fixture, has_cursor);
  xdotool ("key p");
  window_fixture_wait (fixture, has_one_pin);
  xdotool ("key Down p");
  window_fixture_wait (fixture, has_two_pins);
  xdotool ("key p");
  window_fixture_wait (fixture, has_one_pin);
  xdotool ("key s");
  window_fixture_wait (fixture, has_similar);
  xdotool ("key s");
  window_fixture_wait (fixture, has_no_similar);
  xdotool ("key shift+p");
  window_fixture_wait (fixture, has_no_pin);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window/marks/cursor", NULL, test_cursor);
  window_fixture_add ("/window/marks/parameters", NULL, test_parameters);
  window_fixture_add ("/window/marks/pins-row", NULL, test_pins_row);
  window_fixture_add ("/window/marks/patch-row", NULL, test_patch_row);
  window_fixture_add ("/window/marks/numbers", NULL, test_numbers);
  window_fixture_add ("/window/marks/cell-numbers", NULL, test_cell_numbers);
  window_fixture_add ("/window/marks/similar", NULL, test_similar);
  window_fixture_add ("/window/marks/table", NULL, test_table);
  window_fixture_add ("/window/marks/table-rows", NULL, test_table_rows);
  window_fixture_add ("/window/marks/group", NULL, test_group);
  window_fixture_add ("/window/marks/keys", NULL, test_keys);
  return g_test_run ();
}
