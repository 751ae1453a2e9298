/* Films of an index beside the one shown: the list, who is left out, what is
 * refused, comparing, reports, patches. */
#include "window-fixture.h"

#include <string.h>

#include "app/dinoscope-neighbor-row.h"
#include "app/dinoscope-page-private.h"
#include "core/base/random.h"
#include "engine/dinoscope-study-internal.h"
#include "io/index-write.h"
#include "io/npy.h"
#include "io/preparation-json.h"

#define N_COPIES 3

static const char *const films[N_COPIES] = { "chest-01.png", "chest-02.png", "chest-03.png" };

static DinoscopeNeighborPane *
pane_of (WindowFixture *fixture)
{
  return fixture->window->neighbor_pane;
}

static GListModel *
list_of (WindowFixture *fixture)
{
  return dinoscope_neighbor_pane_get_list (pane_of (fixture));
}

static void
put_text (WindowFixture *fixture, const char *name, const char *text)
{
  g_object_unref (window_fixture_write (fixture, name, text, strlen (text)));
}

static void
put_matrix (WindowFixture *fixture, const char *name, const float *values, const gsize *shape, int rank)
{
  g_autoptr (GFile)   file = window_fixture_child (fixture, name);
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (g_file_peek_path (file), &error);

  g_assert_true (dino_npy_write (output, values, shape, rank, false, &error));
  g_assert_true (dino_output_commit (output, &error));
}

/* Rows of tokens: those of the film shown, then with ever more noise. */
static void
put_noisy (WindowFixture *fixture, const char *name, const float *tokens, gsize n_tokens, gsize n)
{
  const gsize        width = dinoscope_model_get_n_channels (dinoscope_session_get_model (fixture->window->session));
  const gsize        shape[] = { n, name[0] == 'e' && strstr (name, "patches") != NULL ? n_tokens : width, width };
  g_autofree float  *values = g_new (float, n *n_tokens *width);
  struct dino_random random = dino_random (7);

  for (gsize row = 0; row < n; row++)
    for (gsize i = 0; i < n_tokens * width; i++)
      values[row * n_tokens * width + i] = tokens[i] + 0.05f * (float) row / (float) MAX (n / 100, 1) * (float) dino_random_normal (&random);
  put_matrix (fixture, name, values, shape, strstr (name, "patches") != NULL ? 3 : 2);
}

static void
put_json (WindowFixture *fixture, gsize n, const char *sha256)
{
  DinoscopePage           *page = fixture->window->page;
  DinoscopeModel          *model = dinoscope_features_get_model (page->features);
  const struct dino_model *core = dinoscope_model_get_core (model);
  struct dino_error        error = { 0 };
  char                    *preparation = dino_preparation_to_json (dinoscope_study_get_preparation (page->study), dino_model_processor (core), dino_model_config (core)->patch_size, false, &error);
  g_autofree char         *json = g_strdup_printf ("{\"schema\": \"dinoscope-embeddings\", \"version\": 1, \"model\": {\"name\": \"%s\", \"sha256\": \"%s\"}, \"precision\": \"%s\", \"isa\": \"another\", "
                                                           "\"preparation\": %s, \"counts\": {\"inputs\": %zu, \"embedded\": %zu, \"failed\": 0}, \"shard\": {\"index\": 0, \"count\": 1}}",
                                                   dinoscope_model_get_name (model), sha256 != NULL ? sha256 : dinoscope_model_get_sha256 (model, NULL, NULL),
                                                   dinoscope_model_get_precision (model), preparation, n, n);

  put_text (fixture, "embeddings/embed.json", json);
  free (preparation);
}

static void
put_embeddings (WindowFixture *fixture, gsize n, const char *sha256)
{
  DinoscopePage              *page = fixture->window->page;
  const struct dino_features *core = dinoscope_features_get_core (page->features);
  const gsize                 first = dino_features_first_patch (core), width = dinoscope_model_get_n_channels (dinoscope_features_get_model (page->features));
  const float                *tokens = dino_features_last_hidden_state (core);
  g_autoptr (GFile)           folder = window_fixture_child (fixture, "embeddings");
  g_autoptr (GString)         table = g_string_new ("index\trow\tname\tpixels_sha256\twidth\theight\tview\tstatus\terror\n");

  g_assert_true (g_file_make_directory (folder, NULL, NULL));
  put_noisy (fixture, "embeddings/cls.npy", tokens, 1, n);
  put_noisy (fixture, "embeddings/mean.npy", tokens, 1, n);
  if (n <= 10)
    put_noisy (fixture, "embeddings/patches.npy", tokens + first * width, dino_features_n_tokens (core) - first, n);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *name = i < N_COPIES ? g_strdup (films[i]) : g_strdup_printf ("film-%05zu.png", i);

      g_string_append_printf (table, "%zu\t%zu\t%s\t%s\t1\t1\tPA\tok\t\n", i, i, name, i == 0 ? dinoscope_study_get_sha256 (page->study) : "00");
    }
  put_text (fixture, "embeddings/table.tsv", table->str);
  put_json (fixture, n, sha256);
}

