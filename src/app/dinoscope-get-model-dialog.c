#include "app/dinoscope-get-model-dialog.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-dialog.h"
#include "app/dinoscope-folder-question.h"
#include "app/dinoscope-model-fetch.h"
#include "core/model/published.h"
#include "engine/dinoscope-model-finder-private.h"

struct _DinoscopeGetModelDialog
{
  AdwWindow parent_instance;

  DinoscopeSession *session;
  DinoscopeChild   *fetch;   /* NULL when none runs */
  gint64            started; /* monotonic time of the first bytes */
  guint64           first;   /* and how many there were */

  GtkStack            *stack;
  AdwPreferencesGroup *facts;
  GtkLabel            *kept_label;
  GtkProgressBar      *progress_bar;
  GtkLabel            *message_label;
  GtkWidget           *folder_button;
  GtkWidget           *download_button;
  GtkWidget           *cancel_button;
  GtkWidget           *retry_button;
};

G_DEFINE_FINAL_TYPE (DinoscopeGetModelDialog, dinoscope_get_model_dialog, ADW_TYPE_WINDOW)

static void
show_page (DinoscopeGetModelDialog *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->folder_button, !g_str_equal (name, "running"));
  gtk_widget_set_visible (self->download_button, g_str_equal (name, "offer"));
  gtk_widget_set_visible (self->cancel_button, g_str_equal (name, "running"));
  gtk_widget_set_visible (self->retry_button, g_str_equal (name, "failed"));
}

static void
progress_cb (DinoscopeGetModelDialog *self, guint64 done, guint64 total)
{
  gint64           now = g_get_monotonic_time ();
  g_autofree char *there = g_format_size (done);
  g_autofree char *all = g_format_size (total);
  g_autofree char *text = NULL;

  if (self->started == 0)
    {
      self->started = now;
      self->first = done;
    }
  if (now - self->started > G_USEC_PER_SEC)
    {
      g_autofree char *rate = g_format_size ((guint64) ((double) (done - self->first) * G_USEC_PER_SEC / (double) (now - self->started)));

      text = g_strdup_printf (_ ("%s of %s, %s/s"), there, all, rate);
    }
  else
    {
      text = g_strdup_printf (_ ("%s of %s"), there, all);
    }
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
  gtk_progress_bar_set_text (self->progress_bar, text);
}

static void
use_model (DinoscopeGetModelDialog *self)
{
  g_autofree char *path = dinoscope_model_fetch_dup_target ();

  dinoscope_session_switch_model (self->session, path, "rad-dino", DINOSCOPE_MODEL_SOURCE_DATA);
  gtk_window_close (GTK_WINDOW (self));
}

static void
show_failure (DinoscopeGetModelDialog *self, const char *message)
{
  gtk_label_set_text (self->message_label, message);
  show_page (self, "failed");
  gtk_widget_grab_focus (self->retry_button);
}

static void
finished_cb (DinoscopeGetModelDialog *self, int code, const char *message)
{
  g_clear_object (&self->fetch);
  if (code == 0)
    {
      use_model (self);
      return;
    }
  if (code != DINOSCOPE_CHILD_STOPPED)
    {
      show_failure (self, message);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->kept_label), TRUE);
  show_page (self, "offer");
  gtk_widget_grab_focus (self->download_button);
}

