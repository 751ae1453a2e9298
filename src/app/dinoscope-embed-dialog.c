#include "app/dinoscope-embed-dialog.h"

#include <glib/gi18n-lib.h>

#include "app/dinoscope-child.h"
#include "app/dinoscope-dialog.h"
#include "app/dinoscope-folder-question.h"
#include "engine/dinoscope-paths-private.h"

/* Exit code of dinoscope-cli(1): done, but for some inputs. */
#define EXIT_SOME_FAILED 1

/* Lines of a long list of complaints that are shown. */
#define MAX_MESSAGES 6

struct _DinoscopeEmbedDialog
{
  AdwWindow parent_instance;

  DinoscopeSession *session;
  GFile            *pictures;
  GFile            *output;
  gboolean          output_chosen; /* by a person; else it follows pictures */
  DinoscopeChild   *child;         /* NULL when none runs */
  char             *complaints;    /* what the child said */
  GCancellable     *cancellable;   /* of opening the result */
  gint64            started;       /* monotonic time of the first progress */
  guint64           first;         /* and how many were done then */

  GtkStack       *stack;
  AdwActionRow   *pictures_row;
  AdwActionRow   *output_row;
  AdwActionRow   *model_row;
  GtkWidget      *pictures_button;
  GtkWidget      *output_button;
  GtkSwitch      *patches_switch;
  GtkWidget      *kept_label;
  GtkLabel       *running_label;
  GtkProgressBar *progress_bar;
  GtkLabel       *message_label;
  GtkWidget      *stop_button;
  GtkWidget      *back_button;
  GtkWidget      *show_button;
  GtkWidget      *start_button;
};

G_DEFINE_FINAL_TYPE (DinoscopeEmbedDialog, dinoscope_embed_dialog, ADW_TYPE_WINDOW)

/* result: the message page tells of something that can be shown. */
static void
show_page (DinoscopeEmbedDialog *self, const char *name, gboolean result)
{
  const gboolean is_message = g_str_equal (name, "message");

  gtk_stack_set_visible_child_name (self->stack, name);
  gtk_widget_set_visible (self->start_button, g_str_equal (name, "choose"));
  gtk_widget_set_visible (self->stop_button, g_str_equal (name, "running"));
  gtk_widget_set_visible (self->back_button, is_message);
  gtk_widget_set_visible (self->show_button, is_message && result);
}

static void
show_message (DinoscopeEmbedDialog *self, const char *message, gboolean result)
{
  gtk_label_set_text (self->message_label, message);
  show_page (self, "message", result);
  gtk_widget_grab_focus (result ? self->show_button : self->back_button);
}

/* As a path where there is one. */
static char *
display_place (GFile *folder)
{
  const char      *path = g_file_peek_path (folder);
  g_autofree char *name = path == NULL ? g_file_get_parse_name (folder) : NULL;

  return dinoscope_display_name (path != NULL ? path : name);
}

static void
update_rows (DinoscopeEmbedDialog *self)
{
  g_autofree char *pictures = self->pictures != NULL ? display_place (self->pictures) : NULL;
  g_autofree char *output = self->output != NULL ? display_place (self->output) : NULL;
  g_autofree char *pictures_text = pictures != NULL ? g_markup_escape_text (pictures, -1) : NULL;
  g_autofree char *output_text = output != NULL ? g_markup_escape_text (output, -1) : NULL;

  if (pictures_text != NULL)
    adw_action_row_set_subtitle (self->pictures_row, pictures_text);
  if (output_text != NULL)
    adw_action_row_set_subtitle (self->output_row, output_text);
  gtk_widget_set_sensitive (self->start_button, self->pictures != NULL && self->output != NULL && dinoscope_session_get_model (self->session) != NULL);
}

static void
update_model (DinoscopeEmbedDialog *self)
{
  g_autofree char *model = dinoscope_session_describe_model (self->session);
  g_autofree char *text = g_markup_escape_text (model, -1);

  adw_action_row_set_subtitle (self->model_row, text);
  update_rows (self);
}

