#include "app/dinoscope-folder-question.h"

#include <glib/gi18n-lib.h>

/* Of a window: the chooser that stands over it. A native dialog belongs to
 * whoever made it, not to its parent. */
#define CHOOSER_KEY "dinoscope-folder-question"

typedef struct
{
  DinoscopeFolderQuestionFunc chosen;
} Question;

static void
response_cb (GtkNativeDialog *chooser, int response, gpointer user_data)
{
  DinoscopeFolderQuestionFunc chosen = ((const Question *) user_data)->chosen;
  GtkWindow                  *window = gtk_native_dialog_get_transient_for (chooser);
  g_autoptr (GFile)           folder = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser)) : NULL;

  /* Its window is gone. */
  if (window == NULL)
    return;
  g_object_set_data (G_OBJECT (window), CHOOSER_KEY, NULL);
  if (folder != NULL)
    chosen (window, folder);
}

static void
question_free (gpointer data, GClosure *closure)
{
  g_free (data);
}

void
dinoscope_folder_question_ask (GtkWindow *window, const char *title, DinoscopeFolderQuestionFunc chosen)
{
  GtkFileChooserNative *chooser;
  Question             *question;

  if (g_object_get_data (G_OBJECT (window), CHOOSER_KEY) != NULL)
    return;
  chooser = gtk_file_chooser_native_new (title, window, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _ ("_Choose"), NULL);
  g_object_set_data_full (G_OBJECT (window), CHOOSER_KEY, chooser, g_object_unref);
  question = g_new0 (Question, 1);
  question->chosen = chosen;
  g_signal_connect_data (chooser, "response", G_CALLBACK (response_cb), question, question_free, G_CONNECT_DEFAULT);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
