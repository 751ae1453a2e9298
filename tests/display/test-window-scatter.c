/* The map of a collection: from points to pictures and back, what is chosen,
 * colours, near duplicates. */
#include "window-fixture.h"

#include <math.h>

#include "app/dinoscope-scatter-window-private.h"
#include "collection-fixture.h"

typedef struct
{
  GFile                  *folder;
  DinoscopeScatterWindow *window;
} Map;

static Map map;

static gboolean
is_idle (WindowFixture *fixture)
{
  return !dinoscope_scatter_window_is_busy (map.window);
}

static gboolean
has_map (WindowFixture *fixture)
{
  return map.window->job_done && !dinoscope_scatter_window_is_busy (map.window);
}

/* Opens n pictures by principal components, or by t-SNE. */
static void
open_map (WindowFixture *fixture, guint n, guint n_pictures, gboolean tsne)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (GFile)               embeddings = NULL;
  g_autoptr (DinoscopeCollection) collection = NULL;

  map.folder = collection_folder_new (n, n_pictures);
  embeddings = collection_folder_get_embeddings (map.folder);
  collection = dinoscope_collection_new (embeddings, &error);
  g_assert_no_error (error);
  window_fixture_activate (fixture, "win.show-scatter");
  map.window = DINOSCOPE_SCATTER_WINDOW (fixture->window->scatter);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (map.window->stack), ==, "empty");
  gtk_drop_down_set_selected (map.window->method, tsne ? 0 : 1);
  dinoscope_session_set_collection (fixture->window->session, collection);
  g_assert_cmpstr (gtk_stack_get_visible_child_name (map.window->stack), ==, "map");
}

static void
close_map (WindowFixture *fixture)
{
  gtk_window_destroy (GTK_WINDOW (map.window));
  g_assert_null (fixture->window->scatter);
  dinoscope_session_set_collection (fixture->window->session, NULL);
  collection_folder_remove (map.folder);
  g_clear_object (&map.folder);
}

static gboolean
is_current (WindowFixture *fixture)
{
  return dinoscope_scatter_view_get_current (map.window->view) == 2;
}

static gboolean
card_has_picture (WindowFixture *fixture)
{
  return dinoscope_scatter_card_has_picture (map.window->card);
}

/* A point opens its picture in the tab that is there; the open picture has a ring, whoever opened it. */
static void
test_points (WindowFixture *fixture)
{
  g_autoptr (GFile) film = NULL;
  gsize             places = 0;

  open_map (fixture, 60, 4, TRUE);
  window_fixture_wait (fixture, has_map);
  for (gsize row = 0; row < 60; row++)
    {
      double x, y;

      g_assert_true (dinoscope_scatter_view_get_place (map.window->view, row, &x, &y));
      places += isfinite (x) && isfinite (y);
    }
  g_assert_cmpuint (places, ==, 60);
  g_assert_cmpint (dinoscope_scatter_view_get_current (map.window->view), ==, -1);
  g_signal_emit_by_name (map.window->view, "activated", (guint64) 2);
  window_fixture_wait (fixture, is_current);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  film = window_fixture_example ("chest-01.png");
  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_has_study);
  g_assert_cmpint (dinoscope_scatter_view_get_current (map.window->view), ==, -1);
  /* What is looked at is shown small, with its name. */
  dinoscope_scatter_view_set_cursor (map.window->view, 3);
  window_fixture_wait (fixture, card_has_picture);
  dinoscope_scatter_view_set_cursor (map.window->view, 30);
  g_assert_false (dinoscope_scatter_card_has_picture (map.window->card));
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (map.window->card)));
  close_map (fixture);
}

