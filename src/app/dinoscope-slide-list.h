#pragma once

#include "app/dinoscope-picture-search.h"

G_BEGIN_DECLS

/* One sidecar of a sequence. */
typedef struct
{
  GFile                  *file;
  DinoscopeWantedPicture *picture; /* its radiograph, looked for in the folder of the sidecar; NULL with a problem */
  char                   *title;   /* the name of the file without ".json", to be shown */
  char                   *problem; /* why it cannot be read, NULL: it can */
} DinoscopeSlide;

/* Reads sidecars, in natural order of their names; of one alone those beside it
 * as well. What is chosen by name and cannot be read stays as a slide with a
 * problem; files of a folder that are not ours are passed over. Radiographs are
 * known by what they hold: the first few hundred pictures of each folder are
 * read for it, as they lie there. Runs on a thread of GIO. */
void dinoscope_slide_list_load_async (GListModel *files, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* *first is where to begin: with the file that was named alone, else with the first. (transfer full) (element-type DinoscopeSlide) */
GPtrArray *dinoscope_slide_list_load_finish (GAsyncResult *result, guint *first, GError **error);

G_END_DECLS
