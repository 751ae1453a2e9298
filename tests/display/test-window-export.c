/* Pictures out: what is seen as a file, with its sidecar, and on the clipboard. */
#include "window-fixture.h"

static DinoscopePage *
show_head (WindowFixture *fixture, const char *head)
{
  DinoscopePage                       *page = window_fixture_show_example (fixture, "chest-02.png");
  DinoscopeOverlaySettings            *settings = dinoscope_window_get_settings (fixture->window);
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("cls-attention");

  dinoscope_overlay_settings_set_provider (settings, provider);
  dinoscope_overlay_settings_set_value (settings, "block", g_variant_new_int32 (3));
  dinoscope_overlay_settings_set_value (settings, "head", g_variant_new_string (head));
  window_fixture_wait (fixture, window_has_map);
  return page;
}

/* The command line makes the same file and the same sidecar from the sidecar. */
static void
assert_reproduced (WindowFixture *fixture, const char *name, GFile *radiograph)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *json = dinoscope_sidecar_path (path);
  g_autofree char *again_path = g_strdup_printf ("%s/again-%s", fixture->folder, name);
  g_autofree char *again_json = dinoscope_sidecar_path (again_path);
  const char      *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "map", g_file_peek_path (radiograph), "--from", json, "-o", again_path, NULL };

  window_fixture_run (command);
  window_fixture_assert_equal_files (fixture, path, again_path);
  window_fixture_assert_equal_files (fixture, json, again_json);
}

static void
test_write (WindowFixture *fixture)
{
  static const char *const names[] = { "map.png", "map.svg", "map.pdf", "map.npy", "map.csv" };
  DinoscopePage           *page = show_head (fixture, "1");
  struct dino_map_style    style = *dinoscope_overlay_settings_get_style (dinoscope_window_get_settings (fixture->window));

  style.smooth = DINO_SMOOTH_BILINEAR;
  style.opacity = 0.7;
  dinoscope_overlay_settings_set_style (dinoscope_window_get_settings (fixture->window), &style);

  window_fixture_export (fixture, "plain.png", DINOSCOPE_EXPORT_PLAIN);
  assert_reproduced (fixture, "plain.png", dinoscope_page_get_file (page));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      window_fixture_export (fixture, names[i], DINOSCOPE_EXPORT_BAR);
      assert_reproduced (fixture, names[i], dinoscope_page_get_file (page));
    }
}

/* Zoomed, turned and mirrored, with marks: in pixels and as vectors. */
static void
mark_and_move (DinoscopePage *page)
{
  DinoscopeCanvas *canvas = dinoscope_page_get_canvas (page);

  dinoscope_marks_toggle_pin (dinoscope_page_get_marks (page), 7, 9);
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (page), 3, 4);
  dinoscope_regions_add (dinoscope_page_get_regions (page), DINO_SHAPE_ELLIPSE, (struct dino_box){ 100, 120.5, 220, 300 }, "a region");
  dinoscope_canvas_show_box (canvas, (struct dino_box){ 90.5, 100, 330, 280.25 }, 1, TRUE);
}

static void
test_visible (WindowFixture *fixture)
{
  static const char *const names[] = { "part.png", "part.svg", "part.pdf" };
  DinoscopePage           *page = show_head (fixture, "1");

  mark_and_move (page);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      window_fixture_export (fixture, names[i], DINOSCOPE_EXPORT_VISIBLE);
      assert_reproduced (fixture, names[i], dinoscope_page_get_file (page));
    }
  window_fixture_export (fixture, "whole.png", DINOSCOPE_EXPORT_PLAIN);
  assert_reproduced (fixture, "whole.png", dinoscope_page_get_file (page));
}

/* The same tokens as the command line writes. */
static void
test_tokens (WindowFixture *fixture)
{
  static const char *const names[] = { "tokens.npy", "tokens.safetensors" };
  DinoscopePage           *page = show_head (fixture, "1");

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, names[i], NULL);
      g_autofree char *again = g_strdup_printf ("%s/again-%s", fixture->folder, names[i]);
      const char      *command[] = { g_getenv ("DINOSCOPE_CLI"), "--quiet", "features", g_file_peek_path (dinoscope_page_get_file (page)), "-o", again, NULL };

      window_fixture_export (fixture, names[i], DINOSCOPE_EXPORT_OUTPUT);
      window_fixture_run (command);
      window_fixture_assert_equal_files (fixture, path, again);
    }
}

static GFile *awaited;

/* GTK puts the page there piece by piece. */
static gboolean
is_printed (WindowFixture *fixture)
{
  g_autofree char *text = NULL;
  gsize            length;

  return g_file_get_contents (g_file_peek_path (awaited), &text, &length, NULL) && length > 6 && g_str_has_suffix (text + length - 6, "%EOF\n");
}

/* A page with letters and the notice, without a dialog. */
static void
test_print (WindowFixture *fixture)
{
  g_autoptr (GFile) page = window_fixture_child (fixture, "print.pdf");
  g_autofree char  *text = NULL;
  gsize             length;

  show_head (fixture, "1");
  awaited = page;
  dinoscope_window_print (fixture->window, g_file_peek_path (page));
  window_fixture_wait (fixture, is_printed);
  g_assert_true (g_file_get_contents (g_file_peek_path (page), &text, &length, NULL));
  g_assert_true (g_str_has_prefix (text, "%PDF"));
  g_assert_nonnull (memmem (text, length, "/ToUnicode", strlen ("/ToUnicode")));
  g_assert_null (memmem (text, length, "chest-02", strlen ("chest-02")));
}