static void
test_selection (WindowFixture *fixture)
{
  const double      all[] = { -10, -10, 5000, -10, 5000, 5000, -10, 5000 };
  const guint32     rows[] = { 7, 3, 7, 41 };
  GtkWidget        *view;
  g_autofree char  *list = NULL, *saved = NULL;
  g_autoptr (GFile) file = window_fixture_child (fixture, "list.txt");
  gsize             length;

  open_map (fixture, 60, 0, FALSE);
  window_fixture_wait (fixture, has_map);
  view = GTK_WIDGET (map.window->view);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (map.window->rows)), ==, 60);
  dinoscope_scatter_view_select_enclosed (map.window->view, all, 4);
  g_assert_cmpuint (dinoscope_scatter_view_get_n_selected (map.window->view), ==, 60);
  dinoscope_scatter_view_select_rows (map.window->view, rows, 4);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (map.window->rows)), ==, 3);
  g_assert_cmpstr (gtk_label_get_text (map.window->row_title), ==, "3 chosen");
  list = dinoscope_scatter_window_dup_list (map.window);
  g_assert_cmpstr (list, ==, "00003.png\n00007.png\n00041.png\n");
  dinoscope_scatter_window_save_list (map.window, file);
  g_assert_true (g_file_load_contents (file, NULL, &saved, &length, NULL, NULL));
  g_assert_cmpstr (saved, ==, list);
  gtk_widget_activate_action (view, "scatter.select-none", NULL);
  g_assert_cmpuint (dinoscope_scatter_view_get_n_selected (map.window->view), ==, 0);
  g_assert_null (dinoscope_scatter_view_get_selected (map.window->view));
  close_map (fixture);
}

static void
test_colors (WindowFixture *fixture)
{
  g_autoptr (GFile) picture = window_fixture_child (fixture, "map.svg");
  GListModel       *names;
  guint             cloud = GTK_INVALID_LIST_POSITION;

  open_map (fixture, 60, 0, FALSE);
  window_fixture_wait (fixture, has_map);
  g_assert_cmpint (map.window->column->n_classes, ==, 6);
  names = gtk_drop_down_get_model (map.window->color);
  for (guint i = 0; i < g_list_model_get_n_items (names); i++)
    if (g_str_equal (gtk_string_list_get_string (GTK_STRING_LIST (names), i), "cloud"))
      cloud = i;
  gtk_drop_down_set_selected (map.window->color, cloud);
  g_assert_cmpint (map.window->column->n_classes, ==, 4);
  g_assert_cmpuint (map.window->column->n_without, ==, 6);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (map.window->legend_box)));
  dinoscope_scatter_window_save_picture (map.window, picture);
  g_assert_true (g_file_query_exists (picture, NULL));
  gtk_drop_down_set_selected (map.window->color, 1);
  g_assert_null (map.window->column);
  /* Other groups are another map. */
  gtk_drop_down_set_selected (map.window->color, 0);
  gtk_spin_button_set_value (map.window->groups, 4);
  window_fixture_wait (fixture, has_map);
  g_assert_cmpint (map.window->column->n_classes, ==, 4);
  gtk_spin_button_set_value (map.window->groups, 0);
  window_fixture_wait (fixture, has_map);
  g_assert_null (map.window->column);
  close_map (fixture);
}

static void
test_duplicates (WindowFixture *fixture)
{
  g_autoptr (DinoscopeScatterRow) row = NULL;
  guint32                         second;
  double                          cosine;

  open_map (fixture, 60, 0, FALSE);
  window_fixture_wait (fixture, has_map);
  gtk_spin_button_set_value (map.window->threshold, 0.7);
  gtk_stack_set_visible_child_name (map.window->lists, "duplicates");
  window_fixture_wait (fixture, is_idle);
  row = g_list_model_get_item (G_LIST_MODEL (map.window->pairs), 0);
  g_assert_true (dinoscope_scatter_row_get_pair (row, &second, &cosine));
  g_assert_cmpfloat (cosine, >=, 0.7);
  gtk_single_selection_set_selected (GTK_SINGLE_SELECTION (gtk_list_view_get_model (map.window->pair_list)), 0);
  g_assert_cmpuint (dinoscope_scatter_view_get_n_selected (map.window->view), ==, 2);
  g_assert_true (dinoscope_scatter_view_get_selected (map.window->view)[second]);
  gtk_spin_button_set_value (map.window->threshold, 1);
  window_fixture_wait (fixture, is_idle);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (map.window->pairs)), ==, 0);
  close_map (fixture);
}

