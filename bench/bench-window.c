/* What the window's own handlers and drawing take on the main loop, with a
 * picture of 3000 x 3000 and maps that are known already. By hand, with a display. */
#include <stdlib.h>
#include <unistd.h>

#include "app/dinoscope-application.h"
#include "app/dinoscope-strongest-group.h"
#include "app/dinoscope-window-private.h"
#include "bench.h"

#define SIDE 3000
#define RUNS 40

typedef struct
{
  struct bench     bench;
  DinoscopeWindow *window;
  GFile           *file;
  char            *folder;
  int              runs;
} Bench;

typedef void (*Action) (Bench *self, int run);

static gboolean
is_settled (Bench *self)
{
  DinoscopePage *page = self->window->page;

  return page != NULL && dinoscope_page_is_map_current (page) && dinoscope_page_get_encoding (page) == DINOSCOPE_PAGE_ENCODING_DONE &&
         dinoscope_canvas_is_settled (dinoscope_page_get_canvas (page)) && (!gtk_widget_get_mapped (GTK_WIDGET (self->window->strip)) || dinoscope_strip_is_filled (self->window->strip));
}

static void
settle (Bench *self)
{
  while (!is_settled (self))
    g_main_context_iteration (NULL, TRUE);
}

static void
step_block (Bench *self, int run)
{
  dinoscope_overlay_settings_set_value (self->window->settings, "block", g_variant_new_int32 (run % 6));
}

static void
step_head (Bench *self, int run)
{
  dinoscope_overlay_settings_set_value (self->window->settings, "head", g_variant_new_string (run % 2 == 0 ? "0" : "1"));
}

static void
step_opacity (Bench *self, int run)
{
  dinoscope_overlay_settings_set_opacity (self->window->settings, 0.3 + 0.01 * (run % 40));
}

static void
step_threshold (Bench *self, int run)
{
  struct dino_map_style style = *dinoscope_overlay_settings_get_style (self->window->settings);

  style.has_threshold = TRUE;
  style.threshold = 0.0001 * (run % 20);
  dinoscope_overlay_settings_set_style (self->window->settings, &style);
}

static void
toggle_pin (Bench *self, int run)
{
  dinoscope_marks_toggle_pin (dinoscope_page_get_marks (self->window->page), 3 + run % 30, 5 + run % 27);
}

static void
step_cursor (Bench *self, int run)
{
  dinoscope_marks_set_cursor (dinoscope_page_get_marks (self->window->page), 3 + run % 30, 5 + run % 27);
}

static void
move_pointer (Bench *self, int run)
{
  g_signal_emit_by_name (dinoscope_page_get_canvas (self->window->page), "pointer-moved", 500.0 + 40 * run, 700.0 + 31 * run, TRUE);
}

/* Handlers: until the action returns. Settled: until the canvas has what the next frame shows. */
static void
measure_action (Bench *self, const char *name, Action action)
{
  double              *handlers = g_new (double, self->runs), *settled = g_new (double, self->runs);
  struct bench_seconds seconds;

  for (int run = 0; run < 12; run++)
    {
      action (self, run);
      settle (self);
    }
  for (int run = 0; run < self->runs; run++)
    {
      double begin = bench_now ();

      action (self, run + 12);
      handlers[run] = bench_now () - begin;
      settle (self);
      settled[run] = bench_now () - begin;
    }
  seconds = bench_summary (handlers, (size_t) self->runs);
  bench_print (&self->bench, name, "handlers", "3000x3000", &seconds, 1, "1/s");
  seconds = bench_summary (settled, (size_t) self->runs);
  bench_print (&self->bench, name, "settled", "3000x3000", &seconds, 1, "1/s");
  g_free (handlers);
  g_free (settled);
}

