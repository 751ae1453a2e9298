#include "app/dinoscope-window-private.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-menu.h"

enum
{
  PROP_PANEL_VISIBLE = 1,
  PROP_COMPARE_LINKED,
  PROP_COMPARE_SLIDER,
  PROP_GUESS_FIRST,
  PROP_STRIP_VISIBLE,
  PROP_NEIGHBORS_VISIBLE,
  N_PROPS
};

G_DEFINE_FINAL_TYPE (DinoscopeWindow, dinoscope_window, ADW_TYPE_APPLICATION_WINDOW)

static GParamSpec *properties[N_PROPS];

static void
update_title (DinoscopeWindow *self)
{
  g_autofree char *model = self->page != NULL ? dinoscope_page_describe_model (self->page) : dinoscope_session_describe_model (self->session);
  const char      *title = self->page != NULL ? dinoscope_page_get_title (self->page) : _ ("Dinoscope");

  adw_window_title_set_title (self->window_title, title);
  adw_window_title_set_subtitle (self->window_title, model);
  gtk_label_set_text (self->model_label, model);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->window_title), title);
  gtk_window_set_title (GTK_WINDOW (self), title);
}

static void
message_cb (DinoscopeWindow *self, const char *text)
{
  dinoscope_window_tell (self, text);
}

/* Without a picture there is nothing that the panel could be about. */
static void
update_panel (DinoscopeWindow *self)
{
  dinoscope_window_update_presentation (self);
}

static void
update_strip (DinoscopeWindow *self)
{
  dinoscope_window_update_presentation (self);
}

/* The flap closes itself when it is folded and a person swipes or clicks beside it. */
static void
flap_revealed_cb (DinoscopeWindow *self)
{
  if (self->page != NULL && !self->presenting)
    g_object_set (self, "panel-visible", adw_flap_get_reveal_flap (self->flap), NULL);
}

/* In a narrow window the panel folds away by itself, which is nobody's wish. */
static void
keep_panel_visible (DinoscopeWindow *self)
{
  if (!adw_flap_get_folded (self->flap))
    g_settings_set_boolean (self->preferences, "show-panel", self->panel_visible);
}

static void
set_page (DinoscopeWindow *self, DinoscopePage *page)
{
  if (!g_set_object (&self->page, page))
    return;
  g_signal_group_set_target (self->page_signals, page);
  g_signal_group_set_target (self->history_signals, page != NULL ? dinoscope_page_get_history (page) : NULL);
  dinoscope_panel_set_page (self->panel, page);
  dinoscope_strip_set_page (self->strip, page);
  dinoscope_neighbor_pane_set_page (self->neighbor_pane, page);
  dinoscope_status_line_set_page (self->status_line, page);
  gtk_stack_set_visible_child_name (self->stack, page != NULL ? "pages" : "empty");
  update_title (self);
  update_panel (self);
  update_strip (self);
  dinoscope_window_update_actions (self);
}

DinoscopeBoard *
dinoscope_window_get_board (AdwTabPage *tab)
{
  return DINOSCOPE_BOARD (adw_tab_page_get_child (tab));
}

static void
current_page_cb (DinoscopeWindow *self)
{
  set_page (self, dinoscope_board_get_current (self->board));
}

static void
set_board (DinoscopeWindow *self, DinoscopeBoard *board)
{
  if (self->board == board)
    return;
  if (self->board != NULL)
    dinoscope_board_set_active (self->board, FALSE);
  g_set_object (&self->board, board);
  g_signal_group_set_target (self->board_signals, board);
  set_page (self, board != NULL ? dinoscope_board_get_current (board) : NULL);
  if (board != NULL)
    dinoscope_board_set_active (board, TRUE);
}

static void
selected_page_cb (DinoscopeWindow *self)
{
  AdwTabPage *tab;

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;
  tab = adw_tab_view_get_selected_page (self->tab_view);
  set_board (self, tab != NULL ? dinoscope_window_get_board (tab) : NULL);
}

