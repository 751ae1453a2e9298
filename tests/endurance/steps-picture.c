#include "steps.h"

#include "app/dinoscope-canvas-private.h"
#include "core/picture/occlude.h"

/* A value of any type: that of the parameter, mostly. */
static GVariant *
draw_value (DinoscopeOverlaySettings *settings, const char *name, struct draw *draw)
{
  g_autoptr (GVariant) now = dinoscope_overlay_settings_dup_value (settings, name);
  const char          *type = now != NULL && !draw_chance (draw, 10) ? g_variant_get_type_string (now) : "?";

  if (g_str_equal (type, "i") || draw_chance (draw, 6))
    return g_variant_new_int32 (draw_between (draw, -2, 40));
  if (g_str_equal (type, "d") || draw_chance (draw, 6))
    return g_variant_new_double (draw_wild (draw, -2, 20));
  if (g_str_equal (type, "b") || draw_chance (draw, 6))
    return g_variant_new_boolean (draw_chance (draw, 2));
  if (draw_chance (draw, 4))
    return g_variant_new ("(ii)", draw_between (draw, -3, 40), draw_between (draw, -3, 40));
  if (draw_chance (draw, 4))
    return g_variant_new_parsed ("[(1, 2), (3, 4), (-1, 99)]");
  if (draw_chance (draw, 20))
    return NULL;
  return g_variant_new_string (draw_text (draw));
}

static void
set_parameter (struct run *run, DinoscopeOverlaySettings *settings, struct draw *draw)
{
  GListModel                    *parameters = dinoscope_overlay_settings_get_parameters (settings);
  const guint                    n = parameters != NULL ? g_list_model_get_n_items (parameters) : 0;
  g_autoptr (DinoscopeParameter) parameter = n > 0 ? g_list_model_get_item (parameters, draw_below (draw, n)) : NULL;
  const char                    *name;
  GVariant                      *value;
  g_autofree char               *text = NULL;

  if (parameter == NULL)
    return;
  name = dinoscope_parameter_get_name (parameter);
  if (draw_chance (draw, 3))
    {
      run_say (run, " step %s", name);
      dinoscope_overlay_settings_step (settings, name, draw_between (draw, -2, 2));
      return;
    }
  value = draw_value (settings, name, draw);
  text = value != NULL ? g_variant_print (value, FALSE) : g_strdup ("off");
  run_say (run, " %s = %s", name, text);
  dinoscope_overlay_settings_set_value (settings, name, value);
}

static void
set_style (DinoscopeOverlaySettings *settings, struct draw *draw)
{
  struct dino_map_style style = *dinoscope_overlay_settings_get_style (settings);

  style.smooth = (enum dino_smooth) draw_below (draw, 3);
  style.contours = draw_between (draw, 0, DINO_MAX_CONTOURS);
  style.has_threshold = draw_chance (draw, 3);
  style.threshold = draw_double (draw, -3, 3);
  style.has_range = draw_chance (draw, 4);
  style.low = draw_double (draw, -3, 1);
  style.high = style.low + draw_double (draw, 0.01, 3);
  style.colormap = draw_chance (draw, 2) ? NULL : dino_colormap_find (draw_chance (draw, 2) ? "magma" : "viridis");
  dinoscope_overlay_settings_set_style (settings, &style);
}

void
step_overlay (struct run *run, struct draw *draw)
{
  DinoscopeOverlaySettings *settings = dinoscope_window_get_settings (run_get_window (run));
  const guint               what = draw_below (draw, 12);

  run_say (run, " %u", what);
  if (what < 4)
    {
      g_autoptr (GListModel)               providers = dinoscope_overlays_list_all ();
      g_autoptr (DinoscopeOverlayProvider) provider = g_list_model_get_item (providers, draw_below (draw, g_list_model_get_n_items (providers)));

      run_say (run, " %s", dinoscope_overlay_provider_get_id (provider));
      dinoscope_overlay_settings_set_provider (settings, provider);
    }
  else if (what < 8)
    set_parameter (run, settings, draw);
  else if (what == 8)
    set_style (settings, draw);
  else if (what == 9)
    dinoscope_overlay_settings_set_opacity (settings, draw_double (draw, -0.2, 1.2));
  else if (what == 10)
    dinoscope_overlay_settings_reset (settings);
  else
    {
      g_autoptr (GVariant) state = dinoscope_overlay_settings_dup_state (settings);

      dinoscope_overlay_settings_restore (settings, state);
    }
}