void
dinoscope_embed_dialog_set_pictures (DinoscopeEmbedDialog *self, GFile *folder)
{
  g_return_if_fail (DINOSCOPE_IS_EMBED_DIALOG (self));

  g_set_object (&self->pictures, folder);
  if (!self->output_chosen)
    {
      g_autofree char  *name = g_file_get_basename (folder);
      g_autofree char  *beside = g_strconcat (name, "-embeddings", NULL);
      g_autoptr (GFile) parent = g_file_get_parent (folder);

      g_clear_object (&self->output);
      self->output = parent != NULL ? g_file_get_child (parent, beside) : NULL;
    }
  update_rows (self);
}

void
dinoscope_embed_dialog_set_output (DinoscopeEmbedDialog *self, GFile *folder)
{
  g_return_if_fail (DINOSCOPE_IS_EMBED_DIALOG (self));

  g_set_object (&self->output, folder);
  self->output_chosen = TRUE;
  update_rows (self);
}

static void
pictures_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_embed_dialog_set_pictures (DINOSCOPE_EMBED_DIALOG (window), folder);
}

static void
output_cb (GtkWindow *window, GFile *folder)
{
  dinoscope_embed_dialog_set_output (DINOSCOPE_EMBED_DIALOG (window), folder);
}

static void
choose_pictures_cb (DinoscopeEmbedDialog *self)
{
  dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose a Folder of Pictures"), pictures_cb);
}

static void
choose_output_cb (DinoscopeEmbedDialog *self)
{
  dinoscope_folder_question_ask (GTK_WINDOW (self), _ ("Choose a Folder for the Embeddings"), output_cb);
}

/* "3 h 20 min left"; "" while the rate is not known. (transfer full) */
static char *
describe_rest (DinoscopeEmbedDialog *self, guint64 done, guint64 total)
{
  const double seconds = (double) (g_get_monotonic_time () - self->started) / G_USEC_PER_SEC;
  const double rate = seconds > 1 ? (double) (done - self->first) / seconds : 0;
  double       rest;

  if (rate <= 0)
    return g_strdup ("");
  rest = (double) (total - done) / rate;
  if (rest >= 3600)
    /* Translators: pictures a second, then hours and minutes. */
    return g_strdup_printf (_ (", %.2f a second, %u h %u min left"), rate, (guint) (rest / 3600), (guint) (rest / 60) % 60);
  if (rest >= 60)
    return g_strdup_printf (_ (", %.2f a second, %u min left"), rate, (guint) (rest / 60));
  return g_strdup_printf (_ (", %.2f a second, %u s left"), rate, (guint) rest);
}

static void
progress_cb (DinoscopeEmbedDialog *self, guint64 done, guint64 total)
{
  g_autofree char *rest = NULL;
  g_autofree char *text = NULL;

  if (self->started == 0)
    {
      self->started = g_get_monotonic_time ();
      self->first = done;
    }
  rest = describe_rest (self, done, total);
  /* Translators: pictures done, pictures in all, then the rate and the time left. */
  text = g_strdup_printf (_ ("%llu of %llu%s"), (unsigned long long) done, (unsigned long long) total, rest);
  gtk_progress_bar_set_fraction (self->progress_bar, (double) done / (double) total);
  gtk_progress_bar_set_text (self->progress_bar, text);
}

/* The last of them: many pictures may have failed before the reason to stop. (transfer full) */
static char *
shorten (const char *messages)
{
  g_auto (GStrv) lines = g_strsplit (messages, "\n", -1);
  const guint    n = g_strv_length (lines);

  return g_strjoinv ("\n", lines + (n > MAX_MESSAGES ? n - MAX_MESSAGES : 0));
}