static gboolean
close_page_cb (DinoscopeWindow *self, AdwTabPage *tab)
{
  dinoscope_board_close (dinoscope_window_get_board (tab));
  adw_tab_view_close_page_finish (self->tab_view, tab, TRUE);
  return GDK_EVENT_STOP;
}

static gboolean
is_in_panel (DinoscopeWindow *self, GtkWidget *widget)
{
  return widget != NULL && gtk_widget_is_ancestor (widget, GTK_WIDGET (self->panel));
}

/* Keys work on the picture at once, unless somebody is busy in the panel or the tour. */
static void
page_shown_cb (DinoscopeWindow *self)
{
  DinoscopeStudy *study = self->page != NULL ? dinoscope_page_get_study (self->page) : NULL;
  GtkWidget      *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (study != NULL && dinoscope_study_get_file (study) != NULL)
    dinoscope_recent_list_add (dinoscope_study_get_file (study), dinoscope_study_get_picture (study)->format);
  if (study != NULL && !is_in_panel (self, focus) && !dinoscope_window_is_in_tour (self, focus))
    gtk_widget_grab_focus (GTK_WIDGET (self->page));
  dinoscope_window_update_actions (self);
}

/* A tab may come from another window: this one's values are its values now. */
static void
page_attached_cb (DinoscopeWindow *self, AdwTabPage *tab)
{
  dinoscope_board_set_settings (dinoscope_window_get_board (tab), self->settings, self->preparation);
  dinoscope_window_apply_compare (self);
}

/* A tab that is dragged out of the window. */
static AdwTabView *
create_window_cb (DinoscopeWindow *self)
{
  AdwApplication  *application = ADW_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  DinoscopeWindow *window = dinoscope_window_new (application, self->session, self->preferences);

  gtk_window_present (GTK_WINDOW (window));
  return window->tab_view;
}

DinoscopePage *
dinoscope_window_add_page (DinoscopeWindow *self)
{
  DinoscopePage  *page = dinoscope_page_new (self->session);
  DinoscopeBoard *board = dinoscope_board_new (page);
  AdwTabPage     *tab = adw_tab_view_append (self->tab_view, GTK_WIDGET (board));

  g_object_bind_property (board, "title", tab, "title", G_BINDING_SYNC_CREATE);
  return page;
}

AdwTabPage *
dinoscope_window_find_tab (DinoscopeWindow *self, DinoscopePage *page)
{
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    {
      AdwTabPage *tab = adw_tab_view_get_nth_page (self->tab_view, i);

      if (dinoscope_board_has_page (dinoscope_window_get_board (tab), page))
        return tab;
    }
  return NULL;
}

/* The banner. */

static void
show_banner (DinoscopeWindow *self, const char *text, gboolean offer)
{
  gtk_label_set_text (self->banner_label, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->banner_label), text);
  gtk_widget_set_visible (self->banner_help, offer);
  gtk_revealer_set_reveal_child (self->banner, TRUE);
}

/* What is wrong with the encoder, and what with its precision, a line each. */
static char *
describe_problems (DinoscopeWindow *self)
{
  const char *problem = dinoscope_session_get_problem (self->session);
  const char *precision = dinoscope_session_get_precision_problem (self->session);

  if (problem == NULL || precision == NULL)
    return g_strdup (problem != NULL ? problem : precision);
  return g_strdup_printf ("%s\n%s", problem, precision);
}

static void
update_banner (DinoscopeWindow *self)
{
  g_autofree char *problems = describe_problems (self);

  if (problems != NULL)
    show_banner (self, problems, FALSE);
  else if (dinoscope_session_get_model (self->session) != NULL &&
           dinoscope_session_get_model_source (self->session) == DINOSCOPE_MODEL_SOURCE_DEMONSTRATION &&
           g_settings_get_boolean (self->preferences, "offer-rad-dino"))
    show_banner (self, dinoscope_window_model_offer (), TRUE);
  else
    gtk_revealer_set_reveal_child (self->banner, FALSE);
}

