/* Sidecars shown one after the other: each with its own view, and at the end
 * everything as it was. */
#include "window-fixture.h"

#include "app/dinoscope-page-private.h"
#include "app/dinoscope-slide-list.h"

/* A sidecar (and its picture) of the page as it is. */
static void
export_view (WindowFixture *fixture, const char *name)
{
  window_fixture_wait (fixture, window_has_map);
  window_fixture_export (fixture, name, DINOSCOPE_EXPORT_VISIBLE);
}

static void
choose_overlay (WindowFixture *fixture, const char *id)
{
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (id);

  dinoscope_overlay_settings_set_provider (dinoscope_window_get_settings (fixture->window), provider);
}

static void
set_block (WindowFixture *fixture, int block)
{
  dinoscope_overlay_settings_set_value (dinoscope_window_get_settings (fixture->window), "block", g_variant_new_int32 (block));
}

static void
assert_overlay (WindowFixture *fixture, const char *id, int block)
{
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);
  g_autoptr (GVariant)      value = dinoscope_overlay_settings_dup_value (settings, "block");

  g_assert_cmpstr (dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (settings)), ==, id);
  g_assert_cmpint (g_variant_get_int32 (value), ==, block);
}

/* slide-2.json, slide-10.json and slide-30.json: two radiographs, three
 * overlays, and copies of the radiographs beside them. Then the window as a
 * person leaves it: one tab, a view of its own. */
static DinoscopePage *
prepare (WindowFixture *fixture)
{
  g_autoptr (GFile) first = window_fixture_copy_example (fixture, "chest-01.png", "first film.png");
  g_autoptr (GFile) second = window_fixture_copy_example (fixture, "chest-02.png", "second film.png");
  DinoscopePage    *page;

  window_fixture_open (fixture, first);
  window_fixture_wait (fixture, window_has_map);
  choose_overlay (fixture, "cls-attention");
  set_block (fixture, 1);
  export_view (fixture, "slide-10.png");
  choose_overlay (fixture, "norm");
  set_block (fixture, 3);
  export_view (fixture, "slide-2.png");
  window_fixture_open (fixture, second);
  window_fixture_wait (fixture, window_has_map);
  choose_overlay (fixture, "pca");
  set_block (fixture, 2);
  export_view (fixture, "slide-30.png");
  window_fixture_activate (fixture, "win.close-tab");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  page = dinoscope_window_get_page (fixture->window);
  choose_overlay (fixture, "cls-attention");
  set_block (fixture, 4);
  dinoscope_canvas_show_box (dinoscope_page_get_canvas (page), (struct dino_box){ 20, 30, 220, 260 }, 1, FALSE);
  /* A part that was asked for follows the window's size; one that a person moved to does not. */
  window_fixture_activate (fixture, "win.view-zoom-out");
  window_fixture_wait (fixture, window_has_map);
  return page;
}

static gboolean
has_slides (WindowFixture *fixture)
{
  return dinoscope_slides_are_running (fixture->window->slides);
}

static void
start (WindowFixture *fixture, const char *const *names)
{
  g_autoptr (GListStore) files = g_list_store_new (G_TYPE_FILE);

  for (gsize i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GFile) file = window_fixture_child (fixture, names[i]);

      g_list_store_append (files, file);
    }
  dinoscope_slides_start (fixture->window->slides, G_LIST_MODEL (files));
  window_fixture_wait (fixture, has_slides);
}

static gboolean
is_applied (WindowFixture *fixture)
{
  return dinoscope_window_get_page (fixture->window)->sidecar == NULL && window_has_map (fixture);
}

static const char *
label (WindowFixture *fixture, const char *of)
{
  return gtk_label_get_text (GTK_LABEL (gtk_widget_get_template_child (GTK_WIDGET (fixture->window->slide_bar), DINOSCOPE_TYPE_SLIDE_BAR, of)));
}

/* One sidecar alone stands for its folder, and is where they begin. */
static void
test_folder (WindowFixture *fixture)
{
  DinoscopePage                  *page = prepare (fixture);
  g_autoptr (GVariant)            before = dinoscope_history_dup_state (dinoscope_page_get_history (page));
  g_autoptr (GVariant)            after = NULL;
  G_GNUC_UNUSED g_autoptr (GFile) foreign = window_fixture_write (fixture, "labels.json", "{\"a\": 1}", 8);
  struct dino_box                 box;
  int                             turns;
  gboolean                        flipped;

  start (fixture, (const char *const[]){ "slide-10.json", NULL });
  g_assert_cmpuint (dinoscope_slides_get_n (fixture->window->slides), ==, 3);
  g_assert_cmpuint (dinoscope_slides_get_index (fixture->window->slides), ==, 1);
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window->slide_bar)));
  g_assert_cmpstr (label (fixture, "title_label"), ==, "slide-10");
  g_assert_cmpstr (label (fixture, "count_label"), ==, "Slide 2 of 3");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "cls-attention", 1);
  g_assert_true (dinoscope_window_get_page (fixture->window) == page);

  window_fixture_activate (fixture, "win.previous-slide");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "norm", 3);
  dinoscope_canvas_get_seen (dinoscope_page_get_canvas (page), &box, &turns, &flipped);
  g_assert_cmpint (turns, ==, 0);
  window_fixture_activate (fixture, "win.previous-slide");
  g_assert_cmpuint (dinoscope_slides_get_index (fixture->window->slides), ==, 0);

  /* Page Down goes to slides while there are some; the other radiograph is found by what it holds. */
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "pca", 2);
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 2);
  g_assert_true (dinoscope_window_get_page (fixture->window) != page);
  window_fixture_activate (fixture, "win.next-picture");
  g_assert_cmpuint (dinoscope_slides_get_index (fixture->window->slides), ==, 2);

  /* All as before. */
  window_fixture_activate (fixture, "win.leave-fullscreen");
  g_assert_false (has_slides (fixture));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (fixture->window->slide_bar)));
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  window_fixture_wait (fixture, window_has_map);
  assert_overlay (fixture, "cls-attention", 4);
  after = dinoscope_history_dup_state (dinoscope_page_get_history (page));
  g_assert_cmpvariant (before, after);
}