/* The first example with an index of n films, which lies beside copies of three. (transfer full) */
static GFile *
make_index (WindowFixture *fixture, gsize n, enum dino_embedding what, const char *sha256)
{
  GFile                   *folder = window_fixture_child (fixture, "index");
  g_autoptr (GFile)        source = window_fixture_child (fixture, "embeddings");
  g_autoptr (GFile)        labels = window_fixture_child (fixture, "labels.csv");
  struct dino_error        error = { 0 };
  struct dino_embeddings  *embeddings;
  struct dino_table       *table;
  struct dino_index_report report;

  window_fixture_show_example (fixture, films[0]);
  for (guint i = 0; i < N_COPIES; i++)
    g_object_unref (window_fixture_copy_example (fixture, films[i], films[i]));
  put_text (fixture, "labels.csv", "name,patient\nchest-01.png,A\nchest-02.png,A\nchest-03.png,B\n");
  put_embeddings (fixture, n, sha256);
  embeddings = dino_embeddings_open (g_file_peek_path (source), &error);
  g_assert_cmpstr (error.message, ==, "");
  table = dino_table_read (g_file_peek_path (labels), &error);
  g_assert_true (dino_index_write (&(struct dino_index_plan){ .folder = g_file_peek_path (folder), .what = what, .sources = &embeddings, .n_sources = 1, .table = table }, &report, NULL, &error));
  dino_table_free (table);
  dino_embeddings_free (embeddings);
  return folder;
}

static gboolean
has_list (WindowFixture *fixture)
{
  return g_list_model_get_n_items (list_of (fixture)) > 0;
}

static gboolean
has_words (WindowFixture *fixture)
{
  return *dinoscope_neighbor_pane_get_words (pane_of (fixture)) != '\0';
}

static void
open_index (WindowFixture *fixture, GFile *folder)
{
  g_assert_true (dinoscope_window_is_index (folder));
  dinoscope_window_open_files (fixture->window, &folder, 1);
  window_fixture_wait (fixture, has_list);
  g_assert_true (fixture->window->neighbors_visible);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
}

static char *
name_at (WindowFixture *fixture, guint index)
{
  g_autoptr (DinoscopeNeighbor) neighbor = g_list_model_get_item (list_of (fixture), index);

  g_assert_cmpuint (dinoscope_neighbor_get_rank (neighbor), ==, index + 1);
  return g_strdup (dinoscope_neighbor_get_name (neighbor));
}

static void
assert_name (WindowFixture *fixture, guint index, const char *expected)
{
  g_autofree char *name = name_at (fixture, index);

  g_assert_cmpstr (name, ==, expected);
}

static GtkWidget *
list_view_of (WindowFixture *fixture)
{
  return gtk_widget_get_ancestor (window_fixture_find (GTK_WIDGET (pane_of (fixture)), DINOSCOPE_TYPE_NEIGHBOR_ROW), GTK_TYPE_GRID_VIEW);
}

static void
choose (WindowFixture *fixture, guint index)
{
  g_signal_emit_by_name (list_view_of (fixture), "activate", index);
}

static gboolean
is_filled (WindowFixture *fixture)
{
  GtkWidget *row = window_fixture_find (GTK_WIDGET (pane_of (fixture)), DINOSCOPE_TYPE_NEIGHBOR_ROW);

  return row != NULL && dinoscope_neighbor_row_is_filled (DINOSCOPE_NEIGHBOR_ROW (row));
}

/* Patients first: the film itself and another one of its patient are left out,
 * until somebody wants them. */