static void
banner_closed_cb (DinoscopeWindow *self)
{
  gtk_revealer_set_reveal_child (self->banner, FALSE);
  if (gtk_widget_get_visible (self->banner_help))
    g_settings_set_boolean (self->preferences, "offer-rad-dino", FALSE);
}

static void
model_changed_cb (DinoscopeWindow *self)
{
  dinoscope_overlay_settings_set_model (self->settings, dinoscope_session_get_model (self->session));
  update_title (self);
  update_banner (self);
  dinoscope_window_update_actions (self);
}

static void
switch_failed_cb (DinoscopeWindow *self, const char *message)
{
  g_autofree char *text = g_strdup_printf (_ ("The encoder was not changed. %s"), message);

  show_banner (self, text, FALSE);
}

static void
problem_changed_cb (DinoscopeWindow *self)
{
  update_title (self);
  update_banner (self);
}

static void
fullscreened_cb (DinoscopeWindow *self)
{
  dinoscope_window_update_presentation (self);
  dinoscope_window_update_actions (self);
}

static void
recent_chosen_cb (DinoscopeWindow *self, GFile *file)
{
  gtk_popover_popdown (self->recent_popover);
  dinoscope_window_open_files (self, &file, 1);
}

static void
provider_changed_cb (DinoscopeWindow *self)
{
  DinoscopeOverlayProvider *provider = dinoscope_overlay_settings_get_provider (self->settings);

  /* The tour's choice is not the person's. */
  if (provider != NULL && !dinoscope_tour_is_running (self->tour))
    g_settings_set_string (self->preferences, "overlay", dinoscope_overlay_provider_get_id (provider));
}

static void
restore_overlay (DinoscopeWindow *self)
{
  g_autofree char                     *start = g_settings_get_string (self->preferences, "start-overlay");
  g_autofree char                     *last = g_settings_get_string (self->preferences, "overlay");
  g_autoptr (DinoscopeOverlayProvider) provider = dinoscope_overlays_find (*start != '\0' ? start : last);

  if (provider != NULL)
    dinoscope_overlay_settings_set_provider (self->settings, provider);
}

static void
colormap_changed_cb (DinoscopeWindow *self)
{
  g_autofree char *name = g_settings_get_string (self->preferences, "colormap");

  dinoscope_overlay_settings_set_colormap (self->settings, dino_colormap_find (name));
}

