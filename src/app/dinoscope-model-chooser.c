#include "app/dinoscope-model-chooser.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-dialog.h"
#include "app/dinoscope-folder-question.h"
#include "app/dinoscope-get-model-dialog.h"
#include "app/dinoscope-model-row.h"
#include "app/dinoscope-sandbox.h"
#include "engine/dinoscope-model-finder-private.h"

struct _DinoscopeModelChooser
{
  AdwWindow parent_instance;

  DinoscopeSession *session;
  GSettings        *preferences;
  GCancellable     *cancellable; /* of the list on its way */
  GPtrArray        *rows;        /* DinoscopeModelRow, which the group owns */

  GtkRevealer         *problem;
  GtkLabel            *problem_label;
  AdwPreferencesGroup *models;
  AdwPreferencesGroup *more;
  GtkWidget           *get_row;
};

G_DEFINE_FINAL_TYPE (DinoscopeModelChooser, dinoscope_model_chooser, ADW_TYPE_WINDOW)

static void
hide_problem (DinoscopeModelChooser *self)
{
  gtk_revealer_set_reveal_child (self->problem, FALSE);
}

/* The row of what is loaded, or about to be. */
static void
mark_rows (DinoscopeModelChooser *self)
{
  DinoscopeModel *model = dinoscope_session_get_model (self->session);
  const char     *loading = dinoscope_session_get_loading (self->session);
  const char     *path = loading != NULL ? loading : model != NULL ? dinoscope_model_get_path (model)
                                                                   : NULL;

  for (guint i = 0; i < self->rows->len; i++)
    {
      const char *own = dinoscope_found_model_get_path (dinoscope_model_row_get_model (self->rows->pdata[i]));

      if (g_strcmp0 (own, path) == 0)
        dinoscope_model_row_set_selected (self->rows->pdata[i], TRUE);
      dinoscope_model_row_set_loading (self->rows->pdata[i], g_strcmp0 (own, loading) == 0);
    }
}

static void
chosen_cb (DinoscopeModelChooser *self, DinoscopeModelRow *row)
{
  DinoscopeFoundModel *model = dinoscope_model_row_get_model (row);

  hide_problem (self);
  dinoscope_session_switch_model (self->session, dinoscope_found_model_get_path (model),
                                  dinoscope_found_model_get_name (model), dinoscope_found_model_get_source (model));
}

static void
remove_rows (DinoscopeModelChooser *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (self->models, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
show_models (DinoscopeModelChooser *self, GListModel *models)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  gboolean   had_focus = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->models));

  remove_rows (self);
  for (guint i = 0; i < g_list_model_get_n_items (models); i++)
    {
      g_autoptr (DinoscopeFoundModel) model = g_list_model_get_item (models, i);
      DinoscopeModelRow              *row = dinoscope_model_row_new (model, i > 0 ? self->rows->pdata[0] : NULL);

      g_signal_connect_object (row, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
      adw_preferences_group_add (self->models, GTK_WIDGET (row));
      g_ptr_array_add (self->rows, row);
    }
  mark_rows (self);
  for (guint i = 0; had_focus && i < self->rows->len; i++)
    if (dinoscope_model_row_get_selected (self->rows->pdata[i]))
      gtk_widget_grab_focus (self->rows->pdata[i]);
}

static void
list_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GWeakRef                         *chooser = user_data;
  g_autoptr (DinoscopeModelChooser) self = g_weak_ref_get (chooser);
  g_autoptr (GListModel)            models = dinoscope_engine_list_models_finish (DINOSCOPE_ENGINE (source), result, NULL);

  g_weak_ref_clear (chooser);
  g_free (chooser);
  if (models != NULL && self != NULL && self->cancellable != NULL && !g_cancellable_is_cancelled (self->cancellable))
    show_models (self, models);
}

