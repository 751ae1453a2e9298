#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_THUMBNAILS (dinoscope_thumbnails_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeThumbnails, dinoscope_thumbnails, DINOSCOPE, THUMBNAILS, GObject)

/* Small pictures of files, made on two threads, the last asked for first, and
 * kept in memory while there is room: never on disk, since they are of patients. */

/* Of at most side pixels. */
DinoscopeThumbnails *dinoscope_thumbnails_new (int side);

/* Called on the main loop; texture is NULL when the file cannot be shown. */
typedef void (*DinoscopeThumbnailFunc) (GFile *file, GdkTexture *texture, gpointer user_data);

/* What is there at once; NULL: not yet. (transfer none) */
GdkTexture *dinoscope_thumbnails_lookup (DinoscopeThumbnails *self, GFile *file);

/* Asks for one. cancellable ends the interest: func is not called afterwards,
 * and a file that was not begun is left alone. */
void dinoscope_thumbnails_request (DinoscopeThumbnails *self, GFile *file, GCancellable *cancellable, DinoscopeThumbnailFunc func, gpointer user_data);

G_END_DECLS