static void
test_list (WindowFixture *fixture)
{
  g_autoptr (GFile)             folder = make_index (fixture, 200, DINO_EMBEDDING_CLS, NULL);
  g_autoptr (DinoscopeNeighbor) first = NULL;
  GtkWidget                    *same;

  open_index (fixture, folder);
  g_assert_cmpuint (g_list_model_get_n_items (list_of (fixture)), ==, 198);
  assert_name (fixture, 0, "chest-03.png");
  window_fixture_wait (fixture, is_filled);
  same = window_fixture_find (GTK_WIDGET (pane_of (fixture)), GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (same), 0);
  while (g_list_model_get_n_items (list_of (fixture)) != 199)
    g_main_context_iteration (NULL, TRUE);
  assert_name (fixture, 0, "chest-02.png");
  first = g_list_model_get_item (list_of (fixture), 0);
  g_assert_cmpfloat (dinoscope_neighbor_get_cosine (first), >, 0.9f);
  g_assert_cmpfloat (dinoscope_neighbor_get_cosine (first), <, 1.0f);
  window_fixture_activate (fixture, "win.close-index");
  g_assert_false (has_list (fixture));
  g_assert_true (has_words (fixture));
}

static gboolean
second_view_is_shown (WindowFixture *fixture)
{
  return dinoscope_board_get_n_pages (fixture->window->board) == 2 && dinoscope_page_get_study (dinoscope_board_get_page (fixture->window->board, 1)) != NULL &&
         dinoscope_page_get_encoding (dinoscope_board_get_page (fixture->window->board, 1)) == DINOSCOPE_PAGE_ENCODING_DONE;
}

/* A click compares, and the next one takes the same place. */
static void
test_compare (WindowFixture *fixture)
{
  g_autoptr (GFile) folder = make_index (fixture, 5, DINO_EMBEDDING_CLS, NULL);
  GtkWidget        *same;

  open_index (fixture, folder);
  same = window_fixture_find (GTK_WIDGET (pane_of (fixture)), GTK_TYPE_DROP_DOWN);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (same), 0);
  while (g_list_model_get_n_items (list_of (fixture)) != 4)
    g_main_context_iteration (NULL, TRUE);
  choose (fixture, 0);
  window_fixture_wait (fixture, second_view_is_shown);
  g_assert_cmpstr (dinoscope_page_get_title (dinoscope_board_get_page (fixture->window->board, 1)), ==, "chest-02.png");
  g_assert_true (fixture->window->compare_linked);
  choose (fixture, 1);
  while (g_strcmp0 (dinoscope_page_get_title (dinoscope_board_get_page (fixture->window->board, 1)), "chest-03.png") != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (dinoscope_board_get_n_pages (fixture->window->board), ==, 2);
  /* What is not there is told, and nothing happens. */
  choose (fixture, 2);
  g_assert_cmpuint (dinoscope_board_get_n_pages (fixture->window->board), ==, 2);
  window_fixture_wait (fixture, second_view_is_shown);
}

static void
wait_for_collection (WindowFixture *fixture, GFile *folder)
{
  DinoscopeCollection *collection = dinoscope_session_get_collection (fixture->window->session);

  while (collection == NULL || !g_file_equal (dinoscope_collection_get_folder (collection), folder))
    {
      g_main_context_iteration (NULL, TRUE);
      collection = dinoscope_session_get_collection (fixture->window->session);
    }
}

static char *
title_of (WindowFixture *fixture)
{
  g_autoptr (DinoscopeNeighborIndex) index = NULL;

  g_object_get (pane_of (fixture), "index", &index, NULL);
  return g_strdup (index != NULL ? dinoscope_neighbor_index_get_title (index) : "");
}

/* A folder of embeddings is searched as it is, and is the collection on the map;
 * its own columns are none to leave out by. */
