/* DinoscopeWindow: what is seen as a file or on the clipboard. */
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

#include "app/dinoscope-window-private.h"
#include "engine/dinoscope-paths-private.h"
#include "render/write.h"

/* Where the canvas looks, and what is marked; the references are the caller's. */
static void
get_layout (DinoscopePage *page, DinoscopeSidecarView *layout)
{
  layout->has_box = dinoscope_canvas_get_seen (dinoscope_page_get_canvas (page), &layout->box, &layout->turns, &layout->flipped);
  layout->marks = dinoscope_marks_dup_state (dinoscope_page_get_marks (page));
  layout->regions = dinoscope_regions_dup_state (dinoscope_page_get_regions (page));
}

/* The map with which the page's picture is shown; FALSE when there is none. */
gboolean
dinoscope_window_init_view (DinoscopeWindow *self, DinoscopeExportView *view)
{
  if (!dinoscope_window_can_export (self))
    return FALSE;
  *view = (DinoscopeExportView){
    .study = dinoscope_page_get_study (self->page),
    .has_display = !dinoscope_greys_is_default (dinoscope_page_get_greys (self->page)),
    .display = *dinoscope_greys_get_display (dinoscope_page_get_greys (self->page)),
    .inverted = dinoscope_greys_get_inverted (dinoscope_page_get_greys (self->page)),
    .features = dinoscope_page_get_features (self->page),
    .map = dinoscope_page_get_map (self->page),
    .overlay = dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (self->settings)),
    /* As this view has them: one of several has a scale in common, and parameters of its own. */
    .parameters = dinoscope_page_dup_values (self->page),
  };
  dinoscope_page_get_style (self->page, &view->style);
  get_layout (self->page, &view->layout);
  if (dinoscope_page_get_guest_map (self->page) != NULL)
    {
      view->overlay = DINOSCOPE_SWEEP_OVERLAY;
      g_clear_pointer (&view->parameters, g_variant_unref);
      view->parameters = g_variant_ref (dinoscope_page_get_guest_parameters (self->page));
    }
  return TRUE;
}

void
dinoscope_window_clear_view (DinoscopeExportView *view)
{
  g_clear_pointer (&view->parameters, g_variant_unref);
  g_clear_pointer (&view->layout.marks, g_variant_unref);
  g_clear_pointer (&view->layout.regions, g_variant_unref);
}

/* What is exported is what is seen: not a map that is switched off. */
gboolean
dinoscope_window_can_export (DinoscopeWindow *self)
{
  gboolean visible;

  g_object_get (self->settings, "map-visible", &visible, NULL);
  return visible && self->page != NULL && dinoscope_page_get_features (self->page) != NULL && dinoscope_page_get_map (self->page) != NULL &&
         dinoscope_page_is_map_current (self->page);
}

typedef struct
{
  DinoscopeWindow *window;
  GFile           *file;
} Export;

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Export *export = user_data;
  g_autoptr (DinoscopeWindow) self = export->window;
  g_autoptr (GFile)           file = export->file;
  g_autofree char            *path = g_file_get_path (file);
  g_autofree char            *sidecar = dinoscope_sidecar_path (path);
  g_autoptr (GFile)           sidecar_file = g_file_new_for_path (sidecar);
  g_autofree char            *name = dinoscope_display_base (file);
  g_autofree char            *sidecar_name = dinoscope_display_base (sidecar_file);
  g_autofree char            *text = NULL;
  g_autoptr (GError)          error = NULL;

  g_free (export);
  if (!dinoscope_exporter_write_finish (result, &error))
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  text = g_strdup_printf (_ ("“%s” is written, and “%s” beside it."), name, sidecar_name);
  dinoscope_window_tell (self, text);
}