static void
dinoscope_window_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (object);

  switch (id)
    {
    case PROP_PANEL_VISIBLE:
      g_value_set_boolean (value, self->panel_visible);
      break;
    case PROP_COMPARE_LINKED:
      g_value_set_boolean (value, self->compare_linked);
      break;
    case PROP_COMPARE_SLIDER:
      g_value_set_boolean (value, self->compare_slider);
      break;
    case PROP_GUESS_FIRST:
      g_value_set_boolean (value, self->guess_first);
      break;
    case PROP_STRIP_VISIBLE:
      g_value_set_boolean (value, self->strip_visible);
      break;
    case PROP_NEIGHBORS_VISIBLE:
      g_value_set_boolean (value, self->neighbors_visible);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dinoscope_window_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (object);

  switch (id)
    {
    case PROP_PANEL_VISIBLE:
      if (self->panel_visible != g_value_get_boolean (value))
        {
          self->panel_visible = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
          update_panel (self);
        }
      break;
    case PROP_COMPARE_LINKED:
    case PROP_COMPARE_SLIDER:
      *(id == PROP_COMPARE_LINKED ? &self->compare_linked : &self->compare_slider) = g_value_get_boolean (value);
      dinoscope_window_apply_compare (self);
      g_object_notify_by_pspec (object, pspec);
      break;
    case PROP_GUESS_FIRST:
      if (self->guess_first != g_value_get_boolean (value))
        {
          self->guess_first = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    case PROP_STRIP_VISIBLE:
      if (self->strip_visible != g_value_get_boolean (value))
        {
          self->strip_visible = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
          update_strip (self);
        }
      break;
    case PROP_NEIGHBORS_VISIBLE:
      if (self->neighbors_visible != g_value_get_boolean (value))
        {
          self->neighbors_visible = g_value_get_boolean (value);
          g_object_notify_by_pspec (object, pspec);
          dinoscope_window_update_presentation (self);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
close_boards (DinoscopeWindow *self)
{
  if (self->tab_view == NULL)
    return;
  for (int i = 0; i < adw_tab_view_get_n_pages (self->tab_view); i++)
    dinoscope_board_close (dinoscope_window_get_board (adw_tab_view_get_nth_page (self->tab_view, i)));
}

static void
dinoscope_window_dispose (GObject *object)
{
  DinoscopeWindow *self = DINOSCOPE_WINDOW (object);

  close_boards (self);
  dinoscope_window_teaching_dispose (self);
  dinoscope_window_scatter_dispose (self);
  dinoscope_window_neighbors_dispose (self);
  g_clear_object (&self->board_signals);
  g_clear_object (&self->page_signals);
  g_clear_object (&self->history_signals);
  g_clear_object (&self->page);
  g_clear_object (&self->board);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->sidecar, dinoscope_sidecar_free);
  g_clear_pointer (&self->recent_before, g_hash_table_unref);
  if (self->primary_menu != NULL)
    dinoscope_menu_clear (self->primary_menu);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_WINDOW);
  g_clear_object (&self->session);
  g_clear_object (&self->settings);
  g_clear_object (&self->preparation);
  g_clear_object (&self->preferences);

  G_OBJECT_CLASS (dinoscope_window_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-window.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, header_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, window_title);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, map_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, banner);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, banner_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, banner_help);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, folder_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, tab_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, tab_view);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, primary_menu);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, compare_tabs);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, toast_overlay);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, flap);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, panel);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, strip);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, status_line);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, model_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, recent_list);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, recent_popover);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeWindow, leave_fullscreen);
  gtk_widget_class_bind_template_callback (widget_class, selected_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_page_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_attached_cb);
  gtk_widget_class_bind_template_callback (widget_class, create_window_cb);
  gtk_widget_class_bind_template_callback (widget_class, banner_closed_cb);
  gtk_widget_class_bind_template_callback (widget_class, fullscreened_cb);
  gtk_widget_class_bind_template_callback (widget_class, recent_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, flap_revealed_cb);
}