/* The dialog by its keys' actions: what is chosen in it is what is asked a name for. */
static void
test_dialog (WindowFixture *fixture)
{
  g_autoptr (GListModel) windows = NULL;
  GtkWindow             *dialog = NULL;
  DinoscopeExportChoice  choice;

  show_head (fixture, "1");
  window_fixture_activate (fixture, "win.export");
  windows = g_object_ref (gtk_window_get_toplevels ());
  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (DINOSCOPE_IS_EXPORT_DIALOG (window))
        dialog = window;
    }
  g_assert_nonnull (dialog);
  dinoscope_export_dialog_get_choice (DINOSCOPE_EXPORT_DIALOG (dialog), &choice);
  g_assert_cmpstr (choice.suffix, ==, ".png");
  g_assert_true (choice.bar);
  g_assert_false (choice.part);
  dinoscope_export_dialog_select (DINOSCOPE_EXPORT_DIALOG (dialog), 6);
  dinoscope_export_dialog_get_choice (DINOSCOPE_EXPORT_DIALOG (dialog), &choice);
  g_assert_cmpstr (choice.suffix, ==, ".safetensors");
  g_assert_cmpint (choice.kind, ==, DINOSCOPE_EXPORT_TOKENS);
  gtk_window_destroy (dialog);
}

/* Neither the radiograph nor a stranger's file is overwritten. */
static void
test_refuse (WindowFixture *fixture)
{
  g_autoptr (GFile) radiograph = window_fixture_copy_example (fixture, "chest-03.png", "film.png");
  g_autoptr (GFile) example = window_fixture_example ("chest-03.png");
  g_autoptr (GFile) stranger = window_fixture_write (fixture, "notes.json", "{}", 2);
  g_autoptr (GFile) beside = window_fixture_child (fixture, "notes.png");
  g_autofree char  *text = NULL;

  window_fixture_open (fixture, radiograph);
  window_fixture_wait (fixture, window_has_map);
  dinoscope_window_export_to (fixture->window, radiograph, DINOSCOPE_EXPORT_PLAIN);
  dinoscope_window_export_to (fixture->window, beside, DINOSCOPE_EXPORT_PLAIN);

  /* One picture is written after the other: when this one is there, the others are done. */
  window_fixture_export (fixture, "last.png", DINOSCOPE_EXPORT_PLAIN);
  window_fixture_assert_equal_files (fixture, g_file_peek_path (radiograph), g_file_peek_path (example));
  g_assert_false (g_file_query_exists (beside, NULL));
  g_assert_true (g_file_get_contents (g_file_peek_path (stranger), &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "{}");
}

/* A map that is switched off is not seen, so it is not exported either. */
static void
test_hidden_map (WindowFixture *fixture)
{
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (fixture->window);

  g_assert_false (dinoscope_window_can_export (fixture->window));
  show_head (fixture, "0");
  g_assert_true (dinoscope_window_can_export (fixture->window));
  g_object_set (settings, "map-visible", FALSE, NULL);
  g_assert_false (dinoscope_window_can_export (fixture->window));
  g_object_set (settings, "map-visible", TRUE, NULL);
  g_assert_true (dinoscope_window_can_export (fixture->window));
}

static gboolean
has_texture (WindowFixture *fixture)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (GTK_WIDGET (fixture->window));

  return gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), GDK_TYPE_TEXTURE);
}

static void
test_copy (WindowFixture *fixture)
{
  DinoscopePage      *page = show_head (fixture, "max");
  GdkContentProvider *content;
  g_auto (GValue)     value = G_VALUE_INIT;
  int                 width, height, channels;

  window_fixture_activate (fixture, "win.copy");
  window_fixture_wait (fixture, has_texture);
  content = gdk_clipboard_get_content (gtk_widget_get_clipboard (GTK_WIDGET (fixture->window)));
  g_value_init (&value, GDK_TYPE_TEXTURE);
  g_assert_true (gdk_content_provider_get_value (content, &value, NULL));
  dinoscope_study_get_display (dinoscope_page_get_study (page), &width, &height, &channels);
  g_assert_cmpint (gdk_texture_get_width (g_value_get_object (&value)), ==, width);
  g_assert_cmpint (gdk_texture_get_height (g_value_get_object (&value)), ==, height);
}

int
main (int argc, char *argv[])
{
  if (!window_fixture_init (&argc, &argv))
    return 0;
  window_fixture_add ("/window-export/write", NULL, test_write);
  window_fixture_add ("/window-export/visible", NULL, test_visible);
  window_fixture_add ("/window-export/tokens", NULL, test_tokens);
  window_fixture_add ("/window-export/print", NULL, test_print);
  window_fixture_add ("/window-export/dialog", NULL, test_dialog);
  window_fixture_add ("/window-export/refuse", NULL, test_refuse);
  window_fixture_add ("/window-export/hidden-map", NULL, test_hidden_map);
  window_fixture_add ("/window-export/copy", NULL, test_copy);
  return g_test_run ();
}
