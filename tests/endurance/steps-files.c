#include "steps.h"

#include "app/dinoscope-embed-dialog.h"

static char *
name_of (GFile *file)
{
  return file != NULL ? g_file_get_basename (file) : g_strdup ("nothing");
}

void
step_open (struct run *run, struct draw *draw)
{
  DinoscopeWindow *window = run_get_window (run);
  GFile           *files[4];
  int              n = draw_chance (draw, 4) ? draw_between (draw, 2, 4) : 1, n_files = 0;

  for (int i = 0; i < n; i++)
    {
      GFile           *file = ground_draw_file (&run->ground, draw);
      g_autofree char *name = name_of (file);

      run_say (run, " %s", name);
      if (file != NULL)
        files[n_files++] = file;
    }
  if (draw_chance (draw, 10) && n_files > 0)
    {
      g_autoptr (GBytes) bytes = g_file_load_bytes (files[0], NULL, NULL, NULL);

      run_say (run, " as bytes");
      if (bytes != NULL)
        dinoscope_window_open_bytes (window, bytes, draw_text (draw));
    }
  else if (draw_chance (draw, 10) && n_files > 0)
    g_application_open (G_APPLICATION (run->application), files, n_files, "");
  else
    dinoscope_window_open_files (window, files, n_files);
  for (int i = 0; i < n_files; i++)
    g_object_unref (files[i]);
}

static AdwTabPage *
draw_tab (DinoscopeWindow *window, struct draw *draw)
{
  const int n = adw_tab_view_get_n_pages (window->tab_view);

  return n > 0 ? adw_tab_view_get_nth_page (window->tab_view, (int) draw_below (draw, (guint) n)) : NULL;
}

void
step_tabs (struct run *run, struct draw *draw)
{
  DinoscopeWindow *window = run_get_window (run);
  AdwTabPage      *tab = draw_tab (window, draw);
  const guint      what = draw_below (draw, 10);

  /* More than a person has. */
  if (adw_tab_view_get_n_pages (window->tab_view) > 12)
    {
      run_say (run, " close the others");
      adw_tab_view_close_other_pages (window->tab_view, tab);
    }
  else if (tab == NULL)
    run_say (run, " none");
  else if (what < 6)
    {
      run_say (run, " select");
      adw_tab_view_set_selected_page (window->tab_view, tab);
    }
  else if (what < 9)
    {
      run_say (run, " close");
      adw_tab_view_close_page (window->tab_view, tab);
    }
  else
    {
      run_say (run, " move");
      adw_tab_view_reorder_page (window->tab_view, tab, (int) draw_below (draw, (guint) adw_tab_view_get_n_pages (window->tab_view)));
    }
}

void
step_compare (struct run *run, struct draw *draw)
{
  DinoscopeWindow  *window = run_get_window (run);
  g_autoptr (GFile) file = ground_draw_file (&run->ground, draw);
  const guint       what = draw_below (draw, 8);

  run_say (run, " %u", what);
  if (window->board == NULL)
    return;
  if (what == 0 && file != NULL)
    dinoscope_window_compare_file (window, file);
  else if (what == 1)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.compare-tab", "i", draw_between (draw, -2, 5));
  else if (what == 2)
    gtk_widget_activate_action (GTK_WIDGET (window), draw_chance (draw, 2) ? "win.compare-previous" : "win.compare-preparation", NULL);
  else if (what == 3)
    dinoscope_board_remove_page (window->board, dinoscope_board_get_page (window->board, draw_below (draw, dinoscope_board_get_n_pages (window->board))));
  else if (what == 4)
    dinoscope_board_step (window->board, draw_between (draw, -3, 3));
  else if (what == 5)
    dinoscope_board_set_current (window->board, dinoscope_board_get_page (window->board, draw_below (draw, dinoscope_board_get_n_pages (window->board))));
  else if (what == 6)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.compare-linked", NULL);
  else
    gtk_widget_activate_action (GTK_WIDGET (window), "win.compare-slider", NULL);
}

void
step_export (struct run *run, struct draw *draw)
{
  DinoscopeWindow  *window = run_get_window (run);
  g_autoptr (GFile) file = ground_draw_export (&run->ground, draw);
  g_autofree char  *name = name_of (file);
  const guint       what = draw_below (draw, 10);

  run_say (run, " %s %u", name, what);
  ground_tidy (&run->ground);
  if (!dinoscope_window_can_export (window))
    return;
  if (what < 6)
    dinoscope_window_export_to (window, file, draw_below (draw, 16));
  else if (what == 6)
    dinoscope_window_copy (window);
  else if (what == 7)
    dinoscope_window_paste (window);
  else if (what == 8)
    dinoscope_window_print (window, g_file_peek_path (file));
  else
    dinoscope_window_choose_export (window);
}

/* The folder of pictures in the open dialog. */
static void
fill_embed_dialog (struct run *run)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);
      g_autofree char      *output = g_build_filename (run->ground.exports, "embeddings", NULL);
      g_autoptr (GFile)     pictures = g_file_new_for_path (run->ground.pictures), outputs = g_file_new_for_path (output);

      if (!DINOSCOPE_IS_EMBED_DIALOG (window))
        continue;
      run_say (run, " filled");
      dinoscope_embed_dialog_set_pictures (DINOSCOPE_EMBED_DIALOG (window), pictures);
      dinoscope_embed_dialog_set_output (DINOSCOPE_EMBED_DIALOG (window), outputs);
    }
}