static void
dinoscope_window_class_init (DinoscopeWindowClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = dinoscope_window_get_property;
  object_class->set_property = dinoscope_window_set_property;
  object_class->dispose = dinoscope_window_dispose;

  properties[PROP_PANEL_VISIBLE] = g_param_spec_boolean ("panel-visible", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_COMPARE_LINKED] = g_param_spec_boolean ("compare-linked", NULL, NULL, TRUE,
                                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_COMPARE_SLIDER] = g_param_spec_boolean ("compare-slider", NULL, NULL, FALSE,
                                                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_GUESS_FIRST] = g_param_spec_boolean ("guess-first", NULL, NULL, FALSE,
                                                       G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_STRIP_VISIBLE] = g_param_spec_boolean ("strip-visible", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_NEIGHBORS_VISIBLE] = g_param_spec_boolean ("neighbors-visible", NULL, NULL, FALSE,
                                                             G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (DINOSCOPE_TYPE_PANEL);
  g_type_ensure (DINOSCOPE_TYPE_STRIP);
  g_type_ensure (DINOSCOPE_TYPE_STATUS_LINE);
  g_type_ensure (DINOSCOPE_TYPE_RECENT_LIST);
  bind_template (widget_class);
  dinoscope_window_class_actions_init (widget_class);
  dinoscope_window_class_teaching_init (widget_class);
  dinoscope_window_class_neighbors_init (widget_class);
}

static void
dinoscope_window_init (DinoscopeWindow *self)
{
  self->compare_linked = TRUE;
  self->settings = dinoscope_overlay_settings_new ();
  self->preparation = dinoscope_preparation_settings_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  self->board_signals = g_signal_group_new (DINOSCOPE_TYPE_BOARD);
  g_signal_group_connect_swapped (self->board_signals, "notify::current", G_CALLBACK (current_page_cb), self);
  g_signal_group_connect_swapped (self->board_signals, "notify::n-pages", G_CALLBACK (dinoscope_window_update_actions), self);
  self->page_signals = g_signal_group_new (DINOSCOPE_TYPE_PAGE);
  g_signal_group_connect_swapped (self->page_signals, "message", G_CALLBACK (message_cb), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::title", G_CALLBACK (update_title), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::study", G_CALLBACK (page_shown_cb), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::can-go-back", G_CALLBACK (dinoscope_window_update_actions), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::can-go-on", G_CALLBACK (dinoscope_window_update_actions), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::map", G_CALLBACK (dinoscope_window_update_actions), self);
  g_signal_group_connect_swapped (self->page_signals, "notify::encoding", G_CALLBACK (dinoscope_window_update_actions), self);
  self->history_signals = g_signal_group_new (DINOSCOPE_TYPE_HISTORY);
  g_signal_group_connect_swapped (self->history_signals, "changed", G_CALLBACK (dinoscope_window_update_actions), self);
  dinoscope_window_accept_drops (self);
  dinoscope_window_offer_model (self);
  dinoscope_window_neighbors_init (self);
}

DinoscopeWindow *
dinoscope_window_new (AdwApplication *application, DinoscopeSession *session, GSettings *preferences)
{
  DinoscopeWindow *self;

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (session), NULL);

  self = g_object_new (DINOSCOPE_TYPE_WINDOW, "application", application, NULL);
  self->session = g_object_ref (session);
  self->preferences = g_object_ref (preferences);
  restore_overlay (self);
  dinoscope_panel_set_settings (self->panel, self->settings);
  dinoscope_panel_set_preparation (self->panel, self->preparation);
  dinoscope_strip_set_settings (self->strip, self->settings);
  g_settings_bind (preferences, "show-strip", self, "strip-visible", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "strip-of-blocks", self->strip, "of-blocks", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "strip-shared-scale", self->strip, "shared-scale", G_SETTINGS_BIND_DEFAULT);
  g_object_bind_property (self->settings, "map-visible", self->map_button, "active", G_BINDING_SYNC_CREATE | G_BINDING_BIDIRECTIONAL);
  g_object_set (self, "panel-visible", g_settings_get_boolean (preferences, "show-panel"), NULL);
  g_signal_connect_object (self, "notify::panel-visible", G_CALLBACK (keep_panel_visible), self, G_CONNECT_SWAPPED);
  g_settings_bind (preferences, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (preferences, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_object (self->settings, "notify::map-visible", G_CALLBACK (dinoscope_window_update_actions), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->settings, "notify::provider", G_CALLBACK (provider_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (model_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::problem", G_CALLBACK (problem_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::precision-problem", G_CALLBACK (update_banner), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "switch-failed", G_CALLBACK (switch_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (preferences, "changed::colormap", G_CALLBACK (colormap_changed_cb), self, G_CONNECT_SWAPPED);
  colormap_changed_cb (self);
  dinoscope_window_teaching_init (self);
  dinoscope_window_index_init (self);
  dinoscope_window_watch_plugins (self);
  model_changed_cb (self);
  return self;
}

DinoscopePage *
dinoscope_window_get_page (DinoscopeWindow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (self), NULL);

  return self->page;
}

guint
dinoscope_window_get_n_pages (DinoscopeWindow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (self), 0);

  return (guint) adw_tab_view_get_n_pages (self->tab_view);
}

DinoscopeOverlaySettings *
dinoscope_window_get_settings (DinoscopeWindow *self)
{
  g_return_val_if_fail (DINOSCOPE_IS_WINDOW (self), NULL);

  return self->settings;
}

void
dinoscope_window_tell (DinoscopeWindow *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  adw_toast_overlay_add_toast (self->toast_overlay, adw_toast_new (escaped));
}