static void
stop_listing (DinoscopeModelChooser *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

void
dinoscope_model_chooser_reload (DinoscopeModelChooser *self)
{
  DinoscopeModel  *model;
  GWeakRef        *chooser;
  g_autofree char *setting = NULL;

  g_return_if_fail (DINOSCOPE_IS_MODEL_CHOOSER (self));

  stop_listing (self);
  self->cancellable = g_cancellable_new ();
  /* A closed window must not outlive its parent for the sake of a list. */
  chooser = g_new0 (GWeakRef, 1);
  g_weak_ref_init (chooser, self);
  model = dinoscope_session_get_model (self->session);
  setting = g_settings_get_string (self->preferences, "model");
  dinoscope_engine_list_models_async (dinoscope_session_get_engine (self->session), model != NULL ? dinoscope_model_get_path (model) : NULL,
                                      setting, self->cancellable, list_cb, chooser);
}

static void
switch_failed_cb (DinoscopeModelChooser *self, const char *message)
{
  gtk_label_set_text (self->problem_label, message);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->problem_label), message);
  gtk_revealer_set_reveal_child (self->problem, TRUE);
  dinoscope_model_chooser_reload (self);
}

void
dinoscope_model_chooser_choose (DinoscopeModelChooser *self, GFile *folder)
{
  g_autofree char *chosen = g_file_get_path (folder);
  g_autofree char *path = chosen != NULL ? dinoscope_model_enter (chosen) : NULL;

  g_return_if_fail (DINOSCOPE_IS_MODEL_CHOOSER (self));

  hide_problem (self);
  if (path == NULL)
    switch_failed_cb (self, _ ("The folder is not on this computer."));
  else
    dinoscope_session_switch_model (self->session, path, path, DINOSCOPE_MODEL_SOURCE_SETTING);
}

static void
folder_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_model_chooser_choose (DINOSCOPE_MODEL_CHOOSER (window), folder);
}

static void
choose_folder_cb (DinoscopeModelChooser *self)
{
  dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose the Encoder’s Folder"), folder_cb);
}

static void
get_model_cb (DinoscopeModelChooser *self)
{
  dinoscope_get_model_dialog_show (GTK_WINDOW (self), self->session, TRUE);
}

static void
dinoscope_model_chooser_dispose (GObject *object)
{
  DinoscopeModelChooser *self = DINOSCOPE_MODEL_CHOOSER (object);

  stop_listing (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_MODEL_CHOOSER);
  g_clear_object (&self->session);
  g_clear_object (&self->preferences);

  G_OBJECT_CLASS (dinoscope_model_chooser_parent_class)->dispose (object);
}

static void
dinoscope_model_chooser_class_init (DinoscopeModelChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_model_chooser_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-model-chooser.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeModelChooser, problem);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeModelChooser, problem_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeModelChooser, models);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeModelChooser, more);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeModelChooser, get_row);
  gtk_widget_class_bind_template_callback (widget_class, choose_folder_cb);
  gtk_widget_class_bind_template_callback (widget_class, get_model_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
dinoscope_model_chooser_init (DinoscopeModelChooser *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_visible (self->get_row, dinoscope_sandbox_has_network ());
  if (!dinoscope_sandbox_sees_home ())
    adw_preferences_group_set_description (self->more, _ ("Dinoscope runs in a sandbox: encoders elsewhere on this computer, such as those in the Hugging Face cache, are not seen until their folder is chosen."));
}

static DinoscopeModelChooser *
find_chooser (GtkWindow *parent)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) other = g_list_model_get_item (toplevels, i);

      /* The list keeps it alive. */
      if (DINOSCOPE_IS_MODEL_CHOOSER (other) && gtk_window_get_transient_for (other) == parent)
        return DINOSCOPE_MODEL_CHOOSER (other);
    }
  return NULL;
}

void
dinoscope_model_chooser_show (GtkWindow *parent, DinoscopeSession *session, GSettings *preferences)
{
  DinoscopeModelChooser *self = find_chooser (parent);

  g_return_if_fail (DINOSCOPE_IS_SESSION (session));

  if (self == NULL)
    {
      self = g_object_new (DINOSCOPE_TYPE_MODEL_CHOOSER, NULL);
      dinoscope_dialog_set_parent (GTK_WINDOW (self), parent);
      self->session = g_object_ref (session);
      self->preferences = g_object_ref (preferences);
      g_signal_connect_object (session, "notify::loading", G_CALLBACK (mark_rows), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::model", G_CALLBACK (dinoscope_model_chooser_reload), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "switch-failed", G_CALLBACK (switch_failed_cb), self, G_CONNECT_SWAPPED);
    }
  dinoscope_model_chooser_reload (self);
  gtk_window_present (GTK_WINDOW (self));
}