void
step_view (struct run *run, struct draw *draw)
{
  DinoscopePage   *page = run_get_page (run);
  DinoscopeCanvas *canvas = page != NULL ? dinoscope_page_get_canvas (page) : NULL;
  const guint      what = draw_below (draw, 6);
  const double     x = draw_double (draw, -50, 1200), y = draw_double (draw, -50, 900);

  run_say (run, " %u %.1f %.1f", what, x, y);
  if (canvas == NULL || run_get_study (run) == NULL)
    return;
  if (what < 2)
    dinoscope_canvas_zoom_at (canvas, draw_double (draw, 0.01, 40), x, y);
  else if (what == 2)
    dinoscope_canvas_reveal_patch (canvas, draw_between (draw, -1, 40), draw_between (draw, -1, 40));
  else if (what == 3)
    dinoscope_canvas_scroll (canvas, GDK_SCROLL_UNIT_WHEEL, draw_chance (draw, 2) ? GDK_CONTROL_MASK : 0, draw_between (draw, -3, 3), draw_between (draw, -3, 3));
  else if (what == 4)
    dinoscope_canvas_show_box (canvas, (struct dino_box){ x, y, x + draw_double (draw, 1, 300), y + draw_double (draw, 1, 300) }, draw_between (draw, 0, 3), draw_chance (draw, 2));
  else
    dinoscope_page_set_cover_visible (page, draw_chance (draw, 2));
}

void
step_marks (struct run *run, struct draw *draw)
{
  DinoscopePage *page = run_get_page (run);
  const guint    what = draw_below (draw, 6);
  const int      row = draw_between (draw, -1, 20), column = draw_between (draw, -1, 20);

  run_say (run, " %u %d %d", what, row, column);
  if (page == NULL)
    return;
  if (what < 2)
    dinoscope_marks_set_cursor (dinoscope_page_get_marks (page), row, column);
  else if (what == 2)
    dinoscope_marks_toggle_pin (dinoscope_page_get_marks (page), row, column);
  else if (what == 3)
    dinoscope_marks_clear_pins (dinoscope_page_get_marks (page));
  else if (what == 4)
    dinoscope_page_find_similar (page);
  else
    dinoscope_canvas_select_patch (dinoscope_page_get_canvas (page), row, column);
}

static struct dino_box
draw_box (struct draw *draw)
{
  struct dino_box box = { draw_wild (draw, -20, 600), draw_wild (draw, -20, 600), 0, 0 };

  box.x1 = box.x0 + draw_wild (draw, -50, 400);
  box.y1 = box.y0 + draw_wild (draw, -50, 400);
  return box;
}

void
step_regions (struct run *run, struct draw *draw)
{
  DinoscopePage        *page = run_get_page (run);
  DinoscopeRegions     *regions = page != NULL ? dinoscope_page_get_regions (page) : NULL;
  const guint           n = regions != NULL ? dinoscope_regions_get_n (regions) : 0, what = draw_below (draw, 8), index = draw_below (draw, n);
  const struct dino_box box = draw_box (draw);

  run_say (run, " %u (%g %g %g %g)", what, box.x0, box.y0, box.x1, box.y1);
  if (regions == NULL)
    return;
  if (n > 30)
    dinoscope_regions_clear (regions);
  else if (what < 3)
    dinoscope_regions_add (regions, draw_chance (draw, 2) ? DINO_SHAPE_BOX : DINO_SHAPE_ELLIPSE, box, draw_chance (draw, 2) ? NULL : draw_text (draw));
  else if (n == 0)
    return;
  else if (what == 3)
    dinoscope_regions_remove (regions, index);
  else if (what == 4)
    dinoscope_regions_set_box (regions, index, box);
  else if (what == 5)
    dinoscope_regions_set_label (regions, index, draw_text (draw));
  else
    dinoscope_regions_select (regions, draw_between (draw, -1, (int) n - 1));
}