static guint
n_drawn (void)
{
  return dinoscope_scatter_view_get_n_drawn (map.window->view);
}

static guint drawn_before;

static gboolean
was_drawn (WindowFixture *fixture)
{
  return n_drawn () > drawn_before;
}

/* Ten thousand points: however often they are moved between two frames, they
 * are drawn once; hovering, the cursor and the ring draw none of them. A map
 * that takes long is cancelled at once. */
static void
test_many (WindowFixture *fixture)
{
  open_map (fixture, 10000, 0, FALSE);
  window_fixture_wait (fixture, has_map);
  drawn_before = n_drawn ();
  for (int i = 0; i < 500; i++)
    {
      dinoscope_scatter_view_move (map.window->view, 1, 1);
      dinoscope_scatter_view_zoom (map.window->view, 1.001, 10, 10);
    }
  window_fixture_wait (fixture, was_drawn);
  g_assert_cmpuint (n_drawn (), <=, drawn_before + 2);
  drawn_before = n_drawn ();
  for (gssize i = 0; i < 50; i++)
    {
      dinoscope_scatter_view_set_cursor (map.window->view, i);
      dinoscope_scatter_view_set_current (map.window->view, i);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpuint (n_drawn (), <=, drawn_before + 1);
  gtk_drop_down_set_selected (map.window->method, 0);
  while (map.window->delay != 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (dinoscope_scatter_window_is_busy (map.window));
  gtk_widget_activate_action (GTK_WIDGET (map.window), "collection.cancel", NULL);
  g_assert_false (dinoscope_scatter_window_is_busy (map.window));
  close_map (fixture);
}

/* What is told may have a file's name in it. */
#define WORDS "“<b>x</b> &amp; %n.npy” is not there."

static gboolean
shows_words (WindowFixture *fixture)
{
  return window_fixture_shows (GTK_WIDGET (map.window), WORDS);
}

/* What index wrote of the same folder has the same points. */
static void
test_index (WindowFixture *fixture)
{
  g_autoptr (GError)              error = NULL;
  g_autoptr (GFile)               index = window_fixture_child (fixture, "index"), embeddings = NULL;
  g_autoptr (DinoscopeCollection) collection = NULL;
  double                          x, y;

  open_map (fixture, 60, 4, FALSE);
  window_fixture_wait (fixture, has_map);
  embeddings = collection_folder_get_embeddings (map.folder);
  window_fixture_run ((const char *const[]){ g_getenv ("DINOSCOPE_CLI"), "index", g_file_peek_path (embeddings), "-o", g_file_peek_path (index), "-q", NULL });
  collection = dinoscope_collection_new (index, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (dinoscope_collection_get_name (collection, 41), ==, "00041.png");
  dinoscope_session_set_collection (fixture->window->session, collection);
  window_fixture_wait (fixture, has_map);
  g_assert_true (dinoscope_scatter_view_get_place (map.window->view, 59, &x, &y));
  g_assert_cmpuint (dinoscope_collection_get_points (collection, FALSE).n, ==, 60);
  dinoscope_scatter_window_tell (map.window, WORDS);
  window_fixture_wait (fixture, shows_words);
  close_map (fixture);
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-scatter/points", NULL, test_points);
  window_fixture_add ("/window-scatter/selection", NULL, test_selection);
  window_fixture_add ("/window-scatter/colors", NULL, test_colors);
  window_fixture_add ("/window-scatter/duplicates", NULL, test_duplicates);
  window_fixture_add ("/window-scatter/index", NULL, test_index);
  window_fixture_add ("/window-scatter/many", NULL, test_many);
  return g_test_run ();
}