void
step_collection (struct run *run, struct draw *draw)
{
  DinoscopeWindow  *window = run_get_window (run);
  g_autoptr (GFile) folder = ground_draw_folder (&run->ground, draw);
  const guint       what = draw_below (draw, 8);

  run_say (run, " %s %u", g_file_peek_path (folder), what);
  if (what < 2)
    dinoscope_window_open_index (window, folder);
  else if (what == 2)
    dinoscope_window_close_index (window);
  else if (what == 3)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-scatter", NULL);
  else if (what == 4)
    gtk_widget_activate_action (GTK_WIDGET (window), "win.embed-folder", NULL);
  else if (what == 5)
    fill_embed_dialog (run);
  else if (what == 6)
    {
      g_autoptr (DinoscopeCollection) collection = dinoscope_collection_new (folder, NULL);

      dinoscope_session_set_collection (window->session, collection);
    }
  else
    gtk_widget_activate_action (GTK_WIDGET (window), "win.show-neighbors", NULL);
}

void
step_model (struct run *run, struct draw *draw)
{
  DinoscopeSession *session = dinoscope_application_get_session (run->application);
  g_autofree char  *path = ground_draw_model (&run->ground, draw);
  g_autofree char  *name = g_path_get_basename (path);

  run_say (run, " %s", name);
  if (draw_chance (draw, 4))
    dinoscope_session_set_precision (session, (enum dino_precision) draw_below (draw, 3));
  else
    dinoscope_session_switch_model (session, path, path, DINOSCOPE_MODEL_SOURCE_SETTING);
}

/* Any value of any key that the schema allows; window sizes are the windows' matter. */
void
step_settings (struct run *run, struct draw *draw)
{
  static const char *const colormaps[] = { "", "viridis", "magma", "none of them" };
  static const char *const precisions[] = { "fp32", "bf16", "int8" };
  static const char *const overlays[] = { "", "pca", "norm", "similarity", "none of them" };
  static const char *const switches[] = { "packed-cache", "wheel-zooms", "show-panel", "show-strip", "strip-of-blocks", "strip-shared-scale", "offer-rad-dino" };
  GSettings               *settings = run_get_window (run)->preferences;
  const guint              what = draw_below (draw, 8);

  run_say (run, " %u", what);
  if (what == 0)
    g_settings_set_string (settings, "colormap", colormaps[draw_below (draw, G_N_ELEMENTS (colormaps))]);
  else if (what == 1)
    g_settings_set_string (settings, "precision", precisions[draw_below (draw, G_N_ELEMENTS (precisions))]);
  else if (what == 2)
    g_settings_set_string (settings, "start-overlay", overlays[draw_below (draw, G_N_ELEMENTS (overlays))]);
  else if (what == 3)
    g_settings_set_uint (settings, "feature-memory", draw_chance (draw, 2) ? 0 : draw_below (draw, 64));
  else
    {
      const char *key = switches[draw_below (draw, G_N_ELEMENTS (switches))];

      g_settings_set_boolean (settings, key, !g_settings_get_boolean (settings, key));
    }
}

void
step_windows (struct run *run, struct draw *draw)
{
  GListModel           *toplevels = gtk_window_get_toplevels ();
  const guint           n = g_list_model_get_n_items (toplevels), what = draw_below (draw, 24);
  g_autoptr (GtkWindow) any = n > 0 ? g_list_model_get_item (toplevels, draw_below (draw, n)) : NULL;
  GtkWindow            *window = GTK_WINDOW (run_get_window (run));

  run_say (run, " %u", what);
  if (what < 6)
    gtk_window_set_default_size (window, draw_between (draw, 1, 1500), draw_between (draw, 1, 1100));
  else if (what < 8)
    g_object_set (window, "fullscreened", !gtk_window_is_fullscreen (window), NULL);
  else if (what < 9)
    g_object_set (window, "maximized", !gtk_window_is_maximized (window), NULL);
  else if (what < 12)
    {
      static const char *const actions[] = { "about", "help", "preferences", "plugins", "open", "paste" };

      g_action_group_activate_action (G_ACTION_GROUP (run->application), actions[draw_below (draw, G_N_ELEMENTS (actions))], NULL);
    }
  else if (what < 20 && any != NULL && (any != window || draw_chance (draw, 10)))
    {
      run_say (run, " close %s", G_OBJECT_TYPE_NAME (any));
      gtk_window_close (any);
    }
  else if (what == 20 && draw_chance (draw, 3))
    {
      run_say (run, " quit");
      run->quits = TRUE;
      /* GTK's own dialogs do not bear to be referenced when their window goes. */
      g_clear_object (&any);
      g_action_group_activate_action (G_ACTION_GROUP (run->application), "quit", NULL);
    }
  else
    g_application_activate (G_APPLICATION (run->application));
}

void
step_disturb (struct run *run, struct draw *draw)
{
  g_autofree char *what = ground_disturb (&run->ground, draw);

  run_say (run, " %s", what);
}