static GtkWidget *
find_widget (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* The table of patches, whose widgets are made when it is first unfolded: the
 * longest of our turns of the main loop until all are there. */
static void
measure_unfolding (Bench *self)
{
  DinoscopeStrongestGroup *table = DINOSCOPE_STRONGEST_GROUP (find_widget (GTK_WIDGET (self->window->panel), DINOSCOPE_TYPE_STRONGEST_GROUP));
  GListModel              *rows = dinoscope_strongest_group_get_patches (table);
  double                   longest, begin = bench_now ();
  struct bench_seconds     seconds;

  adw_expander_row_set_expanded (ADW_EXPANDER_ROW (find_widget (GTK_WIDGET (table), ADW_TYPE_EXPANDER_ROW)), TRUE);
  longest = bench_now () - begin;
  while (g_list_model_get_n_items (rows) < 50)
    {
      guint before = g_list_model_get_n_items (rows);

      begin = bench_now ();
      g_main_context_iteration (NULL, TRUE);
      if (g_list_model_get_n_items (rows) > before)
        longest = MAX (longest, bench_now () - begin);
    }
  seconds = bench_summary (&longest, 1);
  bench_print (&self->bench, "unfolding the strongest patches", "handlers", "50 rows", &seconds, 1, "1/s");
}

/* Our snapshot(), and apart from it what GTK makes of it. */
static void
measure_snapshot (Bench *self)
{
  GtkWidget           *canvas = GTK_WIDGET (dinoscope_page_get_canvas (self->window->page));
  GskRenderer         *renderer = gtk_native_get_renderer (GTK_NATIVE (self->window));
  double              *ours = g_new (double, self->runs), *theirs = g_new (double, self->runs);
  struct bench_seconds seconds;

  for (int run = 0; run < self->runs; run++)
    {
      GtkSnapshot           *snapshot = gtk_snapshot_new ();
      double                 begin = bench_now (), middle;
      GskRenderNode         *node;
      g_autoptr (GdkTexture) texture = NULL;

      GTK_WIDGET_GET_CLASS (canvas)->snapshot (canvas, snapshot);
      middle = bench_now ();
      ours[run] = middle - begin;
      node = gtk_snapshot_free_to_node (snapshot);
      if (node != NULL)
        texture = gsk_renderer_render_texture (renderer, node, NULL);
      theirs[run] = bench_now () - middle;
      g_clear_pointer (&node, gsk_render_node_unref);
    }
  seconds = bench_summary (ours, (size_t) self->runs);
  bench_print (&self->bench, "canvas", "snapshot", "3000x3000", &seconds, 1, "1/s");
  seconds = bench_summary (theirs, (size_t) self->runs);
  bench_print (&self->bench, "canvas", "gtk", "3000x3000", &seconds, 1, "1/s");
  g_free (ours);
  g_free (theirs);
}

static void
write_picture (Bench *self)
{
  guint8                *rgb = g_malloc ((gsize) SIDE * SIDE * 3);
  g_autofree char       *path = NULL;
  g_autoptr (GBytes)     bytes = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++)
      for (int c = 0; c < 3; c++)
        rgb[((gsize) y * SIDE + x) * 3 + c] = (guint8) ((x * 255 / SIDE + 128 * y / SIDE + (x / 37 + y / 53) % 16) & 255);
  bytes = g_bytes_new_take (rgb, (gsize) SIDE * SIDE * 3);
  texture = gdk_memory_texture_new (SIDE, SIDE, GDK_MEMORY_R8G8B8, bytes, SIDE * 3);
  self->folder = g_dir_make_tmp ("bench-window-XXXXXX", NULL);
  if (self->folder == NULL)
    bench_fail ("a folder for the picture");
  path = g_build_filename (self->folder, "picture.png", NULL);
  if (!gdk_texture_save_to_png (texture, path))
    bench_fail ("writing the picture");
  self->file = g_file_new_for_path (path);
}

static gboolean
run_cb (gpointer data)
{
  Bench                               *self = data;
  GtkApplication                      *application = GTK_APPLICATION (g_application_get_default ());
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find ("cls-attention");
  g_autoptr (DinoscopeOverlayProvider) similarity = dinoscope_overlays_find ("similarity");
  GList                               *windows;

  self->window = DINOSCOPE_WINDOW (gtk_application_get_active_window (application));
  write_picture (self);
  dinoscope_overlay_settings_set_provider (self->window->settings, provider);
  dinoscope_window_open_files (self->window, &self->file, 1);
  settle (self);
  measure_action (self, "pointer", move_pointer);
  measure_action (self, "block", step_block);
  measure_action (self, "head", step_head);
  measure_action (self, "threshold", step_threshold);
  measure_action (self, "opacity", step_opacity);
  measure_action (self, "pin", toggle_pin);
  measure_action (self, "cursor", step_cursor);
  measure_snapshot (self);
  measure_unfolding (self);
  measure_action (self, "cursor with the table", step_cursor);
  g_object_set (self->window, "strip-visible", TRUE, NULL);
  settle (self);
  measure_action (self, "block with strip", step_block);
  g_object_set (self->window, "strip-visible", FALSE, NULL);
  dinoscope_marks_clear_pins (dinoscope_page_get_marks (self->window->page));
  dinoscope_overlay_settings_set_provider (self->window->settings, similarity);
  settle (self);
  measure_action (self, "pin with similarity", toggle_pin);
  while ((windows = gtk_application_get_windows (application)) != NULL)
    gtk_window_destroy (windows->data);
  return G_SOURCE_REMOVE;
}

static void
activated_cb (GApplication *application, Bench *self)
{
  g_idle_add (run_cb, self);
}

int
main (int argc, char **argv)
{
  Bench                            self = { .runs = RUNS };
  g_autoptr (DinoscopeApplication) application = NULL;

  bench_start (&self.bench, argc, argv, "handlers and drawing of the window on the main loop");
  g_setenv ("DINOSCOPE_NON_UNIQUE", "1", TRUE);
  g_setenv ("DINOSCOPE_MODEL", "demo", TRUE);
  if (!gtk_init_check ())
    bench_fail ("a display");
  application = dinoscope_application_new ();
  g_signal_connect_after (application, "activate", G_CALLBACK (activated_cb), &self);
  g_application_run (G_APPLICATION (application), 0, NULL);
  if (self.file != NULL)
    g_file_delete (self.file, NULL, NULL);
  if (self.folder != NULL)
    rmdir (self.folder);
  g_clear_object (&self.file);
  g_free (self.folder);
  bench_end (&self.bench);
  return EXIT_SUCCESS;
}
