#include "steps.h"

#include <gtk/gtkunixprint.h>

/* All that can be seen and used below root. */
static void
collect (GtkWidget *root, GPtrArray *widgets)
{
  if (!gtk_widget_get_mapped (root) || !gtk_widget_is_sensitive (root))
    return;
  g_ptr_array_add (widgets, root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    collect (child, widgets);
}

static gboolean
is_foreign (gpointer window)
{
  return GTK_IS_FILE_CHOOSER_DIALOG (window) || GTK_IS_PRINT_UNIX_DIALOG (window) || GTK_IS_PAGE_SETUP_UNIX_DIALOG (window) || GTK_IS_APP_CHOOSER_DIALOG (window);
}

/* One that is modal comes before the others, as for a hand. */
static GtkWindow *
draw_window (struct draw *draw)
{
  GListModel *toplevels = gtk_window_get_toplevels ();
  const guint n = g_list_model_get_n_items (toplevels), place = draw_below (draw, n);
  GtkWindow  *drawn = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (is_foreign (window) || !gtk_widget_get_mapped (GTK_WIDGET (window)))
        continue;
      if (gtk_window_get_modal (window))
        return window;
      if (drawn == NULL || i == place)
        drawn = window;
    }
  return drawn;
}

gboolean
step_answer (struct run *run, struct draw *draw)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (!is_foreign (window) || !gtk_widget_get_visible (GTK_WIDGET (window)))
        continue;
      run_say (run, " %s", G_OBJECT_TYPE_NAME (window));
      if (!GTK_IS_FILE_CHOOSER (window) || draw_chance (draw, 2))
        gtk_dialog_response (GTK_DIALOG (window), GTK_RESPONSE_CANCEL);
      else
        {
          GtkFileChooser   *chooser = GTK_FILE_CHOOSER (window);
          g_autoptr (GFile) folder = g_file_new_for_path (run->ground.exports);
          g_autoptr (GFile) file = NULL;

          if (gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SAVE)
            {
              gtk_file_chooser_set_current_folder (chooser, folder, NULL);
              gtk_file_chooser_set_current_name (chooser, "chosen.png");
            }
          else
            {
              file = gtk_file_chooser_get_action (chooser) == GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER ? ground_draw_folder (&run->ground, draw) : ground_draw_file (&run->ground, draw);
              if (file != NULL)
                gtk_file_chooser_set_file (chooser, file, NULL);
            }
          gtk_dialog_response (GTK_DIALOG (window), GTK_RESPONSE_ACCEPT);
        }
      return TRUE;
    }
  return FALSE;
}

static void
use_range (GtkAdjustment *adjustment, struct draw *draw)
{
  gtk_adjustment_set_value (adjustment, draw_double (draw, gtk_adjustment_get_lower (adjustment), gtk_adjustment_get_upper (adjustment)));
}

/* One of n, or none. */
static guint
draw_place (guint n, struct draw *draw)
{
  return n == 0 || draw_chance (draw, 20) ? GTK_INVALID_LIST_POSITION : draw_below (draw, n);
}

/* FALSE: a hand has nothing to do there. */
static gboolean
use_choice (GtkWidget *widget, struct draw *draw)
{
  if (GTK_IS_DROP_DOWN (widget))
    {
      GListModel *model = gtk_drop_down_get_model (GTK_DROP_DOWN (widget));

      gtk_drop_down_set_selected (GTK_DROP_DOWN (widget), draw_place (model != NULL ? g_list_model_get_n_items (model) : 0, draw));
    }
  else if (ADW_IS_COMBO_ROW (widget))
    {
      GListModel *model = adw_combo_row_get_model (ADW_COMBO_ROW (widget));

      adw_combo_row_set_selected (ADW_COMBO_ROW (widget), draw_place (model != NULL ? g_list_model_get_n_items (model) : 0, draw));
    }
  else
    return FALSE;
  return TRUE;
}