void
step_scribbles (struct run *run, struct draw *draw)
{
  DinoscopePage      *page = run_get_page (run);
  DinoscopeScribbles *scribbles = page != NULL ? dinoscope_page_get_scribbles (page) : NULL;
  const guint         number = draw_chance (draw, 5) ? DINOSCOPE_SCRIBBLE_RUBS_OUT : draw_below (draw, 2);
  const int           n = draw_between (draw, 0, 12);

  run_say (run, " %u %d", number, n);
  if (scribbles == NULL || run_get_study (run) == NULL)
    return;
  if (draw_chance (draw, 10))
    {
      dinoscope_scribbles_clear (scribbles);
      return;
    }
  dinoscope_scribbles_begin (scribbles, number, draw_double (draw, 0.5, 60), draw_double (draw, -20, 600), draw_double (draw, -20, 600));
  for (int i = 0; i < n; i++)
    dinoscope_scribbles_extend (scribbles, draw_double (draw, -20, 600), draw_double (draw, -20, 600));
  dinoscope_scribbles_end (scribbles);
}

void
step_what_if (struct run *run, struct draw *draw)
{
  DinoscopePage              *page = run_get_page (run);
  DinoscopeWhatIf            *what_if = page != NULL ? dinoscope_page_get_what_if (page) : NULL;
  const struct dino_occlusion occlusion = { .fill = (enum dino_fill) draw_below (draw, 4), .level = draw_double (draw, 0, 1), .sigma = draw_double (draw, 0.5, 40) };
  const guint                 what = draw_below (draw, 6);

  run_say (run, " %u", what);
  if (what_if == NULL || !dinoscope_what_if_can_start (what_if))
    return;
  if (what < 3)
    dinoscope_what_if_cover (what_if, (struct dino_box){ draw_double (draw, -10, 200), draw_double (draw, -10, 200), draw_double (draw, 200, 500), draw_double (draw, 200, 500) }, &occlusion);
  else if (what < 5)
    {
      g_autoptr (GVariant) parameters = g_variant_ref_sink (g_variant_new_parsed ("{'window': <%i>, 'stride': <%i>}", draw_between (draw, 0, 6), draw_between (draw, 0, 6)));
      g_autoptr (GError)   error = NULL;

      if (!dinoscope_what_if_start_sweep (what_if, parameters, &error))
        run_say (run, " %s", error->message);
    }
  else
    dinoscope_what_if_reset (what_if);
}

void
step_preparation (struct run *run, struct draw *draw)
{
  DinoscopePage                *page = run_get_page (run);
  DinoscopePreparationSettings *settings = page != NULL ? dinoscope_page_get_preparation (page) : NULL;
  struct dino_preparation       preparation;

  if (settings == NULL)
    return;
  preparation = *dinoscope_preparation_settings_get (settings);
  switch (draw_below (draw, 6))
    {
    case 0:
      preparation.fit = (enum dino_fit) draw_below (draw, 3);
      break;
    case 1:
      preparation.model_input = (enum dino_model_input) draw_below (draw, 4);
      break;
    case 2:
      preparation.invert = (enum dino_invert) draw_below (draw, 3);
      break;
    case 3:
      preparation.input_size = draw_chance (draw, 2) ? 0 : draw_between (draw, 1, 30) * 14;
      break;
    case 4:
      preparation = (struct dino_preparation){ 0 };
      break;
    default:
      preparation.frame = draw_between (draw, 0, 4);
    }
  run_say (run, " fit %d input %d invert %d size %d frame %d", preparation.fit, preparation.model_input, preparation.invert, preparation.input_size, preparation.frame);
  dinoscope_preparation_settings_set (settings, &preparation);
}

void
step_history (struct run *run, struct draw *draw)
{
  const char *const actions[] = { "win.undo", "win.undo", "win.redo", "win.reset-view", "win.keep-view", "win.next-view", "win.previous-view", "win.cancel", "win.encode", "win.next-picture", "win.previous-picture" };
  const char       *action = actions[draw_below (draw, G_N_ELEMENTS (actions))];

  run_say (run, " %s", action);
  for (int i = draw_between (draw, 1, 3); i > 0; i--)
    gtk_widget_activate_action (GTK_WIDGET (run_get_window (run)), action, NULL);
}