static void
test_embeddings (WindowFixture *fixture)
{
  g_autoptr (GFile)                  index = make_index (fixture, 5, DINO_EMBEDDING_CLS, NULL);
  g_autoptr (GFile)                  folder = window_fixture_child (fixture, "embeddings");
  g_autoptr (GFile)                  place = window_fixture_child (fixture, "elsewhere");
  g_autoptr (DinoscopeNeighborIndex) core = NULL;
  DinoscopeCollection               *collection;

  open_index (fixture, folder);
  g_assert_cmpuint (g_list_model_get_n_items (list_of (fixture)), ==, 4);
  assert_name (fixture, 0, "chest-02.png");
  g_assert_false (gtk_widget_get_mapped (window_fixture_find (GTK_WIDGET (pane_of (fixture)), GTK_TYPE_DROP_DOWN)));
  wait_for_collection (fixture, folder);
  collection = dinoscope_session_get_collection (fixture->window->session);
  g_object_get (pane_of (fixture), "index", &core, NULL);
  g_assert_nonnull (dinoscope_collection_get_pictures (collection));
  dinoscope_collection_set_pictures (collection, place);
  g_assert_true (g_file_equal (dinoscope_neighbor_index_get_pictures (core), place));
  /* The index in the pane is then what the map shows. */
  dinoscope_window_open_index (fixture->window, index);
  wait_for_collection (fixture, index);
  while (g_list_model_get_n_items (list_of (fixture)) != 3)
    g_main_context_iteration (NULL, TRUE);
  dinoscope_session_set_collection (fixture->window->session, NULL);
}

/* What was embedded, or opened on the map, is searched in once the pane is
 * wanted; what is closed in the pane stays closed. */
static void
test_follow (WindowFixture *fixture)
{
  g_autoptr (GFile)               index = make_index (fixture, 5, DINO_EMBEDDING_CLS, NULL);
  g_autoptr (GFile)               folder = window_fixture_child (fixture, "embeddings");
  g_autoptr (GError)              error = NULL;
  g_autoptr (DinoscopeCollection) first = dinoscope_collection_new (folder, &error);
  g_autoptr (DinoscopeCollection) second = dinoscope_collection_new (index, &error);
  g_autofree char                *title = NULL;

  g_assert_no_error (error);
  dinoscope_session_set_collection (fixture->window->session, first);
  title = title_of (fixture);
  g_assert_cmpstr (title, ==, "");
  window_fixture_activate (fixture, "win.show-neighbors");
  window_fixture_wait (fixture, has_list);
  g_assert_cmpuint (g_list_model_get_n_items (list_of (fixture)), ==, 4);
  dinoscope_session_set_collection (fixture->window->session, second);
  while (g_list_model_get_n_items (list_of (fixture)) != 3)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (dinoscope_session_get_collection (fixture->window->session) == second);
  window_fixture_activate (fixture, "win.close-index");
  window_fixture_activate (fixture, "win.show-neighbors");
  window_fixture_activate (fixture, "win.show-neighbors");
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_false (has_list (fixture));
  dinoscope_session_set_collection (fixture->window->session, NULL);
}

static gboolean
is_cancelled (GAsyncResult *result)
{
  g_autoptr (GError)                 error = NULL;
  g_autoptr (DinoscopeNeighborIndex) index = dinoscope_neighbor_index_open_finish (result, &error);

  return index == NULL && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
cancelled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  *(int *) data = is_cancelled (result) ? 1 : -1;
}