static gboolean
use_list (GtkWidget *widget, struct draw *draw)
{
  GtkSelectionModel *model = NULL;
  guint              n;

  if (GTK_IS_LIST_VIEW (widget))
    model = gtk_list_view_get_model (GTK_LIST_VIEW (widget));
  else if (GTK_IS_GRID_VIEW (widget))
    model = gtk_grid_view_get_model (GTK_GRID_VIEW (widget));
  else if (GTK_IS_COLUMN_VIEW (widget))
    model = gtk_column_view_get_model (GTK_COLUMN_VIEW (widget));
  n = model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (model)) : 0;
  if (n == 0)
    return FALSE;
  if (draw_chance (draw, 2))
    gtk_selection_model_select_item (model, draw_below (draw, n), TRUE);
  else
    g_signal_emit_by_name (widget, "activate", draw_below (draw, n));
  return TRUE;
}

static gboolean
use_switch (GtkWidget *widget)
{
  if (GTK_IS_SWITCH (widget))
    gtk_switch_set_active (GTK_SWITCH (widget), !gtk_switch_get_active (GTK_SWITCH (widget)));
  else if (GTK_IS_TOGGLE_BUTTON (widget))
    gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (widget), !gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (widget)));
  else if (GTK_IS_CHECK_BUTTON (widget))
    gtk_check_button_set_active (GTK_CHECK_BUTTON (widget), !gtk_check_button_get_active (GTK_CHECK_BUTTON (widget)));
  else if (ADW_IS_EXPANDER_ROW (widget))
    adw_expander_row_set_expanded (ADW_EXPANDER_ROW (widget), !adw_expander_row_get_expanded (ADW_EXPANDER_ROW (widget)));
  else if (GTK_IS_EXPANDER (widget))
    gtk_expander_set_expanded (GTK_EXPANDER (widget), !gtk_expander_get_expanded (GTK_EXPANDER (widget)));
  else
    return FALSE;
  return TRUE;
}

/* Links lead out of the program. */
static gboolean
use_button (GtkWidget *widget)
{
  if (GTK_IS_MENU_BUTTON (widget))
    gtk_menu_button_popup (GTK_MENU_BUTTON (widget));
  else if (GTK_IS_POPOVER (widget))
    gtk_popover_popdown (GTK_POPOVER (widget));
  else if (GTK_IS_BUTTON (widget) && !GTK_IS_LINK_BUTTON (widget))
    g_signal_emit_by_name (widget, "clicked");
  else if (GTK_IS_LIST_BOX_ROW (widget))
    g_signal_emit_by_name (widget, "activate");
  else
    return FALSE;
  return TRUE;
}

static gboolean
use_text (GtkWidget *widget, struct draw *draw)
{
  if (GTK_IS_SPIN_BUTTON (widget))
    use_range (gtk_spin_button_get_adjustment (GTK_SPIN_BUTTON (widget)), draw);
  else if (GTK_IS_RANGE (widget))
    use_range (gtk_range_get_adjustment (GTK_RANGE (widget)), draw);
  else if (GTK_IS_EDITABLE (widget) && gtk_editable_get_editable (GTK_EDITABLE (widget)))
    {
      gtk_editable_set_text (GTK_EDITABLE (widget), draw_text (draw));
      if (GTK_IS_TEXT (widget) && draw_chance (draw, 2))
        g_signal_emit_by_name (widget, "activate");
    }
  else
    return FALSE;
  return TRUE;
}

/* FALSE: it is not for hands. */
static gboolean
use (GtkWidget *widget, struct draw *draw)
{
  return use_choice (widget, draw) || use_list (widget, draw) || use_switch (widget) || use_text (widget, draw) || use_button (widget);
}

static gboolean
is_of_about (GtkWidget *widget)
{
  return ADW_IS_ABOUT_WINDOW (gtk_widget_get_root (widget));
}

/* Would open a popover where there is no room for one: GTK 4.8 makes it as high as what is
 * left to the screen's edge, which is less than nothing there (gdksurface.c,
 * gdk_surface_layout_popup_helper()). By hand and by keys it comes into sight first. */