/* What cannot be shown is named and passed over. */
static void
test_problems (WindowFixture *fixture)
{
  g_autoptr (GFile) broken = NULL;
  g_autoptr (GFile) film = NULL;

  prepare (fixture);
  broken = window_fixture_write (fixture, "slide-3.json", "{\"schema\": \"dinoscope-sidecar\", ", 31);
  film = window_fixture_child (fixture, "second film.png");
  g_assert_true (g_file_delete (film, NULL, NULL));
  start (fixture, (const char *const[]){ "slide-30.json", "slide-2.json", "slide-3.json", NULL });
  g_assert_cmpuint (dinoscope_slides_get_n (fixture->window->slides), ==, 3);
  g_assert_cmpuint (dinoscope_slides_get_index (fixture->window->slides), ==, 0);
  g_assert_cmpstr (label (fixture, "problem_label"), ==, "");
  window_fixture_activate (fixture, "win.next-slide");
  g_assert_cmpstr (label (fixture, "title_label"), ==, "slide-3");
  g_assert_nonnull (strstr (label (fixture, "problem_label"), "slide-3.json"));
  window_fixture_activate (fixture, "win.next-slide");
  g_assert_cmpstr (label (fixture, "problem_label"), ==, "Its radiograph is neither open nor beside the sidecar.");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
  window_fixture_activate (fixture, "win.previous-slide");
  window_fixture_activate (fixture, "win.previous-slide");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "norm", 3);
  g_assert_cmpstr (label (fixture, "problem_label"), ==, "");
  /* A closed tab is opened again from beside the sidecar. */
  window_fixture_activate (fixture, "win.close-tab");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 0);
  window_fixture_activate (fixture, "win.next-slide");
  window_fixture_activate (fixture, "win.previous-slide");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "norm", 3);
  window_fixture_activate (fixture, "win.end-slides");
  g_assert_cmpuint (dinoscope_window_get_n_pages (fixture->window), ==, 1);
}

static gboolean
has_two_views (WindowFixture *fixture)
{
  return dinoscope_board_get_n_pages (fixture->window->board) == 2 && is_applied (fixture);
}

/* What one slide is compared with does not stay beside the next. */
static void
test_reference_slides (WindowFixture *fixture)
{
  g_autoptr (GFile) film = window_fixture_copy_example (fixture, "chest-01.png", "film.png");
  g_autoptr (GFile) other = window_fixture_copy_example (fixture, "chest-02.png", "other.png");
  g_autofree char  *first = g_build_filename (fixture->folder, "a.png", NULL);
  g_autofree char  *second = g_build_filename (fixture->folder, "b.png", NULL);
  const char       *cli = g_getenv ("DINOSCOPE_CLI");

  window_fixture_run ((const char *const[]){ cli, "--quiet", "map", g_file_peek_path (film), "--overlay", "difference", "--set", "against=reference",
                                             "--reference", g_file_peek_path (other), "-o", first, NULL });
  window_fixture_run ((const char *const[]){ cli, "--quiet", "map", g_file_peek_path (film), "--overlay", "norm", "-o", second, NULL });
  window_fixture_open (fixture, film);
  window_fixture_wait (fixture, window_has_map);
  start (fixture, (const char *const[]){ "a.json", NULL });
  window_fixture_wait (fixture, has_two_views);
  window_fixture_activate (fixture, "win.next-slide");
  g_assert_cmpuint (dinoscope_board_get_n_pages (fixture->window->board), ==, 1);
  window_fixture_wait (fixture, is_applied);
  window_fixture_activate (fixture, "win.previous-slide");
  window_fixture_wait (fixture, has_two_views);
  window_fixture_activate (fixture, "win.end-slides");
  g_assert_cmpuint (dinoscope_board_get_n_pages (fixture->window->board), ==, 1);
}

/* Before an audience: the bar stays, the first Escape ends the presentation. */
static void
test_presentation (WindowFixture *fixture)
{
  prepare (fixture);
  start (fixture, (const char *const[]){ "slide-2.json", NULL });
  window_fixture_activate (fixture, "win.presentation");
  g_assert_true (gtk_widget_get_visible (GTK_WIDGET (fixture->window->slide_bar)));
  window_fixture_activate (fixture, "win.next-picture");
  window_fixture_wait (fixture, is_applied);
  assert_overlay (fixture, "cls-attention", 1);
  window_fixture_activate (fixture, "win.leave-fullscreen");
  g_assert_false (fixture->window->presenting);
  g_assert_true (has_slides (fixture));
  window_fixture_activate (fixture, "win.end-slides");
  g_assert_false (has_slides (fixture));
}

int
main (int argc, char **argv)
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-slides/folder", NULL, test_folder);
  window_fixture_add ("/window-slides/problems", NULL, test_problems);
  window_fixture_add ("/window-slides/reference", NULL, test_reference_slides);
  window_fixture_add ("/window-slides/presentation", NULL, test_presentation);
  return g_test_run ();
}