static void
download_cb (DinoscopeGetModelDialog *self)
{
  g_autoptr (GError) error = NULL;

  if (self->fetch != NULL)
    return;
  self->fetch = dinoscope_model_fetch_start (&error);
  if (self->fetch == NULL)
    {
      show_failure (self, error->message);
      return;
    }
  self->started = 0;
  gtk_label_set_text (self->message_label, "");
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_progress_bar_set_text (self->progress_bar, _ ("Connecting…"));
  g_signal_connect_object (self->fetch, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->fetch, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  show_page (self, "running");
  gtk_widget_grab_focus (self->cancel_button);
}

static void
cancel_cb (DinoscopeGetModelDialog *self)
{
  if (self->fetch != NULL)
    dinoscope_child_cancel (self->fetch);
}

void
dinoscope_get_model_dialog_choose (DinoscopeGetModelDialog *self, GFile *folder)
{
  g_autofree char *chosen = g_file_get_path (folder);
  g_autofree char *path = chosen != NULL ? dinoscope_model_enter (chosen) : NULL;

  g_return_if_fail (DINOSCOPE_IS_GET_MODEL_DIALOG (self));

  if (path == NULL)
    {
      show_failure (self, _ ("The folder is not on this computer."));
      return;
    }
  dinoscope_session_switch_model (self->session, path, path, DINOSCOPE_MODEL_SOURCE_SETTING);
  gtk_window_close (GTK_WINDOW (self));
}

static void
folder_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_get_model_dialog_choose (DINOSCOPE_GET_MODEL_DIALOG (window), folder);
}

static void
choose_folder_cb (DinoscopeGetModelDialog *self)
{
  dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose the Encoder’s Folder"), folder_cb);
}

static void
dinoscope_get_model_dialog_dispose (GObject *object)
{
  DinoscopeGetModelDialog *self = DINOSCOPE_GET_MODEL_DIALOG (object);

  if (self->fetch != NULL)
    dinoscope_child_cancel (self->fetch);
  g_clear_object (&self->fetch);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_GET_MODEL_DIALOG);

  G_OBJECT_CLASS (dinoscope_get_model_dialog_parent_class)->dispose (object);
}

static void
dinoscope_get_model_dialog_class_init (DinoscopeGetModelDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = dinoscope_get_model_dialog_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-get-model-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, facts);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, kept_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, folder_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, download_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeGetModelDialog, retry_button);
  gtk_widget_class_bind_template_callback (widget_class, download_cb);
  gtk_widget_class_bind_template_callback (widget_class, cancel_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_folder_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
add_fact (DinoscopeGetModelDialog *self, const char *title, const char *value)
{
  GtkWidget       *row = adw_action_row_new ();
  g_autofree char *escaped = g_markup_escape_text (value, -1);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
  adw_preferences_group_add (self->facts, row);
}

static void
dinoscope_get_model_dialog_init (DinoscopeGetModelDialog *self)
{
  const struct dino_published_model *published = dino_published_find ("rad-dino");
  g_autofree char                   *source = dinoscope_model_fetch_dup_source ();
  g_autofree char                   *target = dinoscope_model_fetch_dup_target ();
  g_autofree char                   *size = NULL;
  guint64                            total = 0;

  gtk_widget_init_template (GTK_WIDGET (self));
  for (gsize i = 0; i < published->n_files; i++)
    total += published->files[i].needed ? (guint64) published->files[i].size : 0;
  size = g_format_size (total);
  add_fact (self, _ ("What"), _ ("RAD-DINO, the encoder for chest radiographs by Microsoft: its configuration and weights"));
  add_fact (self, _ ("From"), source);
  add_fact (self, _ ("Size"), size);
  add_fact (self, _ ("Licence"), _ ("MIT. Its model card says: for research only, not for clinical use."));
  add_fact (self, _ ("To"), target);
}

DinoscopeGetModelDialog *
dinoscope_get_model_dialog_show (GtkWindow *parent, DinoscopeSession *session, gboolean network)
{
  DinoscopeGetModelDialog *self;

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (session), NULL);

  self = g_object_new (DINOSCOPE_TYPE_GET_MODEL_DIALOG, "modal", TRUE, NULL);
  dinoscope_dialog_set_parent (GTK_WINDOW (self), parent);
  self->session = g_object_ref (session);
  show_page (self, network ? "offer" : "closed");
  if (!network)
    gtk_window_set_focus (GTK_WINDOW (self), self->folder_button);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

const char *
dinoscope_get_model_dialog_get_page (DinoscopeGetModelDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
dinoscope_get_model_dialog_get_message (DinoscopeGetModelDialog *self)
{
  return gtk_label_get_text (self->message_label);
}