static gboolean
is_out_of_sight (GtkWidget *widget)
{
  GtkWidget      *parent = gtk_widget_get_parent (widget), *root = GTK_WIDGET (gtk_widget_get_root (widget));
  graphene_rect_t bounds;

  if (!GTK_IS_DROP_DOWN (parent) && !GTK_IS_MENU_BUTTON (parent))
    return FALSE;
  return !gtk_widget_compute_bounds (widget, root, &bounds) || bounds.origin.y < 0 || bounds.origin.y + bounds.size.height > (float) gtk_widget_get_height (root);
}

void
step_widget (struct run *run, struct draw *draw)
{
  GtkWindow            *window = draw_window (draw);
  g_autoptr (GPtrArray) widgets = g_ptr_array_new ();
  guint                 first;

  if (window == NULL)
    return;
  collect (GTK_WIDGET (window), widgets);
  if (widgets->len == 0)
    return;
  first = draw_below (draw, widgets->len);
  for (guint i = 0; i < widgets->len; i++)
    {
      GtkWidget *widget = g_ptr_array_index (widgets, (first + i) % widgets->len);

      /* The about window's rows are links. */
      if (is_of_about (widget) || is_out_of_sight (widget))
        continue;
      if (GTK_IS_BUTTON (widget) || ADW_IS_PREFERENCES_ROW (widget) || GTK_IS_DROP_DOWN (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_SWITCH (widget) || GTK_IS_RANGE (widget) ||
          GTK_IS_LIST_VIEW (widget) || GTK_IS_GRID_VIEW (widget) || GTK_IS_COLUMN_VIEW (widget) || GTK_IS_MENU_BUTTON (widget) || GTK_IS_POPOVER (widget) || GTK_IS_CHECK_BUTTON (widget) ||
          GTK_IS_EXPANDER (widget) || GTK_IS_LIST_BOX_ROW (widget))
        {
          const char *label = GTK_IS_BUTTON (widget) ? gtk_button_get_label (GTK_BUTTON (widget)) : NULL;

          run_say (run, " %s: %s %s of %s", G_OBJECT_TYPE_NAME (window), G_OBJECT_TYPE_NAME (widget), label != NULL ? label : gtk_widget_get_name (widget), G_OBJECT_TYPE_NAME (gtk_widget_get_parent (widget) != NULL ? gtk_widget_get_parent (widget) : widget));
          /* What is used may go with its window. */
          g_object_ref (widget);
          if (use (widget, draw))
            i = widgets->len;
          g_object_unref (widget);
        }
    }
}

/* A parameter of that type; NULL: none of these. */
static GVariant *
draw_parameter (const GVariantType *type, struct draw *draw)
{
  if (g_variant_type_equal (type, G_VARIANT_TYPE_INT32))
    return g_variant_new_int32 (draw_between (draw, -2, 9));
  if (g_variant_type_equal (type, G_VARIANT_TYPE_DOUBLE))
    return g_variant_new_double (draw_double (draw, -3, 3));
  if (g_variant_type_equal (type, G_VARIANT_TYPE ("(dd)")))
    return g_variant_new ("(dd)", draw_double (draw, -10, 10), draw_double (draw, -10, 10));
  return NULL;
}

/* An action that a widget's class has. */
void
step_action (struct run *run, struct draw *draw)
{
  GtkWindow            *window = draw_window (draw);
  g_autoptr (GPtrArray) widgets = g_ptr_array_new ();
  GtkWidget            *widget;
  GType                 owner;
  const char           *name, *property;
  const GVariantType   *type;
  guint                 n = 0, first;

  if (window == NULL)
    return;
  collect (GTK_WIDGET (window), widgets);
  /* The window's own and the canvas' more often than others. */
  first = draw_chance (draw, 3) ? 0 : draw_below (draw, widgets->len);
  for (guint i = 0; i < widgets->len && n == 0; i++)
    {
      widget = g_ptr_array_index (widgets, (first + i) % widgets->len);
      if (!g_str_has_prefix (G_OBJECT_TYPE_NAME (widget), "Dinoscope"))
        continue;
      while (gtk_widget_class_query_action (GTK_WIDGET_GET_CLASS (widget), n, &owner, &name, &type, &property))
        n++;
    }
  if (n == 0)
    return;
  gtk_widget_class_query_action (GTK_WIDGET_GET_CLASS (widget), draw_below (draw, n), &owner, &name, &type, &property);
  run_say (run, " %s of %s", name, G_OBJECT_TYPE_NAME (widget));
  if (type == NULL || property != NULL)
    gtk_widget_activate_action (widget, name, NULL);
  else
    {
      GVariant *parameter = draw_parameter (type, draw);

      if (parameter != NULL)
        gtk_widget_activate_action_variant (widget, name, parameter);
    }
}

static const char *const keys[] = {
  "Tab",
  "shift+Tab",
  "Escape",
  "Return",
  "space",
  "Left",
  "Right",
  "Up",
  "Down",
  "Home",
  "End",
  "Page_Up",
  "Page_Down",
  "Delete",
  "BackSpace",
  "F6",
  "F8",
  "F9",
  "F10",
  "F11",
  "a",
  "b",
  "c",
  "d",
  "e",
  "f",
  "g",
  "h",
  "i",
  "m",
  "n",
  "o",
  "p",
  "r",
  "s",
  "shift+r",
  "shift+d",
  "plus",
  "minus",
  "bracketleft",
  "bracketright",
  "1",
  "5",
  "ctrl+z",
  "ctrl+shift+z",
  "ctrl+w",
  "ctrl+d",
  "ctrl+c",
  "ctrl+v",
  "ctrl+f",
  "ctrl+0",
  "ctrl+1",
  "ctrl+Left",
  "shift+Left",
  "alt+Left",
  "alt+Right",
  "ctrl+Tab",
  "ctrl+Page_Down",
  "ctrl+shift+c",
  "ctrl+BackSpace",
  "Menu",
  "shift+F10",
  "Insert",
};

/* To places of the window: a dialog of files could be hit otherwise. */
void
step_hand (struct run *run, struct draw *draw)
{
  GtkWindow  *window = draw_window (draw);
  const guint what = draw_below (draw, 10);
  const int   width = window != NULL ? gtk_widget_get_width (GTK_WIDGET (window)) : 0, height = window != NULL ? gtk_widget_get_height (GTK_WIDGET (window)) : 0;
  const int   x = draw_between (draw, 0, MAX (width, 1)), y = draw_between (draw, 0, MAX (height, 1));

  if (run->hand == NULL || window == NULL)
    return;
  if (what < 5)
    {
      const char *key = keys[draw_below (draw, G_N_ELEMENTS (keys))];

      run_say (run, " key %s", key);
      fprintf (run->hand, "key %s\n", key);
    }
  else if (what < 8)
    {
      static const int buttons[] = { 1, 1, 1, 1, 3, 4, 5, 4, 5, 2 };
      const int        button = buttons[draw_below (draw, G_N_ELEMENTS (buttons))];

      run_say (run, " click %d at %d %d", button, x, y);
      fprintf (run->hand, "mousemove %d %d\nclick %d\n", x, y, button);
    }
  else
    {
      const int button = draw_chance (draw, 4) ? 3 : 1, to_x = draw_between (draw, 0, MAX (width, 1)), to_y = draw_between (draw, 0, MAX (height, 1));

      run_say (run, " drag %d from %d %d to %d %d", button, x, y, to_x, to_y);
      fprintf (run->hand, "mousemove %d %d\nmousedown %d\nmousemove %d %d\nmousemove %d %d\nmouseup %d\n", x, y, button, (x + to_x) / 2, (y + to_y) / 2, to_x, to_y, button);
    }
  fflush (run->hand);
}