static char *
describe_result (DinoscopeCollection *collection)
{
  const gsize      n = dinoscope_collection_get_n_rows (collection);
  const gsize      n_failed = dino_table_n_rows (dino_embeddings_table (dinoscope_collection_get_embeddings (collection))) - n;
  g_autofree char *failed = NULL;
  g_autofree char *embedded = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu picture is embedded.", "%zu pictures are embedded.", n), n);

  if (n_failed == 0)
    return g_steal_pointer (&embedded);
  failed = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%zu could not be read; table.tsv in the folder says why.", "%zu could not be read; table.tsv in the folder says why.", n_failed), n_failed);
  return g_strdup_printf ("%s\n%s", embedded, failed);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeEmbedDialog) self = user_data;
  g_autoptr (GError)               error = NULL;
  g_autoptr (DinoscopeCollection)  collection = dinoscope_collection_open_finish (result, &error);
  g_autofree char                 *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (collection == NULL)
    {
      text = shorten (self->complaints[0] != '\0' ? self->complaints : error->message);
      show_message (self, text, FALSE);
      return;
    }
  dinoscope_collection_set_pictures (collection, self->pictures);
  dinoscope_session_set_collection (self->session, collection);
  text = describe_result (collection);
  show_message (self, text, TRUE);
}

static void
finished_cb (DinoscopeEmbedDialog *self, int code, const char *message)
{
  g_autofree char *text = NULL;

  g_clear_object (&self->child);
  if (code == DINOSCOPE_CHILD_STOPPED)
    {
      gtk_widget_set_visible (self->kept_label, TRUE);
      show_page (self, "choose", FALSE);
      gtk_widget_grab_focus (self->start_button);
      return;
    }
  if (code != 0 && code != EXIT_SOME_FAILED)
    {
      text = shorten (message);
      show_message (self, text, FALSE);
      return;
    }
  g_free (self->complaints);
  self->complaints = g_strdup (message);
  dinoscope_collection_open_async (self->output, self->cancellable, opened_cb, g_object_ref (self));
}

static DinoscopeChild *
start_child (DinoscopeEmbedDialog *self, GError **error)
{
  DinoscopeModel       *model = dinoscope_session_get_model (self->session);
  g_autofree char      *pictures = g_file_get_path (self->pictures);
  g_autofree char      *output = g_file_get_path (self->output);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  if (pictures == NULL || output == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, _ ("The folder is not on this computer."));
      return NULL;
    }
  g_ptr_array_add (list, (gpointer) "embed");
  g_ptr_array_add (list, (gpointer) "--update");
  g_ptr_array_add (list, (gpointer) "--model");
  g_ptr_array_add (list, (gpointer) (dinoscope_model_is_demonstration (model) ? "demo" : dinoscope_model_get_path (model)));
  g_ptr_array_add (list, (gpointer) "--precision");
  g_ptr_array_add (list, (gpointer) dinoscope_model_get_precision (model));
  if (gtk_switch_get_active (self->patches_switch))
    {
      g_ptr_array_add (list, (gpointer) "--patches");
      g_ptr_array_add (list, (gpointer) "--dtype=f16");
    }
  g_ptr_array_add (list, (gpointer) "-o");
  g_ptr_array_add (list, output);
  g_ptr_array_add (list, pictures);
  g_ptr_array_add (list, NULL);
  return dinoscope_child_start ((const char *const *) list->pdata, error);
}