static void
test_cancel (WindowFixture *fixture)
{
  G_GNUC_UNUSED g_autoptr (GFile) index = make_index (fixture, 5, DINO_EMBEDDING_CLS, NULL);
  g_autoptr (GFile)               folder = window_fixture_child (fixture, "embeddings");
  g_autoptr (GCancellable)        cancellable = g_cancellable_new ();
  int                             outcome = 0;

  g_cancellable_cancel (cancellable);
  dinoscope_neighbor_index_open_async (folder, cancellable, cancelled_cb, &outcome);
  while (outcome == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (outcome, ==, 1);
}

static void
test_refused (WindowFixture *fixture)
{
  g_autoptr (GFile) folder = make_index (fixture, 5, DINO_EMBEDDING_CLS, "0123");

  dinoscope_window_open_index (fixture->window, folder);
  while (strstr (dinoscope_neighbor_pane_get_words (pane_of (fixture)), "model differs") == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (has_list (fixture));
}

/* Reports are there when their table is, and are said to be others'. */
static void
test_texts (WindowFixture *fixture)
{
  g_autoptr (GFile)                  folder = make_index (fixture, 5, DINO_EMBEDDING_CLS, NULL);
  g_autoptr (GFile)                  reports = window_fixture_child (fixture, "reports.csv"), strange = window_fixture_child (fixture, "labels.csv");
  g_autoptr (DinoscopeNeighborIndex) index = NULL;
  g_autoptr (GError)                 error = NULL;
  gsize                              n;

  open_index (fixture, folder);
  put_text (fixture, "reports.csv", "file,report\nchest-03,\"Clear lungs.\nNo effusion.\"\n");
  g_object_get (pane_of (fixture), "index", &index, NULL);
  g_assert_true (dinoscope_neighbor_index_read_texts (index, reports, &n, &error));
  g_assert_cmpuint (n, ==, 1);
  window_fixture_wait (fixture, has_list);
  assert_name (fixture, 0, "chest-03.png");
  g_assert_cmpstr (dinoscope_neighbor_index_get_text (index, 2), ==, "Clear lungs.\nNo effusion.");
  g_assert_cmpstr (dinoscope_neighbor_index_get_text (index, 3), ==, "");
  put_text (fixture, "labels.csv", "name,report\nnobody.png,Nothing\n");
  g_assert_false (dinoscope_neighbor_index_read_texts (index, strange, &n, &error));
  g_assert_nonnull (strstr (error->message, "labels.csv"));
  g_assert_cmpstr (dinoscope_neighbor_index_get_text (index, 2), ==, "Clear lungs.\nNo effusion.");
}

/* Patches follow the cursor, and the one that was found is marked beside. */
static void
test_patches (WindowFixture *fixture)
{
  g_autoptr (GFile)             folder = make_index (fixture, 5, DINO_EMBEDDING_PATCHES, NULL);
  g_autoptr (DinoscopeNeighbor) neighbor = NULL;
  DinoscopePatch                marked = { -1, -1 };
  int                           row, column;

  dinoscope_window_open_index (fixture->window, folder);
  while (strstr (dinoscope_neighbor_pane_get_words (pane_of (fixture)), "choose one") == NULL)
    g_main_context_iteration (NULL, TRUE);
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (fixture->window->page), 3, 4);
  window_fixture_wait (fixture, has_list);
  neighbor = g_list_model_get_item (list_of (fixture), 0);
  assert_name (fixture, 0, "chest-03.png");
  g_assert_true (dinoscope_neighbor_get_patch (neighbor, &row, &column));
  choose (fixture, 0);
  window_fixture_wait (fixture, second_view_is_shown);
  g_assert_true (dinoscope_marks_get_cursor (dinoscope_page_get_marks (dinoscope_board_get_page (fixture->window->board, 1)), &marked));
  g_assert_cmpint (marked.row, ==, row);
  g_assert_cmpint (marked.column, ==, column);
}

/* Ten thousand: no more rows are made than are needed, and going to the end and
 * back takes about a frame. */
static void
test_many (WindowFixture *fixture)
{
  g_autoptr (GFile) folder = make_index (fixture, 10003, DINO_EMBEDDING_CLS, NULL);
  GtkWidget        *list_view;
  double            longest = 0, sum = 0;
  guint             n_rows = 0;

  open_index (fixture, folder);
  g_assert_cmpuint (g_list_model_get_n_items (list_of (fixture)), ==, DINOSCOPE_NEIGHBOR_PANE_MAX);
  window_fixture_wait (fixture, is_filled);
  list_view = list_view_of (fixture);
  for (guint i = 0; i < 40; i++)
    {
      const gint64 start = g_get_monotonic_time ();

      gtk_widget_activate_action (list_view, "list.scroll-to-item", "u", i * 2477 % 10000);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      longest = MAX (longest, 1e-6 * (double) (g_get_monotonic_time () - start));
      sum += 1e-6 * (double) (g_get_monotonic_time () - start);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (list_view); child != NULL; child = gtk_widget_get_next_sibling (child))
    n_rows++;
  g_test_message ("a jump takes %.1f ms, the longest %.1f ms, with %u rows", 1e3 * sum / 40, 1e3 * longest, n_rows);
  g_assert_cmpuint (n_rows, <, 200);
  g_assert_cmpfloat (longest, <, 5);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window/neighbors/list", NULL, test_list);
  window_fixture_add ("/window/neighbors/compare", NULL, test_compare);
  window_fixture_add ("/window/neighbors/embeddings", NULL, test_embeddings);
  window_fixture_add ("/window/neighbors/follow", NULL, test_follow);
  window_fixture_add ("/window/neighbors/cancel", NULL, test_cancel);
  window_fixture_add ("/window/neighbors/refused", NULL, test_refused);
  window_fixture_add ("/window/neighbors/texts", NULL, test_texts);
  window_fixture_add ("/window/neighbors/patches", NULL, test_patches);
  window_fixture_add ("/window/neighbors/many", NULL, test_many);
  return g_test_run ();
}
