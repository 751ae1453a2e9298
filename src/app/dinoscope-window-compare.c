/* DinoscopeWindow: views beside each other. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-compare-model.h"
#include "app/dinoscope-window-private.h"

static guint
count_views (DinoscopeWindow *self)
{
  return self->board != NULL ? dinoscope_board_get_n_pages (self->board) : 0;
}

static gboolean
has_room (DinoscopeWindow *self)
{
  return self->page != NULL && count_views (self) < DINOSCOPE_BOARD_MAX_PAGES;
}

/* A view beside the current one; NULL, after saying so, when there is no room. */
static DinoscopePage *
add_view (DinoscopeWindow *self)
{
  DinoscopePage *page;

  if (!has_room (self))
    {
      dinoscope_window_tell (self, _ ("Four views are the most that fit beside each other. Close one first."));
      return NULL;
    }
  page = dinoscope_page_new (self->session);
  dinoscope_board_add_page (self->board, page);
  return page;
}

DinoscopePage *
dinoscope_window_compare_file (DinoscopeWindow *self, GFile *file)
{
  DinoscopePage *page;

  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (self), NULL);
  g_return_val_if_fail (G_IS_FILE (file), NULL);

  page = add_view (self);
  if (page != NULL)
    dinoscope_page_open_file (page, file);
  return page;
}

DinoscopePage *
dinoscope_window_compare_picture (DinoscopeWindow *self, DinoscopePage *with, DinoscopeModel *model)
{
  DinoscopePage *page;

  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (self), NULL);
  g_return_val_if_fail (DINOSCOPE_IS_PAGE (with), NULL);

  page = add_view (self);
  if (page == NULL)
    return NULL;
  dinoscope_page_set_model (page, model);
  dinoscope_page_copy_picture (page, with);
  return page;
}

static void
compare_file_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_choose_compared (DINOSCOPE_WINDOW (widget));
}

static void
compare_tab_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  int              index = g_variant_get_int32 (parameter);

  if (self->page != NULL && index >= 0 && index < adw_tab_view_get_n_pages (self->tab_view))
    dinoscope_window_compare_picture (self, dinoscope_board_get_current (dinoscope_window_get_board (adw_tab_view_get_nth_page (self->tab_view, index))), NULL);
}

static void
compare_previous_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  GFile           *previous = self->page != NULL ? dinoscope_page_get_neighbour (self->page, -1) : NULL;

  if (previous != NULL)
    dinoscope_window_compare_file (self, previous);
}

static void
compare_preparation_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  DinoscopePage   *page = self->page != NULL ? dinoscope_window_compare_picture (self, self->page, NULL) : NULL;

  if (page == NULL)
    return;
  dinoscope_page_own_preparation (page);
  dinoscope_board_set_current (self->board, page);
  dinoscope_board_show_preparation (self->board, page);
}

static void
model_loaded_cb (DinoscopeWindow *self, DinoscopeModel *model)
{
  if (self->page != NULL)
    dinoscope_window_compare_picture (self, self->page, model);
}

static void
compare_model_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow       *self = DINOSCOPE_WINDOW (widget);
  DinoscopeCompareModel *dialog = dinoscope_compare_model_new (GTK_WINDOW (self), self->session, self->preferences);

  g_signal_connect_object (dialog, "loaded", G_CALLBACK (model_loaded_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
close_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (count_views (self) > 1)
    {
      dinoscope_board_remove_page (self->board, self->page);
      gtk_widget_grab_focus (GTK_WIDGET (self->board));
    }
}

static void
step_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->board == NULL)
    return;
  dinoscope_board_step (self->board, g_str_equal (name, "win.compare-next") ? 1 : -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->board));
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.compare-file", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.compare-close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_l, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.compare-linked", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F7, 0, "win.compare-slider", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, 0, "win.compare-next", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F6, GDK_SHIFT_MASK, "win.compare-back", NULL);
}

void
dinoscope_window_class_compare_init (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.compare-file", NULL, compare_file_action);
  gtk_widget_class_install_action (widget_class, "win.compare-tab", "i", compare_tab_action);
  gtk_widget_class_install_action (widget_class, "win.compare-previous", NULL, compare_previous_action);
  gtk_widget_class_install_action (widget_class, "win.compare-preparation", NULL, compare_preparation_action);
  gtk_widget_class_install_action (widget_class, "win.compare-model", NULL, compare_model_action);
  gtk_widget_class_install_action (widget_class, "win.compare-close", NULL, close_view_action);
  gtk_widget_class_install_action (widget_class, "win.compare-next", NULL, step_view_action);
  gtk_widget_class_install_action (widget_class, "win.compare-back", NULL, step_view_action);
  gtk_widget_class_install_property_action (widget_class, "win.compare-linked", "compare-linked");
  gtk_widget_class_install_property_action (widget_class, "win.compare-slider", "compare-slider");
  bind_keys (widget_class);
}

/* How views go together is the window's, as overlays are. */
void
dinoscope_window_apply_compare (DinoscopeWindow *self)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    g_object_set (dinoscope_window_get_board (adw_tab_view_get_nth_page (self->tab_view, i)), "linked", self->compare_linked, "slider", self->compare_slider, NULL);
}

/* The other tabs, by what they show. */
static void
update_tabs (DinoscopeWindow *self)
{
  AdwTabPage *selected = adw_tab_view_get_selected_page (self->tab_view);

  g_menu_remove_all (self->compare_tabs);
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage           *tab = adw_tab_view_get_nth_page (self->tab_view, i);
      g_auto (GStrv)        parts = NULL;
      g_autofree char      *label = NULL;
      g_autoptr (GMenuItem) item = NULL;

      if (tab == selected)
        continue;
      /* An underscore in a name is no mnemonic. */
      parts = g_strsplit (dinoscope_page_get_title (dinoscope_board_get_current (dinoscope_window_get_board (tab))), "_", -1);
      label = g_strjoinv ("__", parts);
      item = g_menu_item_new (label, NULL);
      g_menu_item_set_action_and_target (item, "win.compare-tab", "i", i);
      g_menu_append_item (self->compare_tabs, item);
    }
  /* Without an action, so that it cannot be chosen. */
  if (g_menu_model_get_n_items (G_MENU_MODEL (self->compare_tabs)) == 0)
    g_menu_append (self->compare_tabs, _ ("There Is No Other Tab"), "win.none");
}

void
dinoscope_window_update_compare (DinoscopeWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean   room = has_room (self);
  gboolean   shown = room && dinoscope_page_get_study (self->page) != NULL;
  gboolean   several = count_views (self) > 1;

  gtk_widget_action_set_enabled (widget, "win.compare-file", room);
  gtk_widget_action_set_enabled (widget, "win.compare-tab", room);
  gtk_widget_action_set_enabled (widget, "win.compare-previous", room && dinoscope_page_get_neighbour (self->page, -1) != NULL);
  gtk_widget_action_set_enabled (widget, "win.compare-preparation", shown);
  gtk_widget_action_set_enabled (widget, "win.compare-model", shown);
  gtk_widget_action_set_enabled (widget, "win.compare-close", several);
  gtk_widget_action_set_enabled (widget, "win.compare-next", several);
  gtk_widget_action_set_enabled (widget, "win.compare-back", several);
  gtk_widget_action_set_enabled (widget, "win.compare-linked", several);
  gtk_widget_action_set_enabled (widget, "win.compare-slider", count_views (self) == 2);
  update_tabs (self);
}
