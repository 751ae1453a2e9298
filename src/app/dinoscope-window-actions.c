/* DinoscopeWindow: its actions and the keys that start them. */
#include <glib/gi18n-lib.h>

#include "app/dinoscope-embed-dialog.h"
#include "app/dinoscope-get-model-dialog.h"
#include "app/dinoscope-model-chooser.h"
#include "app/dinoscope-window-private.h"

#define OPACITY_STEP 0.05

static void
open_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_choose_file (DINOSCOPE_WINDOW (widget));
}

static void
paste_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_paste (DINOSCOPE_WINDOW (widget));
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_choose_export (DINOSCOPE_WINDOW (widget));
}

static void
print_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_print (DINOSCOPE_WINDOW (widget), NULL);
}

static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_copy (DINOSCOPE_WINDOW (widget));
}

static void
try_example_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_window_try_example (DINOSCOPE_WINDOW (widget));
}

/* The tab, or the window when there is none. */
static void
close_tab_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  AdwTabPage      *tab = adw_tab_view_get_selected_page (self->tab_view);

  if (tab != NULL)
    adw_tab_view_close_page (self->tab_view, tab);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
step_picture_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  gboolean         on = g_str_equal (name, "win.next-picture");

  if (!dinoscope_window_step_slides (self, on) && self->page != NULL)
    dinoscope_page_step (self->page, on ? 1 : -1);
}

static void
encode_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page != NULL)
    dinoscope_page_encode (self->page);
}

static void
cancel_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page != NULL)
    dinoscope_page_cancel (self->page);
}

/* win.next-block: the parameter "block", one on. */
static void
step_parameter_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  dinoscope_overlay_settings_step (self->settings, strrchr (name, '-') + 1, g_str_has_prefix (name, "win.next-") ? 1 : -1);
}

static void
history_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page == NULL)
    return;
  if (g_str_equal (name, "win.undo"))
    dinoscope_history_undo (dinoscope_page_get_history (self->page));
  else
    dinoscope_history_redo (dinoscope_page_get_history (self->page));
}

static void
reset_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page != NULL)
    dinoscope_page_reset_view (self->page);
}

static void
find_similar_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page != NULL)
    dinoscope_page_find_similar (self->page);
}

static void
kept_view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  if (self->page == NULL)
    return;
  if (g_str_equal (name, "win.keep-view"))
    dinoscope_page_keep_view (self->page);
  else
    dinoscope_page_step_view (self->page, g_str_equal (name, "win.next-view") ? 1 : -1);
}

static void
opacity_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  double           step = g_str_equal (name, "win.opacity-up") ? OPACITY_STEP : -OPACITY_STEP;

  dinoscope_overlay_settings_set_opacity (self->settings, dinoscope_overlay_settings_get_opacity (self->settings) + step);
}

static void
show_map_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  gtk_toggle_button_set_active (self->map_button, !gtk_toggle_button_get_active (self->map_button));
}

/* By download, or where there is no network from a folder. */
static void
get_model_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_get_model_dialog_show (GTK_WINDOW (widget), DINOSCOPE_WINDOW (widget)->session, g_str_equal (name, "win.get-model"));
}

static void
embed_folder_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  dinoscope_embed_dialog_show (GTK_WINDOW (widget), DINOSCOPE_WINDOW (widget)->session);
}

static void
choose_model_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);

  dinoscope_model_chooser_show (GTK_WINDOW (widget), self->session, self->preferences);
}

static void
fullscreen_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWindow *window = GTK_WINDOW (widget);

  if (dinoscope_window_end_presentation (DINOSCOPE_WINDOW (widget)))
    return;
  /* Escape leaves what came last: the presentation, full screen, then the slides. */
  if (g_str_equal (name, "win.leave-fullscreen") && !gtk_window_is_fullscreen (window) && dinoscope_window_end_slides (DINOSCOPE_WINDOW (widget)))
    return;
  if (g_str_equal (name, "win.leave-fullscreen") || gtk_window_is_fullscreen (window))
    gtk_window_unfullscreen (window);
  else
    gtk_window_fullscreen (window);
}

/* win.view-fit: the canvas' view.fit. */
static void
view_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (widget);
  g_autofree char *of_canvas = g_strconcat ("view.", name + strlen ("win.view-"), NULL);

  if (self->page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (dinoscope_page_get_canvas (self->page)), of_canvas, NULL);
}

static const char *const view_actions[] = {
  "win.view-zoom-in",
  "win.view-zoom-out",
  "win.view-fit",
  "win.view-original-size",
  "win.view-turn-right",
  "win.view-turn-left",
  "win.view-flip",
  "win.view-grid",
  "win.view-measure",
  "win.view-region-box",
  "win.view-region-ellipse",
  "win.view-region-next",
  "win.view-region-add",
  "win.view-region-remove",
  "win.view-paint",
  "win.view-rub-out",
  "win.view-paint-class-next",
  "win.view-paint-patch",
  "win.view-model",
  "win.view-pin",
  "win.view-clear-pins",
  "win.view-window-auto",
  "win.view-window-full",
  "win.view-window-reset",
  "win.view-invert",
};

static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "win.paste", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "win.export", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "win.print", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "win.close-tab", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_e, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.choose-model", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "win.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_BackSpace, GDK_CONTROL_MASK, "win.reset-view", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_d, GDK_CONTROL_MASK, "win.keep-view", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F9, 0, "win.show-panel", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F11, 0, "win.fullscreen", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.leave-fullscreen", NULL);
}

