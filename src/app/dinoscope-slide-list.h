#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* One sidecar of a sequence. */
typedef struct
{
  GFile *file;
  GFile *picture; /* its radiograph in the folder of the sidecar; NULL: not found there */
  char  *title;   /* the name of the file without ".json", to be shown */
  char  *problem; /* why it cannot be read, NULL: it can */

  /* private: which radiograph is looked for */
  char *pixels_sha256;
  char *grey_sha256;
} DinoscopeSlide;

/* Reads sidecars, in natural order of their names; of one alone those beside it
 * as well. What is chosen by name and cannot be read stays as a slide with a
 * problem; files of a folder that are not ours are passed over. Radiographs are
 * known by what they hold: the first few hundred pictures of each folder are
 * read for it, as they lie there. Runs on a thread of GIO. */
void dinoscope_slide_list_load_async (GListModel *files, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* *first is the slide of the first file that was named. (transfer full) (element-type DinoscopeSlide) */
GPtrArray *dinoscope_slide_list_load_finish (GAsyncResult *result, guint *first, GError **error);

G_END_DECLS