static void
start_cb (DinoscopeEmbedDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char   *name = NULL;
  g_autofree char   *text = NULL;

  if (self->child != NULL)
    return;
  self->child = start_child (self, &error);
  if (self->child == NULL)
    {
      show_message (self, error->message, FALSE);
      return;
    }
  name = display_place (self->pictures);
  text = g_strdup_printf (_ ("Embedding the pictures in %s. Closing this stops it; what is done is kept."), name);
  gtk_label_set_text (self->running_label, text);
  self->started = 0;
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_progress_bar_set_text (self->progress_bar, _ ("Loading the encoder…"));
  g_signal_connect_object (self->child, "progress", G_CALLBACK (progress_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->child, "finished", G_CALLBACK (finished_cb), self, G_CONNECT_SWAPPED);
  show_page (self, "running", FALSE);
  gtk_widget_grab_focus (self->stop_button);
}

static void
stop_cb (DinoscopeEmbedDialog *self)
{
  if (self->child != NULL)
    dinoscope_child_cancel (self->child);
}

static void
back_cb (DinoscopeEmbedDialog *self)
{
  gtk_widget_set_visible (self->kept_label, FALSE);
  show_page (self, "choose", FALSE);
}

static void
show_cb (DinoscopeEmbedDialog *self)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));

  gtk_widget_activate_action (GTK_WIDGET (parent), "win.show-scatter", NULL);
  gtk_window_close (GTK_WINDOW (self));
}

static void
dinoscope_embed_dialog_dispose (GObject *object)
{
  DinoscopeEmbedDialog *self = DINOSCOPE_EMBED_DIALOG (object);

  stop_cb (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->child);
  g_clear_object (&self->pictures);
  g_clear_object (&self->output);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), DINOSCOPE_TYPE_EMBED_DIALOG);

  G_OBJECT_CLASS (dinoscope_embed_dialog_parent_class)->dispose (object);
}

static void
dinoscope_embed_dialog_finalize (GObject *object)
{
  DinoscopeEmbedDialog *self = DINOSCOPE_EMBED_DIALOG (object);

  g_free (self->complaints);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (dinoscope_embed_dialog_parent_class)->finalize (object);
}

static void
dinoscope_embed_dialog_class_init (DinoscopeEmbedDialogClass *klass)
{
  GObjectClass   *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = dinoscope_embed_dialog_dispose;
  object_class->finalize = dinoscope_embed_dialog_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/dinoscope/Dinoscope/dinoscope-embed-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, pictures_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, output_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, model_row);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, pictures_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, output_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, patches_switch);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, kept_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, running_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, message_label);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, stop_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, show_button);
  gtk_widget_class_bind_template_child (widget_class, DinoscopeEmbedDialog, start_button);
  gtk_widget_class_bind_template_callback (widget_class, choose_pictures_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_output_cb);
  gtk_widget_class_bind_template_callback (widget_class, start_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_cb);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
}

static void
dinoscope_embed_dialog_init (DinoscopeEmbedDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

/* The one that parent has already. */
static DinoscopeEmbedDialog *
find_dialog (GtkWindow *parent)
{
  GListModel *toplevels = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (toplevels); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (toplevels, i);

      if (DINOSCOPE_IS_EMBED_DIALOG (window) && gtk_window_get_transient_for (window) == parent)
        return DINOSCOPE_EMBED_DIALOG (window);
    }
  return NULL;
}

DinoscopeEmbedDialog *
dinoscope_embed_dialog_show (GtkWindow *parent, DinoscopeSession *session)
{
  DinoscopeEmbedDialog *self = find_dialog (parent);

  g_return_val_if_fail (DINOSCOPE_IS_SESSION (session), NULL);

  if (self != NULL)
    {
      gtk_window_present (GTK_WINDOW (self));
      return self;
    }
  self = g_object_new (DINOSCOPE_TYPE_EMBED_DIALOG, NULL);
  dinoscope_dialog_set_parent (GTK_WINDOW (self), parent);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::model", G_CALLBACK (update_model), self, G_CONNECT_SWAPPED);
  update_model (self);
  show_page (self, "choose", FALSE);
  gtk_window_present (GTK_WINDOW (self));
  return self;
}

const char *
dinoscope_embed_dialog_get_page (DinoscopeEmbedDialog *self)
{
  return gtk_stack_get_visible_child_name (self->stack);
}

const char *
dinoscope_embed_dialog_get_message (DinoscopeEmbedDialog *self)
{
  return gtk_label_get_text (self->message_label);
}