void
dinoscope_window_class_actions_init (GtkWidgetClass *widget_class)
{
  static const char *const steps[] = { "win.next-block", "win.previous-block", "win.next-head", "win.previous-head" };

  dinoscope_window_class_scatter_init (widget_class);
  gtk_widget_class_install_action (widget_class, "win.open", NULL, open_action);
  gtk_widget_class_install_action (widget_class, "win.paste", NULL, paste_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "win.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "win.try-example", NULL, try_example_action);
  gtk_widget_class_install_action (widget_class, "win.close-tab", NULL, close_tab_action);
  gtk_widget_class_install_action (widget_class, "win.previous-picture", NULL, step_picture_action);
  gtk_widget_class_install_action (widget_class, "win.next-picture", NULL, step_picture_action);
  gtk_widget_class_install_action (widget_class, "win.encode", NULL, encode_action);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel_action);
  gtk_widget_class_install_action (widget_class, "win.undo", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "win.redo", NULL, history_action);
  gtk_widget_class_install_action (widget_class, "win.reset-view", NULL, reset_view_action);
  gtk_widget_class_install_action (widget_class, "win.find-similar", NULL, find_similar_action);
  gtk_widget_class_install_action (widget_class, "win.keep-view", NULL, kept_view_action);
  gtk_widget_class_install_action (widget_class, "win.next-view", NULL, kept_view_action);
  gtk_widget_class_install_action (widget_class, "win.previous-view", NULL, kept_view_action);
  gtk_widget_class_install_action (widget_class, "win.opacity-up", NULL, opacity_action);
  gtk_widget_class_install_action (widget_class, "win.opacity-down", NULL, opacity_action);
  gtk_widget_class_install_action (widget_class, "win.show-map", NULL, show_map_action);
  gtk_widget_class_install_action (widget_class, "win.choose-model", NULL, choose_model_action);
  gtk_widget_class_install_action (widget_class, "win.get-model", NULL, get_model_action);
  gtk_widget_class_install_action (widget_class, "win.embed-folder", NULL, embed_folder_action);
  gtk_widget_class_install_action (widget_class, "win.choose-model-folder", NULL, get_model_action);
  dinoscope_window_class_presentation_init (widget_class);
  dinoscope_window_class_sandbox_init (widget_class);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_action (widget_class, "win.leave-fullscreen", NULL, fullscreen_action);
  gtk_widget_class_install_property_action (widget_class, "win.show-panel", "panel-visible");
  gtk_widget_class_install_property_action (widget_class, "win.show-strip", "strip-visible");
  for (gsize i = 0; i < G_N_ELEMENTS (steps); i++)
    gtk_widget_class_install_action (widget_class, steps[i], NULL, step_parameter_action);
  for (gsize i = 0; i < G_N_ELEMENTS (view_actions); i++)
    gtk_widget_class_install_action (widget_class, view_actions[i], NULL, view_action);
  bind_keys (widget_class);
  dinoscope_window_class_compare_init (widget_class);
}

void
dinoscope_window_update_actions (DinoscopeWindow *self)
{
  GtkWidget            *widget = GTK_WIDGET (self);
  DinoscopePageEncoding encoding = self->page != NULL ? dinoscope_page_get_encoding (self->page) : DINOSCOPE_PAGE_ENCODING_NONE;
  gboolean              shown = self->page != NULL && dinoscope_page_get_study (self->page) != NULL;
  gboolean              back = FALSE, on = FALSE;

  if (self->page != NULL)
    g_object_get (self->page, "can-go-back", &back, "can-go-on", &on, NULL);
  gtk_widget_action_set_enabled (widget, "win.show-panel", self->page != NULL);
  gtk_widget_action_set_enabled (widget, "win.show-strip", self->page != NULL);
  gtk_widget_action_set_enabled (widget, "win.show-map", self->page != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->map_button), self->page != NULL);
  gtk_widget_action_set_enabled (widget, "win.export", dinoscope_window_can_export (self));
  gtk_widget_action_set_enabled (widget, "win.print", dinoscope_window_can_export (self));
  gtk_widget_action_set_enabled (widget, "win.copy", dinoscope_window_can_export (self));
  gtk_widget_action_set_enabled (widget, "win.previous-picture", back);
  gtk_widget_action_set_enabled (widget, "win.next-picture", on);
  dinoscope_window_offer_folder (self);
  gtk_widget_action_set_enabled (widget, "win.encode", encoding == DINOSCOPE_PAGE_ENCODING_CANCELLED || encoding == DINOSCOPE_PAGE_ENCODING_FAILED);
  gtk_widget_action_set_enabled (widget, "win.cancel", encoding == DINOSCOPE_PAGE_ENCODING_RUNNING);
  gtk_widget_action_set_enabled (widget, "win.undo", shown && dinoscope_history_can_undo (dinoscope_page_get_history (self->page)));
  gtk_widget_action_set_enabled (widget, "win.redo", shown && dinoscope_history_can_redo (dinoscope_page_get_history (self->page)));
  gtk_widget_action_set_enabled (widget, "win.reset-view", shown);
  gtk_widget_action_set_enabled (widget, "win.keep-view", shown);
  gtk_widget_action_set_enabled (widget, "win.leave-fullscreen", self->presenting || gtk_window_is_fullscreen (GTK_WINDOW (self)) || dinoscope_window_has_slides (self));
  gtk_widget_action_set_enabled (widget, "win.presentation", self->presenting || shown);
  for (gsize i = 0; i < G_N_ELEMENTS (view_actions); i++)
    gtk_widget_action_set_enabled (widget, view_actions[i], shown);
  dinoscope_window_update_teaching_actions (self);
  dinoscope_window_update_compare (self);
  dinoscope_window_update_scatter (self);
}