/* Whatever its name: a link leads to the same file. */
static gboolean
is_same_file (const char *path, GFile *file)
{
  g_autofree char *other = file != NULL ? g_file_get_path (file) : NULL;
  GStatBuf         a, b;

  return other != NULL && g_stat (path, &a) == 0 && g_stat (other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

/* Tells why path cannot be written; TRUE when it can. */
static gboolean
check_path (DinoscopeWindow *self, const char *path, DinoscopeExportFlags flags)
{
  enum dino_export_format format;
  gboolean                tokens = (flags & DINOSCOPE_EXPORT_OUTPUT) != 0;

  if (path == NULL)
    dinoscope_window_tell (self, _ ("The picture can be written to a folder of this computer only."));
  else if (tokens && !g_str_has_suffix (path, ".npy") && !g_str_has_suffix (path, ".safetensors"))
    dinoscope_window_tell (self, _ ("The name must end in .npy or .safetensors, which is the format."));
  else if (!tokens && !dino_export_format_of (path, &format))
    dinoscope_window_tell (self, _ ("The name must end in .png, .svg, .pdf, .npy or .csv, which is the format."));
  else if (!tokens && (format == DINO_EXPORT_AS_DICOM) != ((flags & DINOSCOPE_EXPORT_DICOM) != 0))
    dinoscope_window_tell (self, _ ("The name must end in .dcm for a DICOM secondary capture, and for nothing else."));
  else if (is_same_file (path, dinoscope_study_get_file (dinoscope_page_get_study (self->page))))
    dinoscope_window_tell (self, _ ("The radiograph itself is not overwritten. Please choose another name."));
  else
    return TRUE;
  return FALSE;
}

void
dinoscope_window_export_to (DinoscopeWindow *self, GFile *file, DinoscopeExportFlags flags)
{
  g_autofree char    *path = g_file_get_path (file);
  DinoscopeExportView view;
  Export *export;

  g_return_if_fail (DINOSCOPE_IS_WINDOW (self));

  if (!dinoscope_window_can_export (self) || !check_path (self, path, flags) || !dinoscope_window_init_view (self, &view))
    return;
  view.layout.bar = (flags & DINOSCOPE_EXPORT_BAR) != 0;
  view.layout.part = (flags & DINOSCOPE_EXPORT_VISIBLE) != 0 && view.layout.has_box;
  export = g_new (Export, 1);
  export->window = g_object_ref (self);
  export->file = g_object_ref (file);
  dinoscope_exporter_write_async (dinoscope_session_get_exporter (self->session), &view, (flags & DINOSCOPE_EXPORT_OUTPUT) != 0 ? DINOSCOPE_EXPORT_TOKENS : DINOSCOPE_EXPORT_SEEN, path, written_cb, export);
  dinoscope_window_clear_view (&view);
}

static DinoscopeExportFlags
get_flags (const DinoscopeExportChoice *choice)
{
  DinoscopeExportFlags flags = DINOSCOPE_EXPORT_PLAIN;

  if (choice->kind == DINOSCOPE_EXPORT_TOKENS)
    return DINOSCOPE_EXPORT_OUTPUT;
  if (g_str_equal (choice->suffix, ".dcm"))
    flags |= DINOSCOPE_EXPORT_DICOM;
  if (choice->bar)
    flags |= DINOSCOPE_EXPORT_BAR;
  if (choice->part)
    flags |= DINOSCOPE_EXPORT_VISIBLE;
  return flags;
}

/* A name without the ending of the format gets it, unless that is another file. */
static GFile *
complete_name (DinoscopeWindow *self, GFile *file)
{
  g_autofree char  *path = g_file_get_path (file);
  g_autofree char  *complete = NULL;
  g_autoptr (GFile) named = NULL;

  if (path == NULL || g_str_has_suffix (path, self->export_choice.suffix))
    return g_object_ref (file);
  complete = g_strconcat (path, self->export_choice.suffix, NULL);
  named = g_file_new_for_path (complete);
  if (!g_file_query_exists (named, NULL))
    return g_steal_pointer (&named);
  dinoscope_window_tell (self, _ ("A file of that name is there already. Please give the whole name, with its ending."));
  return NULL;
}

static void
export_chosen_cb (DinoscopeWindow *self, int response)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
      g_autoptr (GFile) complete = complete_name (self, file);

      if (complete != NULL)
        dinoscope_window_export_to (self, complete, get_flags (&self->export_choice));
    }
  g_clear_object (&self->chooser);
}

/* "chest-01.png" and PCA: "chest-01-pca.png". A title's commas and blanks become one dash. */
static char *
suggest_name (DinoscopeWindow *self)
{
  g_autofree char *title = dinoscope_study_dup_title (dinoscope_page_get_study (self->page));
  const char      *point = strrchr (title, '.');
  int              length = point != NULL && point != title ? (int) (point - title) : (int) strlen (title);
  g_autofree char *stem = g_strdup_printf ("%.*s", length, title);

  if (g_str_equal (dinoscope_study_get_picture (dinoscope_page_get_study (self->page))->format, "DICOM"))
    {
      g_auto (GStrv) words = g_strsplit_set (stem, " ,/\\", -1);
      GString       *joined = g_string_new (NULL);

      for (guint i = 0; words[i] != NULL; i++)
        if (*words[i] != '\0')
          g_string_append_printf (joined, "%s%s", joined->len > 0 ? "-" : "", words[i]);
      g_free (stem);
      stem = g_string_free (joined, FALSE);
    }
  if (self->export_choice.kind == DINOSCOPE_EXPORT_TOKENS)
    return g_strdup_printf ("%s-tokens%s", stem, self->export_choice.suffix);
  return g_strdup_printf ("%s-%s%s", stem, dinoscope_overlay_provider_get_id (dinoscope_overlay_settings_get_provider (self->settings)), self->export_choice.suffix);
}

static void
dialog_chosen_cb (DinoscopeWindow *self, DinoscopeExportDialog *dialog)
{
  g_autofree char *name = NULL;

  if (self->chooser != NULL || !dinoscope_window_can_export (self))
    return;
  dinoscope_export_dialog_get_choice (dialog, &self->export_choice);
  self->chooser = gtk_file_chooser_native_new (_ ("Export"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _ ("_Export"), _ ("_Cancel"));
  name = suggest_name (self);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (export_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

void
dinoscope_window_choose_export (DinoscopeWindow *self)
{
  DinoscopeExportDialog *dialog;
  struct dino_box        box;
  int                    turns;
  gboolean               flipped;

  if (self->chooser != NULL || !dinoscope_window_can_export (self))
    return;
  dialog = dinoscope_export_dialog_new (GTK_WINDOW (self), dinoscope_canvas_get_seen (dinoscope_page_get_canvas (self->page), &box, &turns, &flipped));
  g_signal_connect_object (dialog, "chosen", G_CALLBACK (dialog_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
composed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (DinoscopeWindow) self = user_data;
  g_autoptr (GError)          error = NULL;
  g_autoptr (GdkTexture)      texture = dinoscope_exporter_compose_finish (result, &error);

  if (texture == NULL)
    {
      dinoscope_window_tell (self, error->message);
      return;
    }
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (GTK_WIDGET (self)), texture);
  dinoscope_window_tell (self, _ ("The picture is on the clipboard."));
}

void
dinoscope_window_copy (DinoscopeWindow *self)
{
  DinoscopeExportView view;

  if (!dinoscope_window_init_view (self, &view))
    return;
  dinoscope_exporter_compose_async (dinoscope_session_get_exporter (self->session), &view, composed_cb, g_object_ref (self));
  dinoscope_window_clear_view (&view);
}
