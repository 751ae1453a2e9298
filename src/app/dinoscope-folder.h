#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Files of a folder, read anew each time. */

/* The files of a folder in the natural order of their names, hidden ones left
 * out, and always besides, which may be NULL, whatever it is. Blocking.
 * (transfer full) (element-type GFile) */
GPtrArray *dinoscope_folder_list (GFile *folder, GFile *always, GCancellable *cancellable, GError **error);

/* Puts files in that order. */
void dinoscope_folder_sort (GPtrArray *files);

/* The pictures beside a picture: in natural order of their names, hidden
 * files left out, recognised by content. The folder is read on a
 * thread of GIO; only candidates next to the picture are looked into. */

void dinoscope_folder_find_neighbours_async (GFile *file, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/* *previous and *next (transfer full) are NULL at the ends of the folder. A
 * file that is not local has no neighbours. */
gboolean dinoscope_folder_find_neighbours_finish (GAsyncResult *result, GFile **previous, GFile **next, GError **error);

G_END_DECLS
